// SPDX-License-Identifier: GPL-2.0
/* The hypercall functions of Linux's drivers: what enters Xen, and what comes back. */
#include "abi/evtchn.hh"
#include "abi/sched.hh"
#include "abi/vcpu.hh"
#include "calls_glue.h"
#include "calls_rig.hh"

namespace {

using namespace xen::ppc;
using host::alien;
using host::Calls;
using host::efault;
using host::einval;
using host::eio;
using host::enosys;
using host::kernel;
using host::MappedMemory;
using host::Trapped;
using host::Xen;
using xen::Be;

TEST_F(Calls, operations_without_an_entry_do_not_enter)
{
	u64 memory[64] = {};

	for (const int op : {11, 12, 13, 64, -1})
		EXPECT_EQ(HYPERVISOR_event_channel_op(op, memory), enosys) << op;
	for (const int op : {5, 6, 7, 99})
		EXPECT_EQ(HYPERVISOR_sched_op(op, memory), enosys) << op;
	for (const int op : {5, 10, 11, 13})
		EXPECT_EQ(HYPERVISOR_vcpu_op(op, 0, memory), enosys) << op;
	for (const int op : {6, 7, 13, 28})
		EXPECT_EQ(HYPERVISOR_physdev_op(op, memory), enosys) << op;
	for (const int op : {9, 10})
		EXPECT_EQ(HYPERVISOR_xen_version(op, memory), enosys) << op;
	for (const unsigned int op : {5U, 8U, 9U, 11U, 14U, 22U, 28U})
		EXPECT_EQ(HYPERVISOR_memory_op(op, memory), enosys) << op;
	for (const unsigned int op : {3U, 4U, 7U, 8U, 9U})
		EXPECT_EQ(HYPERVISOR_grant_table_op(op, memory, 1), enosys) << op;
	EXPECT_EQ(HYPERVISOR_console_io(2, 8, reinterpret_cast<char *>(memory)), enosys);
	EXPECT_EQ(HYPERVISOR_dm_op(0, 0, memory), enosys);
	EXPECT_EQ(HYPERVISOR_platform_op_raw(memory), enosys);
	EXPECT_TRUE(xen.calls.empty());
	EXPECT_TRUE(kernel.refusals.empty());
}

TEST_F(Calls, user_pointers_do_not_enter)
{
	EXPECT_EQ(HYPERVISOR_event_channel_op(4, alien()), efault);
	EXPECT_EQ(HYPERVISOR_event_channel_op(4, nullptr), efault);
	EXPECT_EQ(HYPERVISOR_sched_op(2, alien()), efault);
	EXPECT_EQ(HYPERVISOR_sched_op(3, alien()), efault);
	EXPECT_EQ(HYPERVISOR_vcpu_op(0, 1, alien()), efault);
	EXPECT_EQ(HYPERVISOR_physdev_op(12, alien()), efault);
	EXPECT_EQ(HYPERVISOR_xen_version(1, alien()), efault);
	EXPECT_EQ(HYPERVISOR_xen_version(6, alien()), efault);
	for (const unsigned int op : {0U, 1U, 3U, 6U, 7U})
		EXPECT_EQ(HYPERVISOR_memory_op(op, alien()), efault) << op;
	for (const unsigned int op : {0U, 1U, 2U, 5U, 6U})
		EXPECT_EQ(HYPERVISOR_grant_table_op(op, alien(), 1), efault) << op;
	EXPECT_EQ(static_cast<long>(HYPERVISOR_hvm_op(1, alien())), efault);
	EXPECT_EQ(HYPERVISOR_console_io(0, 8, static_cast<char *>(alien())), efault);
	EXPECT_EQ(HYPERVISOR_console_io(1, 8, static_cast<char *>(alien())), efault);
	EXPECT_EQ(HYPERVISOR_multicall(alien(), 1), efault);
	EXPECT_TRUE(xen.calls.empty());
}

TEST_F(Calls, an_event_operation_goes_through_and_back)
{
	EvtchnAllocUnbound op{};

	op.remote_dom.store(3);
	xen.answer = [](const Trapped &call) {
		auto seen = Xen::get<EvtchnAllocUnbound>(call.arg[1]);

		EXPECT_EQ(seen.remote_dom.load(), 3);
		seen.port.store(17);
		Xen::put(call.arg[1], seen);
		return s64{0};
	};
	EXPECT_EQ(HYPERVISOR_event_channel_op(6, &op), 0);
	EXPECT_EQ(op.port.load(), 17U);
	ASSERT_EQ(xen.calls.size(), 1U);
	EXPECT_EQ(xen.calls[0].number, 32U);
	EXPECT_EQ(xen.calls[0].arg[0], 6U);
}

TEST_F(Calls, an_argument_in_a_module_is_found)
{
	MappedMemory memory(2);
	EvtchnBindVcpu op{};

	op.port.store(0x01020304);
	op.vcpu.store(0x05060708);
	std::memcpy(static_cast<void *>(memory.at(4092)), &op, sizeof op);
	xen.answer = [](const Trapped &call) {
		EXPECT_EQ(kernel.irqs_off, 1);
		EXPECT_EQ(Xen::get<EvtchnBindVcpu>(call.arg[1]).vcpu.load(), 0x05060708U);
		return s64{0};
	};
	EXPECT_EQ(HYPERVISOR_event_channel_op(8, memory.at(4092)), 0);
	EXPECT_EQ(xen.calls.size(), 1U);
}

TEST_F(Calls, a_refusal_is_named_once)
{
	EvtchnBindVirq op{};

	always(-28);
	EXPECT_EQ(HYPERVISOR_event_channel_op(1, &op), -28);
	ASSERT_EQ(kernel.refusals.size(), 1U);
	EXPECT_EQ(kernel.refusals[0].call, "event_channel_op");
	EXPECT_EQ(kernel.refusals[0].op, "bind_virq");
	EXPECT_EQ(kernel.refusals[0].number, 1U);
	EXPECT_EQ(kernel.refusals[0].status, -28);
}

TEST_F(Calls, ordinary_refusals_are_silent)
{
	EvtchnStatus status{};
	EvtchnBindVirq virq{};
	EvtchnBindVcpu vcpu{};

	always(-22);
	EXPECT_EQ(HYPERVISOR_event_channel_op(5, &status), -22);
	EXPECT_EQ(HYPERVISOR_event_channel_op(8, &vcpu), -22);
	always(-17);
	EXPECT_EQ(HYPERVISOR_event_channel_op(1, &virq), -17);
	always(-2);
	EXPECT_EQ(HYPERVISOR_vcpu_op(3, 31, nullptr), -2);
	EXPECT_TRUE(kernel.refusals.empty());
}

TEST_F(Calls, a_result_that_the_abi_has_not_is_an_error)
{
	EvtchnSend send{};

	always(3);
	EXPECT_EQ(HYPERVISOR_event_channel_op(4, &send), eio);
	EXPECT_EQ(kernel.refusals.size(), 1U);
	EXPECT_EQ(HYPERVISOR_xen_version(0, nullptr), 3);
	EXPECT_EQ(HYPERVISOR_vcpu_op(3, 0, nullptr), 3);
	EXPECT_EQ(kernel.refusals.size(), 1U);
	always(s64{1} << 40);
	EXPECT_EQ(HYPERVISOR_xen_version(0, nullptr), eio);
}

TEST_F(Calls, vcpu_operations_name_the_vcpu)
{
	VcpuGuestContext context{};

	EXPECT_EQ(HYPERVISOR_vcpu_op(0, 3, &context), 0);
	EXPECT_EQ(HYPERVISOR_vcpu_op(7, 2, nullptr), 0);
	ASSERT_EQ(xen.calls.size(), 2U);
	EXPECT_EQ(xen.calls[0].arg[1], 3U);
	EXPECT_EQ(xen.calls[0].arg[2], inline_handle(&context));
	EXPECT_EQ(xen.calls[1].arg[0], 7U);
	EXPECT_EQ(xen.calls[1].arg[2], 0U);
}

TEST_F(Calls, polled_ports_are_found_and_the_caller_keeps_its_pointer)
{
	MappedMemory memory(2);
	Be<u32> near[2] = {Be<u32>{5}, Be<u32>{6}};
	auto *const far = reinterpret_cast<Be<u32> *>(memory.at(4092));

	far[0].store(5);
	far[1].store(6);
	xen.answer = [](const Trapped &call) {
		const auto poll = Xen::get<SchedPoll>(call.arg[1]);
		const auto ports = Xen::read(poll.ports.load(), 8);

		EXPECT_EQ(poll.nr_ports.load(), 2U);
		EXPECT_EQ(poll.timeout.load(), 99U);
		EXPECT_EQ(ports, (std::vector<u8>{0, 0, 0, 5, 0, 0, 0, 6}));
		return s64{0};
	};
	for (Be<u32> *const list : {near, far}) {
		SchedPoll poll{};
		SchedPoll before;

		poll.ports.store(reinterpret_cast<u64>(list));
		poll.nr_ports.store(2);
		poll.timeout.store(99);
		before = poll;
		EXPECT_EQ(HYPERVISOR_sched_op(3, &poll), 0);
		EXPECT_EQ(std::memcmp(&poll, &before, sizeof poll), 0);
	}
	EXPECT_EQ(xen.calls.size(), 2U);
}

TEST_F(Calls, impossible_polls_do_not_enter)
{
	Be<u32> port{1};
	SchedPoll poll{};

	poll.ports.store(reinterpret_cast<u64>(&port));
	poll.nr_ports.store(129);
	EXPECT_EQ(HYPERVISOR_sched_op(3, &poll), einval);
	poll.nr_ports.store(1);
	poll.ports.store(reinterpret_cast<u64>(alien()));
	EXPECT_EQ(HYPERVISOR_sched_op(3, &poll), efault);
	EXPECT_TRUE(xen.calls.empty());
}

TEST_F(Calls, younger_assists_are_not_promised)
{
	EXPECT_EQ(HYPERVISOR_vm_assist(0, 5), einval);
	EXPECT_EQ(HYPERVISOR_vm_assist(2, 0), enosys);
	EXPECT_TRUE(xen.calls.empty());
	EXPECT_EQ(HYPERVISOR_vm_assist(1, 3), 0);
	EXPECT_EQ(xen.calls.at(0).arg[1], 3U);
}

TEST_F(Calls, lists_of_calls_are_made_one_by_one)
{
	EvtchnSend send{};
	MulticallEntry list[3]{};

	list[0].op.store(32);
	list[0].args[0].store(4);
	list[0].args[1].store(reinterpret_cast<u64>(&send));
	list[1].op.store(26); /* mmuext_op */
	list[2].op.store(29);
	xen.answer = [](const Trapped &call) {
		return call.number == 29 ? s64{-11} : s64{0};
	};
	EXPECT_EQ(HYPERVISOR_multicall(list, 3), 0);
	EXPECT_EQ(list[0].result.load(), 0);
	EXPECT_EQ(list[1].result.load(), enosys);
	EXPECT_EQ(list[2].result.load(), -11);
	EXPECT_EQ(list[0].args[1].load(), reinterpret_cast<u64>(&send));
	ASSERT_EQ(xen.calls.size(), 2U);
	EXPECT_EQ(xen.calls[0].arg[1], inline_handle(&send));
}

TEST_F(Calls, every_call_is_counted_once)
{
	EvtchnSend send{};
	const auto count = [](unsigned int cpu) {
		return xen_hypercall_counts[cpu].made[32];
	};
	const unsigned long before = count(1);

	host::paca_set<u16>(XEN_PACA_INDEX, 1);
	EXPECT_EQ(HYPERVISOR_event_channel_op(4, &send), 0);
	EXPECT_EQ(HYPERVISOR_event_channel_op(4, &send), 0);
	EXPECT_EQ(count(1), before + 2);
}

} // namespace
