// SPDX-License-Identifier: GPL-2.0
/* What user space may ask a historical hypervisor for, and what only a younger one. */
#include <vector>

#include "abi/memory.hh"
#include "fake_boot.hh"
#include "user_ops.hh"

namespace {

using namespace xen::ppc;
using namespace host;
using xen::Be;

INSTANTIATE_TEST_SUITE_P(Modes, UserCalls, ::testing::Bool(), mode_name);

constexpr u64 other_list = list + 0x1000000;

MemoryReservation extents_of(u16 domain)
{
	MemoryReservation op{};

	op.extent_start.store(list);
	op.nr_extents.store(1);
	op.domid.store(domain);
	return op;
}

TranslateGpfnList frames_of(u16 domain)
{
	TranslateGpfnList op{};

	op.domid.store(domain);
	op.nr_gpfns.store(1);
	op.gpfn_list.store(list);
	op.mfn_list.store(other_list);
	return op;
}

/* Lists can be changed after a look at them: no frame in them makes the call harmless. */
TEST_P(UserCalls, a_list_whose_frames_could_stop_the_historical_hypervisor_does_not_arrive)
{
	process.map(heap, 1);
	process.map(list, 1);
	process.map(other_list, 1);
	for (const u64 frame : {u64{0}, u64{16383}, u64{16384}, u64{1} << 22, ~u64{0}}) {
		process.store(list, Be<u64>{frame});
		process.store(heap, extents_of(1));
		EXPECT_EQ(call(memory_op, 1, heap), eopnotsupp) << frame;
		for (const u16 domain : {u16{1}, u16{0x7ff0}}) {
			process.store(heap, frames_of(domain));
			EXPECT_EQ(call(memory_op, 8, heap), eopnotsupp) << frame;
		}
	}
	EXPECT_TRUE(xen.calls.empty());
}

TEST_P(UserCalls, a_younger_hypervisor_gets_these_lists)
{
	announce(Feature::AtomicHpt);
	process.map(heap, 1);
	process.map(list, 1);
	process.map(other_list, 1);
	xen.answer = [](const Arrived &made) {
		return made.arg[0] == 1 ? s64{1} : s64{0};
	};
	process.store(heap, extents_of(1));
	EXPECT_EQ(call(memory_op, 1, heap), 1);
	process.store(heap, frames_of(1));
	EXPECT_EQ(call(memory_op, 8, heap), 0);
	EXPECT_EQ(xen.calls.size(), 2U);
	process.store(heap, extents_of(0x7ff0));
	EXPECT_EQ(call(memory_op, 1, heap), eopnotsupp) << "this domain's memory is the kernel's";
	EXPECT_EQ(xen.calls.size(), 2U);
}

/* What the domain builder of then needs, in its order. */
TEST_P(UserCalls, a_domain_can_be_built_on_the_historical_hypervisor)
{
	process.map(heap, 1);
	process.map(list, 1);

	const auto make = [this](const Domctl &op) {
		process.store(heap, op);
		return call(domctl, heap);
	};
	std::vector<Domctl> steps{domctl_of(DomctlOp::Createdomain), domctl_of(DomctlOp::MaxMem),
				  domctl_of(DomctlOp::ShadowOp), domctl_of(DomctlOp::RealModeArea)};

	in<DomctlMaxMem>(steps[1]).max_memkb.store(65536);
	in<DomctlShadowOp>(steps[2]).op.store(31);
	in<DomctlRealModeArea>(steps[3]).log.store(26);
	for (const Domctl &step : steps)
		EXPECT_EQ(make(step), 0) << step.cmd.load();
	xen.answer = [](const Arrived &) {
		return s64{1};
	};
	process.store(heap, extents_of(1));
	EXPECT_EQ(call(memory_op, 6, heap), 1);
	xen.answer = [](const Arrived &) {
		return s64{0};
	};

	Domctl last[] = {domctl_of(DomctlOp::Getmemlist), domctl_of(DomctlOp::Setvcpucontext),
			 domctl_of(DomctlOp::Unpausedomain)};

	in<DomctlGetmemlist>(last[0]).max_pfns.store(8);
	in<DomctlGetmemlist>(last[0]).buffer.store(list);
	in<DomctlVcpucontext>(last[1]).ctxt.store(list);
	for (const Domctl &step : last)
		EXPECT_EQ(make(step), 0) << step.cmd.load();
	EXPECT_EQ(xen.calls.size(), 8U);
}

} // namespace
