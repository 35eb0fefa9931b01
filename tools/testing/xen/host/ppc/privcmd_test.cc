// SPDX-License-Identifier: GPL-2.0
/* The calls of user space: numbers pass, pointers never do. */
#include "calls_glue.h"
#include "calls_rig.hh"

namespace {

using namespace xen::ppc;
using host::Calls;
using host::einval;
using host::enosys;
using host::eopnotsupp;

TEST_F(Calls, privcmd_passes_numbers_and_no_pointers)
{
	constexpr u64 poison = 0xdeadbeef000;

	always(7);
	for (unsigned int call = 0; call < 70; ++call)
		for (unsigned int op = 0; op < 40; ++op)
			if (privcmd_call(call, op, poison, poison, poison, poison) == 7) {
				for (std::size_t i = 1; i < xen.calls.back().arg.size(); ++i)
					EXPECT_NE(xen.calls.back().arg[i], poison)
						<< call << " " << op;
			}
	/* yield, version, pagesize, maximum_ram_page; the others check their number. */
	EXPECT_EQ(xen.calls.size(), 4U);
	EXPECT_EQ(privcmd_call(24, 3, 1, poison, poison, poison), 7);
	EXPECT_EQ(xen.calls.back().arg[1], 1U);
	EXPECT_EQ(privcmd_call(24, 3, poison, 0, 0, 0), einval);
	EXPECT_EQ(privcmd_call(21, 0, 3, 0, 0, 0), 7);
	EXPECT_EQ(privcmd_call(21, 0, poison, 0, 0, 0), einval);
	EXPECT_EQ(privcmd_call(36, poison, 0, 0, 0, 0), eopnotsupp);
	EXPECT_EQ(privcmd_call(20, 0, poison, 1, 0, 0), eopnotsupp);
	EXPECT_EQ(privcmd_call(13, poison, 1, 0, 0, 0), eopnotsupp);
	EXPECT_EQ(privcmd_call(13, 0, 0, 0, 0, 0), eopnotsupp);
	EXPECT_EQ(privcmd_call(34, 0, poison, 1, 0, 0), enosys);
}

} // namespace
