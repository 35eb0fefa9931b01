// SPDX-License-Identifier: GPL-2.0
/* How many elements are behind a pointer, whatever a structure counts. */
#include "user_ops.hh"

namespace {

using namespace xen::ppc;
using namespace host;

INSTANTIATE_TEST_SUITE_P(Modes, UserCalls, ::testing::Bool(), mode_name);

TEST_P(UserCalls, maps_are_counted_in_bits)
{
	process.map(heap, 1);
	process.map(list, 2);

	auto op = domctl_of(DomctlOp::Getvcpuaffinity);
	auto &map = in<DomctlVcpuaffinity>(op).cpumap;

	map.bitmap.store(list + 4095);
	map.nr_cpus.store(9);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<Domctl>(made.arg[0]);

		Machine::write(in<DomctlVcpuaffinity>(seen).cpumap.bitmap.load(),
			       std::vector<u8>{0xff, 1});
		return s64{0};
	};
	EXPECT_EQ(call(domctl, heap), 0);
	EXPECT_EQ(process.get(list + 4095, 3), (std::vector<u8>{0xff, 1, 0}));
	map.nr_cpus.store(65537);
	process.store(heap, op);
	EXPECT_EQ(call(domctl, heap), e2big);
	map.bitmap.store(0);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<Domctl>(made.arg[0]);

		EXPECT_EQ(in<DomctlVcpuaffinity>(seen).cpumap.bitmap.load(), 0U);
		return s64{0};
	};
	EXPECT_EQ(call(domctl, heap), 0) << "no map is wanted";
}

TEST_P(UserCalls, pointers_that_a_command_does_not_look_at_are_not_looked_at)
{
	process.map(heap, 1);

	auto op = sysctl_of(SysctlOp::TbufOp);
	auto &args = in<SysctlTbufOp>(op);

	args.cpu_mask.bitmap.store(0x12345);
	args.cpu_mask.nr_cpus.store(~0U);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<Sysctl>(made.arg[0]);

		EXPECT_EQ(in<SysctlTbufOp>(seen).cpu_mask.bitmap.load(), 0U);
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), 0);
	EXPECT_EQ(process.get(heap, sizeof op),
		  std::vector<u8>(reinterpret_cast<u8 *>(&op),
				  reinterpret_cast<u8 *>(&op) + sizeof op));
	args.cmd.store(1);
	process.store(heap, op);
	EXPECT_EQ(call(sysctl, heap), e2big);
	args.cpu_mask.nr_cpus.store(8);
	process.store(heap, op);
	EXPECT_EQ(call(sysctl, heap), efault);
}

TEST_P(UserCalls, the_highest_index_is_one_less_than_the_elements)
{
	process.map(heap, 1);
	process.map(list, 1);

	auto op = sysctl_of(SysctlOp::Physinfo);

	in<SysctlPhysinfo>(op).max_cpu_id.store(3);
	in<SysctlPhysinfo>(op).cpu_to_node.store(list + 4096 - 16);
	process.store(heap, op);
	EXPECT_EQ(call(sysctl, heap), 0);
	in<SysctlPhysinfo>(op).max_cpu_id.store(4);
	process.store(heap, op);
	EXPECT_EQ(call(sysctl, heap), efault) << "the fifth is in a hole";
	in<SysctlPhysinfo>(op).max_cpu_id.store(~0U);
	process.store(heap, op);
	EXPECT_EQ(call(sysctl, heap), e2big);
	in<SysctlPhysinfo>(op).cpu_to_node.store(0);
	process.store(heap, op);
	EXPECT_EQ(call(sysctl, heap), 0);
}

/* It has no field for the room, so that it is asked, and asking resets nothing. */
TEST_P(UserCalls, performance_counters_are_asked_for_their_number_first)
{
	process.map(heap, 1);
	process.map(list, 4);

	auto op = sysctl_of(SysctlOp::PerfcOp);
	auto &args = in<SysctlPerfcOp>(op);

	args.cmd.store(1);
	args.nr_counters.store(~0U);
	args.desc.store(list);
	args.val.store(list + 12288);
	process.store(heap, op);
	xen.answer = [this](const Arrived &made) {
		auto seen = Machine::get<Sysctl>(made.arg[0]);
		auto &wanted = in<SysctlPerfcOp>(seen);

		if (xen.calls.size() == 1) {
			EXPECT_EQ(wanted.cmd.load(), 2U);
			EXPECT_EQ(wanted.desc.load() | wanted.val.load(), 0U);
		} else {
			EXPECT_EQ(wanted.cmd.load(), 1U);
			Machine::write(wanted.desc.load(), std::vector<u8>(100 * 84, 1));
			Machine::write(wanted.val.load(), std::vector<u8>(300 * 4, 2));
		}
		wanted.nr_counters.store(100);
		wanted.nr_vals.store(300);
		Machine::put(made.arg[0], seen);
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), 0);
	EXPECT_EQ(xen.calls.size(), 2U);
	op = process.load<Sysctl>(heap);
	EXPECT_EQ(args.nr_counters.load(), 100U);
	EXPECT_EQ(args.desc.load(), list);
	EXPECT_EQ(args.val.load(), list + 12288);
	EXPECT_EQ(process.get(list + 8399, 2), (std::vector<u8>{1, 0}));
	EXPECT_EQ(process.get(list + 12288 + 1199, 2), (std::vector<u8>{2, 0}));

	xen.calls.clear();
	args.desc.store(0);
	args.val.store(0);
	process.store(heap, op);
	xen.answer = [](const Arrived &) {
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), 0);
	EXPECT_EQ(xen.calls.size(), 1U) << "only the sizes are wanted";
	args.desc.store(list);
	process.store(heap, op);
	xen.answer = [](const Arrived &) {
		return s64{-38};
	};
	EXPECT_EQ(call(sysctl, heap), enosys);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<Sysctl>(made.arg[0]);

		in<SysctlPerfcOp>(seen).nr_counters.store(~0U);
		Machine::put(made.arg[0], seen);
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), e2big) << "a hypervisor that wants too much room";
}

} // namespace
