// SPDX-License-Identifier: GPL-2.0
/*
 * PtegGuard on a kernel that may move its caller to another cpu wherever interrupts are on.
 *
 * The guard is compiled here with a PACA of its own behind r13: each access to r13 is one
 * instruction of the processor, and after any of them the thread may find itself on the
 * other cpu.  A lock must always hold the name of the cpu that works under it, else a
 * fault of that cpu waits for itself.
 */
#include <gtest/gtest.h>

#include <abi/wire.hh>

#include "layout.h"

namespace host {

using xen::ppc::u32;
using xen::ppc::u64;
using xen::ppc::u8;

struct Cpu {
	alignas(64) u8 paca[256];
};
static Cpu cpus[2];
static unsigned int here;     /* the cpu that runs the thread */
static unsigned int accesses; /* to r13 */
static unsigned int move_after;

static u32 name(unsigned int cpu)
{
	return static_cast<u32>(reinterpret_cast<u64>(cpus[cpu].paca));
}

/* Behind each instruction that named r13. */
static void may_be_preempted()
{
	if (++accesses == move_after && cpus[here].paca[XEN_PACA_SOFT_MASK] == 0)
		here = 1 - here;
}

static u8 *r13()
{
	u8 *const value = cpus[here].paca;

	may_be_preempted();
	return value;
}

} // namespace host

/* Instead of paca.hh. */
#define ARCH_POWERPC_XEN_PACA_HH
#define xen_local_paca host::r13()

namespace xen::ppc::paca {

template <class T> T load(unsigned int offset) noexcept
{
	const T value = *reinterpret_cast<const T *>(host::cpus[host::here].paca + offset);

	host::may_be_preempted();
	return value;
}

template <class T> void store(unsigned int offset, T value) noexcept
{
	*reinterpret_cast<T *>(host::cpus[host::here].paca + offset) = value;
	host::may_be_preempted();
}

inline u64 self() noexcept
{
	return reinterpret_cast<u64>(host::r13());
}

} // namespace xen::ppc::paca

#include "pteg_lock.hh"

namespace xen::ppc {

constinit PtegLockWord pteg_locks[nr_pteg_locks]{};

void pteg_lock_wait(PtegLockWord &, u32) noexcept
{
	ADD_FAILURE() << "nobody else has the lock";
}

void pteg_irqs_on() noexcept
{
	paca::store<u8>(XEN_PACA_SOFT_MASK, 0);
}

} // namespace xen::ppc

namespace {

using namespace host;

TEST(Migrate, a_lock_has_the_name_of_the_cpu_that_works)
{
	constexpr unsigned int more_than_there_are = 12;
	bool moved = false;

	for (move_after = 1; move_after < more_than_there_are; ++move_after) {
		here = accesses = 0;
		{
			const xen::ppc::PtegGuard guard{true, 0};

			EXPECT_EQ(xen::ppc::pteg_locks[0].owner, name(here)) << move_after;
			EXPECT_EQ(cpus[here].paca[XEN_PACA_SOFT_MASK], XEN_IRQS_ALL_DISABLED);
			EXPECT_EQ(cpus[1 - here].paca[XEN_PACA_SOFT_MASK], 0);
			moved |= here == 1;
		}
		EXPECT_EQ(xen::ppc::pteg_locks[0].owner, 0U);
		EXPECT_EQ(cpus[0].paca[XEN_PACA_SOFT_MASK], 0);
		EXPECT_EQ(cpus[1].paca[XEN_PACA_SOFT_MASK], 0);
	}
	EXPECT_TRUE(moved) << "or the test does not test";
}

} // namespace
