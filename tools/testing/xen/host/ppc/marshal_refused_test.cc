// SPDX-License-Identifier: GPL-2.0
/* What does not reach the hypervisor, or fails on its way there or back. */
#include "abi/memory.hh"
#include "user_ops.hh"

namespace {

using namespace xen::ppc;
using namespace host;

INSTANTIATE_TEST_SUITE_P(Modes, UserCalls, ::testing::Bool(), mode_name);

TEST_P(UserCalls, memory_that_is_not_the_processs_is_refused)
{
	process.map(heap, 1);
	process.map(list, 2);
	process.map(list + 0x10000, 1, {.write = false});
	process.map(list + 0x20000, 1, {.own = false});

	struct Case {
		u64 at;
		u32 domains;
		long error;
	};
	for (const auto &[at, domains, error] : {
		     Case{0, 1, efault},		  /* null */
		     Case{list + 0x30000, 1, efault},	  /* not mapped */
		     Case{list + 4096, 100, efault},	  /* ends in a hole */
		     Case{list + 0x10000, 1, efault},	  /* read-only */
		     Case{list + 0x20000, 1, efault},	  /* another domain's */
		     Case{0xc000000000000000, 1, efault}, /* the kernel's */
		     Case{(u64{1} << 46) - 8, 1, efault}, /* into the kernel's */
		     Case{~u64{0} - 7, 1, efault},	  /* wraps */
		     Case{list + 4, 1, einval},		  /* not aligned */
		     Case{list, ~0U, e2big},
		     Case{list, (1U << 24) + 1, e2big},
		     Case{list, 1U << 24, e2big},
		     Case{list, 511 * 4096 / 72 + 1, e2big},
	     }) {
		process.store(heap, list_of(domains, at));
		EXPECT_EQ(call(sysctl, heap), error) << std::hex << at << " " << domains;
		auto op = process.load<Sysctl>(heap);

		EXPECT_EQ(in<SysctlGetdomaininfolist>(op).buffer.load(), at);
		EXPECT_EQ(process.held(), 0U);
	}
	EXPECT_TRUE(xen.calls.empty());
	EXPECT_TRUE(process.passed_over.empty());
	/* Nothing to write: no pointer is looked at. */
	process.store(heap, list_of(0, 1));
	EXPECT_EQ(call(sysctl, heap), 0);
}

TEST_P(UserCalls, structures_that_are_not_there_are_refused)
{
	process.map(heap, 1);
	process.map(heap + 0x10000, 1, {.write = false});
	for (const u64 at : {u64{0}, list, heap + 4096 - 8, 0xc000000000000000, ~u64{0} - 7})
		EXPECT_EQ(call(sysctl, at), efault) << std::hex << at;
	EXPECT_TRUE(xen.calls.empty());
	/* Known only when the result is to be written. */
	process.put(heap + 0x10000, std::vector<u8>{0, 0, 0, 4, 0, 0, 0, 4});
	EXPECT_EQ(call(sysctl, heap + 0x10000), efault);
	EXPECT_EQ(xen.calls.size(), 1U);
}

/* Whatever service the kernel is at when the process unmaps its memory. */
TEST_P(UserCalls, memory_that_is_unmapped_meanwhile_is_nobody_elses)
{
	for (unsigned int when = 0; when < 12; ++when) {
		unsigned int seen = 0;

		process.map(heap, 1);
		process.map(list, 3);
		process.store(heap, list_of(150, list + 8));
		process.meanwhile = [&] {
			if (seen++ == when) {
				process.unmap(list, 3);
				process.unmap(heap, 1);
			}
		};
		xen.answer = [&](const Arrived &made) {
			auto op = Machine::get<Sysctl>(made.arg[0]);

			process.meanwhile();
			Machine::write(in<SysctlGetdomaininfolist>(op).buffer.load(),
				       std::vector<u8>(72 * 150, 1));
			return s64{0};
		};

		const long result = call(sysctl, heap);

		EXPECT_TRUE(result == 0 || result == efault) << when;
		EXPECT_EQ(process.held(), 0U) << when;
		EXPECT_EQ(process.kernel_pages(), 0U) << when;
		process.meanwhile = [] {
		};
		process.unmap(heap, 1);
		process.unmap(list, 3);
	}
}

/* What another thread writes after the copy was taken changes nothing. */
TEST_P(UserCalls, a_structure_is_read_once)
{
	process.map(heap, 1);
	process.map(list, 1);
	process.store(heap, list_of(2, list));

	unsigned int services = 0;

	process.meanwhile = [&] {
		if (++services == 3)
			process.store(heap, list_of(50000, 0xc000000000000000));
	};
	xen.answer = [](const Arrived &made) {
		auto op = Machine::get<Sysctl>(made.arg[0]);

		EXPECT_EQ(in<SysctlGetdomaininfolist>(op).max_domains.load(), 2U);
		Machine::write(in<SysctlGetdomaininfolist>(op).buffer.load(),
			       std::vector<u8>(144, 1));
		return s64{0};
	};
	EXPECT_EQ(call(sysctl, heap), 0);
	EXPECT_GT(services, 3U);
}

TEST_P(UserCalls, every_page_of_the_kernel_that_is_missing_is_enomem)
{
	process.map(heap, 1);
	process.map(list, 2);
	process.store(heap, list_of(60, list));
	for (const int pages : {0, 1, 2}) {
		process.allocations_left = pages;
		EXPECT_EQ(call(sysctl, heap), enomem) << pages;
		EXPECT_EQ(process.kernel_pages(), 0U);
	}
	process.allocations_left = 3;
	EXPECT_EQ(call(sysctl, heap), 0);
	process.pin_error = -4;
	process.allocations_left = -1;
	EXPECT_EQ(call(sysctl, heap), eintr) << "the error of pinning is passed on";
}

TEST_P(UserCalls, an_error_of_the_hypervisor_is_passed_on_and_results_come_back)
{
	process.map(heap, 1);
	process.store(heap, domctl_of(DomctlOp::ShadowOp, 3));

	auto op = process.load<Domctl>(heap);

	in<DomctlShadowOp>(op).op.store(31);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<Domctl>(made.arg[0]);

		in<DomctlShadowOp>(seen).mb.store(17);
		Machine::put(made.arg[0], seen);
		return s64{-16};
	};
	EXPECT_EQ(call(domctl, heap), -16);
	op = process.load<Domctl>(heap);
	EXPECT_EQ(in<DomctlShadowOp>(op).mb.load(), 17U);
	xen.answer = [](const Arrived &) {
		return s64{1};
	};
	EXPECT_EQ(call(domctl, heap), eio) << "domctl counts nothing";
	xen.answer = [](const Arrived &) {
		return s64{-5000};
	};
	EXPECT_EQ(call(domctl, heap), eio) << "no errno";
}

