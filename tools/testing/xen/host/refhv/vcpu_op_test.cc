/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vcpu_op, physdev_op and nmi_op: every operation and every row of their tables of errors
 * (layouts 7.2, 7.3, 7.8).
 */
#include <gtest/gtest.h>

#include <abi/physdev.hh>

#include "ev/vcpu_op.hh"

#include "event_world.hh"

namespace {

using namespace event_world;
using namespace xen::ppc;

constexpr u64 ms = 1'000'000;
constexpr s64 eperm = -1, enoent = -2, efault = -14, eexist = -17, einval = -22, enosys = -38,
	      etime = -62;
constexpr u64 bad_handle = inline_flag | u64{1} << 40;

class VcpuCall : public ::testing::Test {
protected:
	VcpuCall() { other.initialised = other.online = other.entered = false; }
	s64 op(u64 command, u64 number, u64 handle = 0)
	{
		return w.call(own, do_vcpu_op, {command, number, handle});
	}
	template <class T> s64 with(u64 command, u64 number, T &arg)
	{
		return w.call(own, do_vcpu_op, command, arg, 2, number);
	}
	/* Register n is 0x1000 + n, the rest as in the list of the ABI. */
	VcpuGuestContext context(u64 msr)
	{
		VcpuGuestContext c;

		std::memset(static_cast<void *>(&c), 0x55, sizeof(c));
		for (u64 n = 0; n < 32; ++n)
			c.user_regs.gprs[n].store(0x1000 + n);
		c.user_regs.lr.store(1);
		c.user_regs.ctr.store(2);
		c.user_regs.xer.store(3);
		c.user_regs.cr.store(4);
		c.user_regs.pc.store(0x60);
		c.user_regs.msr.store(msr);
		return c;
	}

