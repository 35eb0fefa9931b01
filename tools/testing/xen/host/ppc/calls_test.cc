// SPDX-License-Identifier: GPL-2.0
/* The hypercall functions of Linux's drivers: what enters Xen, and what comes back. */
#include <gtest/gtest.h>

#include "abi/console.hh"
#include "abi/evtchn.hh"
#include "abi/memory.hh"
#include "abi/sched.hh"
#include "abi/vcpu.hh"
#include "abi/version.hh"
#include "boot_glue.h"
#include "calls_glue.h"
#include "fake_boot.hh"
#include "fake_calls.hh"

namespace {

using namespace xen::ppc;
using host::alien;
using host::kernel;
using host::MappedMemory;
using host::Trapped;
using host::Xen;
using xen::Be;

/* Numbers of Linux's headers. */
constexpr int enosys = -38, efault = -14, einval = -22, eopnotsupp = -95, eio = -5, eperm = -1;

class Calls : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_calls();
		host::hypervisor = &xen;
	}
	void TearDown() override { EXPECT_EQ(kernel.irqs_off, 0); }

	/** always - what Xen returns from now on */
	void always(s64 status)
	{
		xen.answer = [status](const Trapped &) {
			return status;
		};
	}

	Xen xen;
};

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

class Memory : public Calls {
protected:
	static MemoryReservation reservation(const Be<u64> *list, u64 extents)
	{
		MemoryReservation op{};

		op.extent_start.store(reinterpret_cast<u64>(list));
		op.nr_extents.store(extents);
		op.domid.store(0x7ff0);
		return op;
	}
	static constexpr u64 rma_pages = 16384;
};

TEST_F(Memory, lists_of_frames_are_found_and_the_caller_keeps_its_pointer)
{
	const Be<u64> list[2] = {Be<u64>{rma_pages}, Be<u64>{rma_pages + 5}};

	xen.answer = [](const Trapped &call) {
		const auto op = Xen::get<MemoryReservation>(call.arg[1]);
		const auto frames = Xen::read(op.extent_start.load(), 16);

		EXPECT_EQ(op.nr_extents.load(), 2U);
		EXPECT_EQ(frames[6], 0x40);
		EXPECT_EQ(frames[15], 5);
		return s64{2};
	};
	for (const unsigned int cmd : {0U, 1U, 6U}) {
		MemoryReservation op = reservation(list, 2);
		const MemoryReservation before = op;

		EXPECT_EQ(HYPERVISOR_memory_op(cmd, &op), 2);
		EXPECT_EQ(std::memcmp(&op, &before, sizeof op), 0);
	}
	EXPECT_EQ(xen.calls.size(), 3U);
}

TEST_F(Memory, no_frame_of_the_real_mode_area_is_given_back)
{
	const Be<u64> list[2] = {Be<u64>{rma_pages}, Be<u64>{rma_pages - 1}};
	MemoryReservation op = reservation(list, 2);

	EXPECT_EQ(HYPERVISOR_memory_op(1, &op), eperm);
	EXPECT_TRUE(xen.calls.empty());
	EXPECT_EQ(kernel.refusals.size(), 1U);
}

TEST_F(Memory, impossible_reservations_do_not_enter)
{
	const Be<u64> list{rma_pages};
	MemoryReservation op = reservation(static_cast<Be<u64> *>(alien()), 1);

	EXPECT_EQ(HYPERVISOR_memory_op(1, &op), efault);
	op = reservation(&list, u64{1} << 62);
	EXPECT_EQ(HYPERVISOR_memory_op(6, &op), einval);
	op = reservation(&list, 1);
	op.extent_order.store(25);
	EXPECT_EQ(HYPERVISOR_memory_op(6, &op), einval);
	EXPECT_TRUE(xen.calls.empty());
}

TEST_F(Memory, foreign_frames_cannot_be_mapped_yet)
{
	u64 memory[16] = {};

	EXPECT_EQ(HYPERVISOR_memory_op(23, memory), eopnotsupp);
	EXPECT_EQ(HYPERVISOR_memory_op(15, memory), eopnotsupp);
	EXPECT_TRUE(xen.calls.empty());
}

class Console : public Calls {
protected:
	std::string written;

	void write_down()
	{
		xen.answer = [this](const Trapped &call) {
			EXPECT_LE(call.arg[1], 127U);
			const auto text = Xen::read(call.arg[2], call.arg[1]);

			written.append(text.begin(), text.end());
			return s64{0};
		};
	}
};

TEST_F(Console, long_text_goes_out_in_pieces)
{
	std::string text(300, 'x');

	text[126] = 'a';
	text[127] = 'b';
	text[299] = 'c';
	write_down();
	EXPECT_EQ(HYPERVISOR_console_io(0, 300, text.data()), 0);
	EXPECT_EQ(written, text);
	EXPECT_EQ(xen.calls.size(), 3U);
	written.clear();
	xen_console_write(text.data(), 300);
	EXPECT_EQ(written, text);
}

TEST_F(Console, text_in_a_module_goes_out)
{
	MappedMemory memory(2);

	for (std::size_t i = 0; i < 300; ++i)
		*memory.at(4000 + i) = static_cast<u8>('a' + i % 26);
	write_down();
	EXPECT_EQ(HYPERVISOR_console_io(0, 300, reinterpret_cast<char *>(memory.at(4000))), 0);
	EXPECT_EQ(written, std::string(memory.at(4000), memory.at(4000) + 300));
	EXPECT_EQ(kernel.irqs_off_calls, 0U);
}

TEST_F(Console, a_refusal_ends_the_text_and_is_not_printed)
{
	std::string text(300, 'x');

	always(-14);
	EXPECT_EQ(HYPERVISOR_console_io(0, 300, text.data()), efault);
	EXPECT_EQ(xen.calls.size(), 1U);
	xen_console_write(text.data(), 300);
	EXPECT_EQ(xen.calls.size(), 2U);
	EXPECT_TRUE(kernel.refusals.empty());
}

TEST_F(Console, what_was_typed_is_read)
{
	MappedMemory memory(1);
	char near[16] = {};

	xen.answer = [](const Trapped &call) {
		EXPECT_EQ(call.arg[0], 1U);
		EXPECT_EQ(call.arg[1], 16U);
		Xen::write(call.arg[2], std::vector<u8>{'h', 'i'});
		return s64{2};
	};
	EXPECT_EQ(HYPERVISOR_console_io(1, 16, near), 2);
	EXPECT_EQ(std::string(near), "hi");
	EXPECT_EQ(HYPERVISOR_console_io(1, 16, reinterpret_cast<char *>(memory.at(4090 - 16))), 2);
	EXPECT_EQ(*memory.at(4090 - 15), 'i');
}

TEST_F(Console, a_count_beyond_the_buffer_is_no_count)
{
	char near[16];

	always(17);
	EXPECT_EQ(HYPERVISOR_console_io(1, 16, near), eio);
	EXPECT_EQ(HYPERVISOR_console_io(1, -1, near), einval);
}

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