TEST_P(UserCalls, versions_and_commands_that_are_unknown_are_named_in_the_log)
{
	process.map(heap, 1);
	for (const u32 version : {0U, 4U, 6U, ~0U}) {
		auto op = domctl_of(DomctlOp::Getdomaininfo);

		op.interface_version.store(version);
		process.store(heap, op);
		EXPECT_EQ(call(domctl, heap), eacces);
	}
	EXPECT_EQ(process.passed_over.size(), 4U);
	EXPECT_EQ(process.passed_over[0].call, 36U);
	EXPECT_EQ(process.passed_over[0].op, 5U);
	EXPECT_EQ(process.passed_over[0].error, eacces);
	for (const u32 cmd : {0U, 7U, 21U, 23U, 35U, 37U, ~0U}) {
		process.store(heap, domctl_of(static_cast<DomctlOp>(cmd)));
		EXPECT_EQ(call(domctl, heap), enosys) << cmd;
	}
	for (const u32 cmd : {0U, 10U, ~0U}) {
		process.store(heap, sysctl_of(static_cast<SysctlOp>(cmd)));
		EXPECT_EQ(call(sysctl, heap), enosys) << cmd;
	}
	EXPECT_EQ(process.passed_over.size(), 14U);
	EXPECT_TRUE(xen.calls.empty());
}

TEST_P(UserCalls, what_would_stop_a_hypervisor_or_is_the_kernels_does_not_arrive)
{
	process.map(heap, 1);
	for (u32 mode = 0; mode < 40; ++mode) {
		auto op = domctl_of(DomctlOp::ShadowOp);

		in<DomctlShadowOp>(op).op.store(mode);
		process.store(heap, op);
		EXPECT_EQ(call(domctl, heap), mode == 30 || mode == 31 ? 0 : eopnotsupp) << mode;
	}
	EXPECT_EQ(xen.calls.size(), 2U);
	xen.calls.clear();
	process.store(heap, domctl_of(DomctlOp::Setvcpucontext));
	EXPECT_EQ(call(domctl, heap), efault) << "without registers";
	for (const u16 own : {u16{0}, u16{0x7ff0}})
		for (const auto cmd : {DomctlOp::Setvcpucontext, DomctlOp::MaxMem,
				       DomctlOp::Pausedomain, DomctlOp::Resumedomain}) {
			process.store(heap, domctl_of(cmd, own));
			EXPECT_EQ(call(domctl, heap), eopnotsupp);
		}
	for (const u32 op : {0U, 1U, 6U}) {
		MemoryReservation own{};

		own.domid.store(0x7ff0);
		process.store(heap, own);
		EXPECT_EQ(call(memory_op, op, heap), eopnotsupp);
		own.domid.store(1);
		own.extent_order.store(25);
		process.store(heap, own);
		EXPECT_EQ(call(memory_op, op, heap), einval);
	}
	EXPECT_EQ(call(memory_op, 11, heap), eopnotsupp);
	EXPECT_EQ(call(memory_op, 11 | 1 << 4, heap), enosys);
	EXPECT_EQ(call(grant_op, 0, heap, 1), eopnotsupp);
	EXPECT_EQ(call(grant_op, 1, heap, 1), eopnotsupp);
	EXPECT_EQ(call(grant_op, 4, heap, 1), eopnotsupp);
	EXPECT_EQ(call(sched_op, 1), eopnotsupp);
	EXPECT_EQ(call(sched_op, 3, heap), eopnotsupp);
	EXPECT_EQ(call(vcpu_op, 8, 0, heap), eopnotsupp);
	EXPECT_EQ(call(vcpu_op, 2, 1, 0), eopnotsupp);
	EXPECT_EQ(call(evtchn_op, 3, heap), eopnotsupp);
	EXPECT_EQ(call(physdev_op, 7, heap), eopnotsupp);
	EXPECT_EQ(call(15, 1), eopnotsupp);
	EXPECT_EQ(call(34, 1, heap), enosys);
	EXPECT_EQ(call(99, 1, heap), enosys);
	EXPECT_TRUE(xen.calls.empty());
}

} // namespace