	World w;
	Vcpu &own = w.vcpu(0, 0), &other = w.vcpu(0, 1);
};

TEST_F(VcpuCall, NumbersAreJudgedBeforeAnythingElse)
{
	for (u64 command = 0; command <= 11; ++command) {
		EXPECT_EQ(op(command, 32), einval) << command;
		EXPECT_EQ(op(command, ~u64{0}), einval) << command;
		EXPECT_EQ(op(command, 2), enoent) << command;
		EXPECT_EQ(op(command, 31), enoent) << command;
	}
	EXPECT_EQ(op(5, 0), enosys);
	EXPECT_EQ(op(10, 0), enosys);
	EXPECT_EQ(op(11, 0), enosys);
	EXPECT_EQ(op(0xffffffff, 0), enosys);
}

TEST_F(VcpuCall, InitialiseTakesEveryRegister)
{
	VcpuGuestContext c = context(0);

	w.shared(0)[0xa07] = 9;
	EXPECT_EQ(op(0, 1, bad_handle), efault);
	EXPECT_FALSE(other.initialised);
	EXPECT_EQ(with(0, 1, c), 0);
	for (u64 n = 0; n < 32; ++n)
		EXPECT_EQ(other.regs.gpr[n], 0x1000 + n);
	EXPECT_EQ(other.regs.lr, 1u);
	EXPECT_EQ(other.regs.ctr, 2u);
	EXPECT_EQ(other.regs.xer, 3u);
	EXPECT_EQ(other.regs.cr, 4u);
	EXPECT_EQ(other.regs.pc, 0x60u);
	EXPECT_EQ(other.regs.msr, 0u);
	EXPECT_TRUE(other.initialised);
	EXPECT_FALSE(other.online);
	EXPECT_EQ(with(0, 1, c), eexist);
	EXPECT_EQ(with(0, 0, c), eexist);
	EXPECT_EQ(op(0, 1, bad_handle), efault) << "the argument is read first";
	EXPECT_EQ(violations(Rule::VcpuContext), 0u);
}

TEST_F(VcpuCall, InitialiseGivesTheWallClock)
{
	VcpuGuestContext c = context(0);
	Vcpu &guest = w.vcpu(1, 1);

	w.shared(0)[0xa07] = 9;
	guest.initialised = false;
	EXPECT_EQ(w.call(w.vcpu(1, 0), do_vcpu_op, 0, c, 2, 1), 0);
	EXPECT_EQ(w.shared(1)[0xa07], 9);
}

TEST_F(VcpuCall, MsrBitsOfTheHypervisorAreDropped)
{
	for (u32 n = 0; n < 64; ++n) {
		constexpr u64 good = u64{5} << 61 | u64{1} << 25 | 0xff36;
		const u64 bit = u64{1} << n;
		VcpuGuestContext c = context(bit);

		reset_rules();
		other.initialised = false;
		EXPECT_EQ(with(0, 1, c), 0) << n;
		EXPECT_EQ(other.regs.msr, good & bit) << n;
		EXPECT_EQ(violations(Rule::VcpuContext), good & bit ? 0u : 1u) << n;
	}
}

TEST_F(VcpuCall, InitialiseWithoutMemoryIsRefused)
{
	VcpuGuestContext c = context(0);

	w.dom(0).hpt.slots = 0;
	EXPECT_EQ(with(0, 1, c), einval);
	EXPECT_EQ(violations(Rule::DangerousCall), 1u);
	w.dom(0).hpt.slots = 16384;
	w.dom(0).rma_bytes = 0;
	EXPECT_EQ(vcpu_op::set_context(other, c), einval);
	EXPECT_EQ(violations(Rule::DangerousCall), 2u);
	EXPECT_FALSE(other.initialised);
}

TEST_F(VcpuCall, UpAndDown)
{
	EXPECT_EQ(op(3, 0), 1);
	EXPECT_EQ(op(3, 1), 0);
	EXPECT_EQ(op(1, 1), einval) << "not initialised";
	EXPECT_TRUE(machine.kicks.empty());
	other.initialised = true;
	EXPECT_EQ(other.state, 3u);
	EXPECT_EQ(op(1, 1), 0);
	EXPECT_EQ(other.state, 1u);
	EXPECT_EQ(op(3, 1), 1);
	EXPECT_EQ(machine.kicks, std::vector<u32>{1});
	EXPECT_EQ(op(1, 1), 0) << "once more is no error";
	machine.kicks.clear();
	EXPECT_EQ(op(2, 1), 0);
	EXPECT_EQ(op(3, 1), 0);
	EXPECT_EQ(machine.kicks, std::vector<u32>{1}) << "so that it stops soon";
	EXPECT_EQ(op(1, 1), 0) << "its registers are still its own";
}

TEST_F(VcpuCall, DownOfOneselfSleepsUntilUp)
{
	other.initialised = other.online = other.entered = true;
	w.enter(own, 0xc00, 77);
	EXPECT_EQ(op(2, 0), 0);
	machine.on_nap = [&] {
		EXPECT_EQ(own.state, 3u);
		EXPECT_EQ(dec(0), 0x7fffffff);
		w.upcall(0, 0) = 1; /* events do not wake it */
		if (machine.naps == 3) {
			EXPECT_EQ(w.call(other, do_vcpu_op, {1, 0}), 0);
			machine.cpu = 0;
		}
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 3u);
	EXPECT_EQ(dec(0), 77);
	EXPECT_EQ(own.state, 0u);
}

TEST_F(VcpuCall, BlockedForEverAndDownTogether)
{
	w.enter(own, 0xc00);
	EXPECT_EQ(w.call(own, do_sched_op, {1}), 0);
	own.timer.deadline = machine.timebase + 5;
	own.online = false;
	machine.on_nap = [&] {
		EXPECT_EQ(dec(0), 0x7fffffff);
		machine.timebase += 100;
		if (machine.naps == 4)
			own.online = true;
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 4u) << "its timer counts only while it is up";
	EXPECT_EQ(dec(0), 1);
}

TEST_F(VcpuCall, RunstateIsWrittenAsTheAbiHasIt)
{
	RunstateInfo info{};

	machine.timebase += 10;
	own.state = 0;
	EXPECT_EQ(with(4, 1, info), 0);
	EXPECT_EQ(info.state.load(), 3u);
	EXPECT_EQ(info.time[3].load(), 10u);
	EXPECT_EQ(info.state_entry_time.load(), machine.timebase - 10);
	EXPECT_EQ(op(4, 1, bad_handle), efault);
	EXPECT_EQ(op(4, 1, 0), efault);

	own.blocked = false;
	w.enter(own, 0xc00);
	w.call(own, do_sched_op, {1});
	own.timer.deadline = machine.timebase + 50;
	own.timer.period = 0;
	machine.on_nap = [] {
		machine.timebase += u64(dec(0));
	};
	w.leave(own);
	machine.timebase += 3;
	EXPECT_EQ(with(4, 0, info), 0);
	EXPECT_EQ(info.state.load(), 0u);
	EXPECT_EQ(info.time[2].load(), 50u);
	EXPECT_EQ(info.state_entry_time.load(), machine.timebase - 3);
}

TEST_F(VcpuCall, PeriodicTimer)
{
	SetPeriodicTimer arg{Be<u64>{ms - 1}};

	EXPECT_EQ(op(6, 0, bad_handle), efault);
	EXPECT_EQ(with(6, 0, arg), einval);
	arg.period_ns.store(0);
	EXPECT_EQ(with(6, 0, arg), einval);
	arg.period_ns.store(ms);
	EXPECT_EQ(with(6, 1, arg), 0) << "another vcpu's may be set";
	EXPECT_EQ(other.timer.period, ms);
	EXPECT_EQ(own.timer.period, 10 * ms) << "the ticker that every vcpu starts with";
	EXPECT_EQ(op(7, 1), 0);
	EXPECT_EQ(other.timer.period, 0u);
	EXPECT_EQ(op(7, 1), 0);
}

TEST_F(VcpuCall, SingleshotTimer)
{
	SetSingleshotTimer arg{Be<u64>{machine.timebase - 1}, Be<u32>{1}, Be<u32>{0}};

	EXPECT_EQ(with(8, 1, arg), einval) << "another vcpu's";
	EXPECT_EQ(op(9, 1), einval);
	EXPECT_EQ(op(8, 0, bad_handle), efault);
	EXPECT_EQ(with(8, 0, arg), etime);
	EXPECT_EQ(own.timer.deadline, 0u);
	arg.timeout_abs_ns.store(machine.timebase);
	EXPECT_EQ(with(8, 0, arg), 0) << "now is not past";
	EXPECT_EQ(own.timer.deadline, machine.timebase);
	EXPECT_EQ(op(9, 0), 0);
	EXPECT_EQ(own.timer.deadline, 0u);
	arg.flags.store(2);
	arg.timeout_abs_ns.store(0);
	EXPECT_EQ(with(8, 0, arg), 0) << "without the flag: fires at once";
	w.enter(own, 0xc00);
	w.leave(own);
	EXPECT_EQ(dec(0), 1);
}

TEST_F(VcpuCall, PhysdevLimits)
{
	const struct {
		u64 command;
		u32 word, most; /* which word is judged, its greatest value */
	} row[] = {{5, 0, 255}, {6, 0, 3}, {7, 2, 65536}, {10, 0, 255}, {12, 0, 255}};

	for (const auto &each : row)
		for (const u32 value : {0u, each.most, each.most + 1, ~0u}) {
			struct {
				Be<u32> word[4];
			} arg{};

			arg.word[each.word].store(value);
			EXPECT_EQ(w.call(own, do_physdev_op, each.command, arg),
				  value <= each.most ? 0 : einval)
				<< each.command << " " << value;
		}
	for (const u64 command : {5u, 6u, 7u, 8u, 9u, 10u, 12u})
		EXPECT_EQ(w.call(own, do_physdev_op, {command, bad_handle}), efault) << command;
	EXPECT_EQ(w.call(own, do_physdev_op, {4}), 0);
	for (const u64 command : {0u, 3u, 11u, 13u})
		EXPECT_EQ(w.call(own, do_physdev_op, {command, bad_handle}), enosys) << command;
}

TEST_F(VcpuCall, PhysdevAnswers)
{
	PhysdevIrqStatusQuery query{Be<u32>{20}, Be<u32>{~0u}};
	PhysdevIrq irq{Be<u32>{21}, Be<u32>{~0u}};
	PhysdevApic apic{Be<u64>{1}, Be<u32>{2}, Be<u32>{3}};

	EXPECT_EQ(w.call(own, do_physdev_op, 5, query), 0);
	EXPECT_EQ(query.flags.load(), 0u);
	EXPECT_EQ(w.call(own, do_physdev_op, 10, irq), 0);
	EXPECT_EQ(irq.vector.load(), 21u);
	EXPECT_EQ(w.call(own, do_physdev_op, 8, apic), 0);
	EXPECT_EQ(apic.value.load(), 3u) << "a stub: unchanged";
	EXPECT_EQ(w.call(own, do_physdev_op, 9, apic), 0);

	Vcpu &guest = w.vcpu(1, 0);

	irq.vector.store(~0u);
	EXPECT_EQ(w.call(guest, do_physdev_op, 10, irq), eperm);
	EXPECT_EQ(irq.vector.load(), ~0u);
	irq.irq.store(256);
	EXPECT_EQ(w.call(guest, do_physdev_op, 10, irq), eperm) << "the right comes first";
	EXPECT_EQ(w.call(guest, do_physdev_op, 8, apic), eperm);
	EXPECT_EQ(w.call(guest, do_physdev_op, 9, apic), eperm);
	EXPECT_EQ(w.call(guest, do_physdev_op, 5, query), 0);
}

TEST_F(VcpuCall, Nmi)
{
	u64 callback[2] = {0x1000, 0};

	EXPECT_EQ(w.call(own, do_nmi_op, 0, callback), 0);
	EXPECT_EQ(w.call(own, do_nmi_op, {1}), 0);
	EXPECT_EQ(w.call(own, do_nmi_op, {0, bad_handle}), efault);
	EXPECT_EQ(w.call(own, do_nmi_op, {2}), enosys);
	EXPECT_EQ(w.call(other, do_nmi_op, 0, callback), einval);
	EXPECT_EQ(w.call(w.vcpu(1, 0), do_nmi_op, 0, callback), einval);
	EXPECT_EQ(w.call(w.vcpu(1, 0), do_nmi_op, {1}), einval);
}

} // namespace
