// SPDX-License-Identifier: GPL-2.0
/* What Linux learns of the hypervisor's version and features, and of its own parameters. */
#include "abi/version.hh"
#include "calls_glue.h"
#include "calls_rig.hh"
#include "fake_boot.hh"

namespace {

using namespace xen::ppc;
using host::Calls;
using host::einval;
using host::enosys;
using host::kernel;
using host::Trapped;
using host::Xen;
using xen::Be;

class Version : public Calls {
protected:
	/** bits - what Linux learns when Xen says @says or refuses with @status */
	u32 bits(u32 says, s64 status)
	{
		FeatureInfo info{};

		xen.answer = [says, status](const Trapped &call) {
			auto seen = Xen::get<FeatureInfo>(call.arg[1]);

			seen.submap.store(says);
			Xen::put(call.arg[1], seen);
			return status;
		};
		EXPECT_EQ(HYPERVISOR_xen_version(6, &info), 0);
		return info.submap.load();
	}
};

TEST_F(Version, domains_are_auto_translated_for_linux)
{
	EXPECT_EQ(bits(0x1, 0), 0x5U);
	EXPECT_EQ(bits(0x5, 0), 0x5U);
	EXPECT_TRUE(kernel.refusals.empty());
}

TEST_F(Version, without_an_answer_linux_carries_on)
{
	EXPECT_EQ(bits(0xffffffff, -14), 0x4U);
	ASSERT_EQ(kernel.refusals.size(), 1U);
	EXPECT_EQ(kernel.refusals[0].op, "get_features");
}

TEST_F(Version, further_feature_words_do_not_exist)
{
	FeatureInfo info{};

	info.submap_idx.store(1);
	EXPECT_EQ(HYPERVISOR_xen_version(6, &info), einval);
	EXPECT_TRUE(xen.calls.empty());
}

TEST_F(Version, parameters_come_from_the_device_tree)
{
	struct {
		Be<u16> domid, pad;
		Be<u32> index;
		Be<u64> value;
	} param{};
	const auto ask = [&param](u32 index) {
		param.index.store(index);
		param.value.store(~u64{0});
		EXPECT_EQ(HYPERVISOR_hvm_op(1, &param), 0U);
		return param.value.load();
	};

	for (const u32 index : {1U, 2U, 17U, 18U})
		EXPECT_EQ(ask(index), 0U) << "dom0 has none: " << index;
	host::boot_facts.store_page = xen::PhysAddr{0x3ffd000};
	host::boot_facts.store_port = xen::Port{5};
	host::boot_facts.console_page = xen::PhysAddr{0x3ffe000};
	host::boot_facts.console_port = xen::Port{6};
	EXPECT_EQ(ask(1), 0x3ffdU);
	EXPECT_EQ(ask(2), 5U);
	EXPECT_EQ(ask(17), 0x3ffeU);
	EXPECT_EQ(ask(18), 6U);
	param.index.store(4);
	EXPECT_EQ(static_cast<long>(HYPERVISOR_hvm_op(1, &param)), einval);
	EXPECT_EQ(static_cast<long>(HYPERVISOR_hvm_op(0, &param)), enosys);
	EXPECT_TRUE(xen.calls.empty());
}

} // namespace
