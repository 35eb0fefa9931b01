/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sched_op: block and poll with all orders of event, timer and wake-up; shutdowns
 * (ABI 5.4; layouts 7.1).
 */
#include <gtest/gtest.h>

#include <abi/sched.hh>

#include "event_world.hh"

namespace {

using namespace event_world;
using namespace xen::ppc;

constexpr u64 ms = 1'000'000;
constexpr s64 eperm = -1, esrch = -3, efault = -14, einval = -22, enosys = -38;
constexpr u64 ports_at = 0x20000;

class Sched : public ::testing::Test {
protected:
	Sched()
	{
		for (u32 d = 0; d < 2; ++d)
			for (u32 p = 1; p < 300; ++p)
				w.dom(d).events.channel[p] = {PortState::Ipi, u8(p & 1), DomId{0},
							      0};
		own.timer.period = 0;
	}
	s64 block(s64 dec = 1000)
	{
		w.enter(own, 0xc00, dec);
		return w.call(own, do_sched_op, {1});
	}
	s64 set_timer(u64 at) { return w.call(own, do_set_timer_op, {at}); }
	s64 poll(std::initializer_list<u32> ports, u64 timeout = 0)
	{
		SchedPoll arg{Be<u64>{inline_flag | ports_at}, Be<u32>{u32(ports.size())},
			      Be<u32>{0}, Be<u64>{timeout}};
		u64 at = ports_at;

		for (const u32 port : ports) {
			const Be<u32> wire{port};

			std::memcpy(w.memory(0, at), &wire, 4);
			at += 4;
		}
		w.enter(own, 0xc00);
		return w.call(own, do_sched_op, 3, arg);
	}
	/* Time passes while the core naps: as long as its own alarm lets it. */
	void sleep_by_alarm()
	{
		machine.on_nap = [] {
			ASSERT_LT(machine.naps, 100u);
			if (dec(machine.cpu) == 0x7fffffff)
				throw SleepsForEver{};
			machine.timebase += u64(dec(machine.cpu));
		};
	}
	void raise(u32 cpu, u32 port)
	{
		const u32 before = machine.cpu;

		machine.cpu = cpu;
		evtchn::raise(w.dom(0), Port{port});
		machine.cpu = before;
	}

	World w;
	Vcpu &own = w.vcpu(0, 0);
	const u64 start = machine.timebase;
};

TEST_F(Sched, YieldAndUnknown)
{
	EXPECT_EQ(w.call(own, do_sched_op, {0}), 0);
	EXPECT_FALSE(own.blocked);
	EXPECT_EQ(w.call(own, do_sched_op, {5}), enosys);
	EXPECT_EQ(w.call(own, do_sched_op, {~u64{0}}), enosys);
}

TEST_F(Sched, BlockTurnsEeOnAndSleeps)
{
	EXPECT_EQ(block(), 0);
	EXPECT_EQ(own.regs.msr, msr_open);
	EXPECT_TRUE(own.blocked);
	EXPECT_THROW(w.leave(own), SleepsForEver) << "neither DEC nor the ticker wakes it";
	EXPECT_EQ(own.state, 2u);
}

TEST_F(Sched, BlockDoesNotSleepOnAPendingEvent)
{
	raise(0, 2);
	EXPECT_EQ(block(), 0);
	EXPECT_FALSE(own.blocked);
	w.leave(own);
	EXPECT_EQ(own.regs.pc, 0x500u);
	EXPECT_EQ(machine.naps, 0u);
}

TEST_F(Sched, AnEventOfAnotherCoreEndsTheNap)
{
	ASSERT_EQ(block(), 0);
	machine.on_nap = [&] {
		raise(1, 2);
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 1u);
	EXPECT_EQ(machine.kicks, std::vector<u32>{0});
	EXPECT_EQ(own.regs.pc, 0x500u);
	EXPECT_EQ(dec(0), 1000) << "its own DEC, not the alarm's";
	EXPECT_EQ(own.state, 0u);
}

/* DEC stands still in refhv, but not in a sleep: it runs out, and to zero only. */
TEST_F(Sched, DecCountsOnInASleep)
{
	for (const s64 length : {400, 999, 1000, 5000}) {
		ASSERT_EQ(block(), 0);
		machine.on_nap = [&] {
			machine.timebase += u64(length) / 2;
			if (machine.naps == 2)
				raise(1, 2);
		};
		machine.naps = 0;
		w.leave(own);
		EXPECT_EQ(dec(0), length < 1000 ? 1000 - length / 2 * 2 : 0) << length;
		w.upcall(0, 0) = 0;
		w.select(0, 0, 0, false);
		w.set_pending(0, 2, false);
		own.regs.msr = msr_shut;
	}
	options.historical = true; /* block does not look at DEC */
	ASSERT_EQ(block(-3), 0);
	machine.on_nap = [&] {
		EXPECT_EQ(own.state, 2u);
		machine.timebase += 100;
		raise(1, 2);
		EXPECT_EQ(own.state, 1u) << "runnable, not yet running";
	};
	w.leave(own);
	EXPECT_EQ(dec(0), -3);
}

TEST_F(Sched, AnEventOfItsOwnCoresDeviceEndsTheNap)
{
	ASSERT_EQ(block(), 0);
	machine.on_nap = [&] {
		raise(0, 2);
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 1u);
	EXPECT_EQ(own.regs.pc, 0x500u);
	EXPECT_EQ(own.waited, 0u);
}

TEST_F(Sched, AMaskedEventDoesNot)
{
	ASSERT_EQ(block(), 0);
	w.mask(0, 2, true);
	machine.on_nap = [&] {
		if (machine.naps == 2)
			throw SleepsForEver{};
		raise(1, 2);
	};
	EXPECT_THROW(w.leave(own), SleepsForEver);
	EXPECT_EQ(machine.naps, 2u);
}

TEST_F(Sched, TheTimerWakesAtItsTimeWithDecForced)
{
	ASSERT_EQ(set_timer(start + 5 * ms), 0);
	ASSERT_EQ(block(), 0);
	sleep_by_alarm();
	w.leave(own);
	EXPECT_EQ(machine.timebase, start + 5 * ms) << "neither early nor at the next tick";
	EXPECT_EQ(dec(0), 1);
	EXPECT_EQ(own.regs.pc, 0u) << "0x900, not an event";
	EXPECT_EQ(machine.naps, 1u);
}

TEST_F(Sched, AFarTimerIsReachedInSeveralNaps)
{
	ASSERT_EQ(set_timer(start + 0x200000000), 0);
	ASSERT_EQ(block(), 0);
	machine.on_nap = [] {
		EXPECT_LE(dec(0), 0x7fffffff);
		EXPECT_GT(dec(0), 0);
		machine.timebase += u64(dec(0));
	};
	w.leave(own);
	EXPECT_EQ(machine.timebase, start + 0x200000000);
	EXPECT_EQ(machine.naps, 5u);
}

/* An odd frequency: the alarm is never early, so that no turn is spent in vain. */
TEST_F(Sched, TheAlarmCountsInTicks)
{
	machine.hz = 14'318'000;
	ASSERT_EQ(set_timer(refhv::time::now() + 1000), 0);
	ASSERT_EQ(block(), 0);
	sleep_by_alarm();
	w.leave(own);
	EXPECT_EQ(machine.timebase, start + 15) << "1000 / 69, rounded up";
	EXPECT_EQ(machine.naps, 1u);
}

TEST_F(Sched, TheTickerDoesNotWakeButComesRightAfterwards)
{
	refhv::time::start_period(own, 10 * ms);
	ASSERT_EQ(block(), 0);
	machine.on_nap = [&] {
		EXPECT_EQ(dec(0), 0x7fffffff);
		machine.timebase += 50 * ms;
		if (machine.naps == 2)
			raise(1, 2);
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 2u);
	EXPECT_EQ(dec(0), 1);
}

/* One that is due in a sleep waits for its end, instead of being spent in it. */
TEST_F(Sched, TheTickerIsNotSpentInASleep)
{
	refhv::time::start_period(own, 10 * ms);
	ASSERT_EQ(block(), 0);
	machine.on_nap = [&] {
		machine.timebase += machine.naps == 1 ? 15 * ms : ms;
		EXPECT_EQ(own.state_since, start) << "one sleep, however many naps";
		if (machine.naps == 2)
			raise(1, 2);
	};
	w.leave(own);
	EXPECT_EQ(dec(0), 1);
}

/* A deadline that passed before block. */
TEST_F(Sched, BlockLooksAtTheTimerWithoutQuirks)
{
	ASSERT_EQ(set_timer(start + 5), 0);
	machine.timebase += 5;
	ASSERT_EQ(block(), 0);
	EXPECT_FALSE(own.blocked);
	w.leave(own);
	EXPECT_EQ(dec(0), 1);
}

TEST_F(Sched, ADecrementerThatRanOutByItselfWakesNobody)
{
	ASSERT_EQ(block(-1), 0);
	EXPECT_TRUE(own.blocked);
	options.historical = true;
	ASSERT_EQ(block(-1), 0);
	EXPECT_TRUE(own.blocked);
}

TEST_F(Sched, BlockLooksAtATimerThatFiredWithEeOffWithoutQuirks)
{
	ASSERT_EQ(set_timer(start + 5), 0);
	machine.timebase += 5;
	ASSERT_TRUE(refhv::time::expire(own));
	ASSERT_EQ(block(-1), 0);
	EXPECT_FALSE(own.blocked) << "its 0x900 is due";
	ASSERT_EQ(block(-1), 0);
	EXPECT_TRUE(own.blocked) << "once";
}

TEST_F(Sched, HistoricallyThatTimerIsLost)
{
	options.historical = true;
	ASSERT_EQ(set_timer(start + 5), 0);
	machine.timebase += 5;
	ASSERT_EQ(block(), 0);
	EXPECT_TRUE(own.blocked);
	EXPECT_THROW(w.leave(own), SleepsForEver);
	EXPECT_EQ(own.dec, 1) << "what the guest finds when something else wakes it";
	own.blocked = false;
	ASSERT_EQ(set_timer(refhv::time::now() + 5), 0);
	ASSERT_EQ(block(), 0);
	sleep_by_alarm();
	w.leave(own);
	EXPECT_EQ(dec(0), 1) << "one that is still to come works";
}

TEST_F(Sched, RaceTimerLosesEveryTimer)
{
	options.race = Race::Timer;
	ASSERT_EQ(set_timer(start + 500 * ms), 0);
	ASSERT_EQ(block(), 0);
	machine.on_nap = [&] {
		EXPECT_EQ(dec(0), 0x7fffffff);
		raise(1, 2);
	};
	w.leave(own);
	EXPECT_EQ(dec(0), 1) << "as if it had just expired";
	EXPECT_EQ(own.regs.pc, 0x500u);
	machine.on_nap = nullptr;
	w.upcall(0, 0) = 0;
	ASSERT_EQ(block(), 0);
	EXPECT_THROW(w.leave(own), SleepsForEver);
	EXPECT_EQ(dec(0), 0x7fffffff);
	EXPECT_EQ(own.dec, 1000) << "no timer was armed: nothing is forced";
}

TEST_F(Sched, PollErrors)
{
	SchedPoll arg{Be<u64>{inline_flag | ports_at}, Be<u32>{129}, Be<u32>{0}, Be<u64>{0}};

	EXPECT_EQ(w.call(own, do_sched_op, 3, arg), einval);
	arg.nr_ports.store(~0u);
	EXPECT_EQ(w.call(own, do_sched_op, 3, arg), einval);
	arg.nr_ports.store(1);
	arg.ports.store(inline_flag | u64{1} << 40);
	EXPECT_EQ(w.call(own, do_sched_op, 3, arg), efault);
	EXPECT_EQ(w.call(own, do_sched_op, {3, 0}), efault);
	EXPECT_EQ(poll({1, 4096}), einval);
	EXPECT_EQ(poll({0xffffffff}), einval);
	EXPECT_EQ(poll({0x10001}), einval);
	EXPECT_FALSE(own.blocked);
	EXPECT_EQ(own.poll, Poll::No);
}

TEST_F(Sched, PollTakes128Ports)
{
	SchedPoll arg{Be<u64>{inline_flag | ports_at}, Be<u32>{128}, Be<u32>{0}, Be<u64>{0}};

	for (u32 i = 0; i < 128; ++i) {
		const Be<u32> wire{100 + i};

		std::memcpy(w.memory(0, ports_at + 4 * i), &wire, 4);
	}
	w.enter(own, 0xc00);
	EXPECT_EQ(w.call(own, do_sched_op, 3, arg), 0);
	EXPECT_TRUE(own.blocked);
	machine.on_nap = [&] {
		raise(1, machine.naps == 1 ? 229 : 227);
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 2u) << "229 is not in the list (and another vcpu's), 227 is";
}

TEST_F(Sched, PollReturnsAtOnceOnAPendingPort)
{
	w.set_pending(0, 4095, true);
	EXPECT_EQ(poll({4, 4095}), 0);
	EXPECT_FALSE(own.blocked);
	w.mask(0, 4095, true);
	EXPECT_EQ(poll({4095}), 0);
	EXPECT_FALSE(own.blocked) << "masked or not";
	EXPECT_EQ(poll({4095, 5000}), 0) << "what comes after it is not looked at";
	EXPECT_EQ(own.regs.msr, msr_shut) << "EE stays as it is";
}

/* Its port masked and EE off, as a spinning lock has it: it wakes, and nothing is injected. */
TEST_F(Sched, PollWakesOnAMaskedPortWithEeOff)
{
	w.mask(0, 9, true);
	ASSERT_EQ(poll({9}), 0);
	machine.on_nap = [&] {
		raise(1, 9);
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 1u);
	EXPECT_EQ(machine.kicks, std::vector<u32>{0});
	EXPECT_EQ(own.regs.pc, 0u);
	EXPECT_EQ(own.regs.msr, msr_shut);
	EXPECT_EQ(dec(0), 1000);
}

TEST_F(Sched, PollWakesOnItsOwnUpcallToo)
{
	ASSERT_EQ(poll({9}), 0);
	machine.on_nap = [&] {
		raise(1, 2);
	};
	w.leave(own);
	EXPECT_EQ(machine.naps, 1u);
	EXPECT_FALSE(own.blocked);
}

/* Port 9 is vcpu 1's, masked: only its pending bit changes. */
TEST_F(Sched, PollWakesOnOtherPortsHistorically)
{
	w.mask(0, 9, true);
	w.mask(0, 11, true);
	ASSERT_EQ(poll({9}), 0);
	raise(1, 11);
	EXPECT_TRUE(own.blocked);
	w.set_pending(0, 11, false);
	options.historical = true;
	raise(1, 11);
	EXPECT_FALSE(own.blocked);
}

TEST_F(Sched, PollEndsAtItsAbsoluteTimeout)
{
	ASSERT_EQ(poll({9}, start + 7 * ms), 0);
	sleep_by_alarm();
	w.leave(own);
	EXPECT_EQ(machine.timebase, start + 7 * ms);
	EXPECT_EQ(dec(0), 0) << "nothing forces DEC at the end of a poll, but it counted on";
	EXPECT_EQ(own.poll, Poll::No);

	machine.naps = 0;
	ASSERT_EQ(poll({9}, 1), 0);
	w.leave(own);
	EXPECT_EQ(machine.naps, 0u) << "past: at once";

	ASSERT_EQ(set_timer(machine.timebase + 2 * ms), 0);
	ASSERT_EQ(poll({9}, machine.timebase + 7 * ms), 0);
	w.leave(own);
	EXPECT_EQ(machine.timebase, start + 9 * ms) << "the vcpu's timer is nearer";
	EXPECT_EQ(dec(0), 1);
}

TEST_F(Sched, AnOldPollsPortsDoNotEndALaterBlock)
{
	w.mask(0, 9, true);
	ASSERT_EQ(poll({9}), 0);
	machine.on_nap = [&] {
		raise(1, 9);
	};
	w.leave(own);
	w.set_pending(0, 9, false);
	ASSERT_EQ(block(), 0);
	raise(1, 9);
	EXPECT_TRUE(own.blocked);
}

TEST_F(Sched, AnOldPollTimeoutDoesNotEndALaterBlock)
{
	ASSERT_EQ(poll({9}, start + 7 * ms), 0);
	machine.on_nap = [&] {
		raise(1, 9);
	};
	w.leave(own);
	machine.timebase += 10 * ms;
	machine.on_nap = nullptr;
	w.upcall(0, 0) = w.upcall(0, 1) = 0;
	ASSERT_EQ(block(), 0);
	EXPECT_THROW(w.leave(own), SleepsForEver);
	EXPECT_EQ(dec(0), 0x7fffffff) << "nor does it set the alarm";
}

/* With an upcall pending and EE=1 the historical poll slept on; without quirks it returns. */
TEST_F(Sched, PollWithAPendingUpcall)
{
	w.upcall(0, 0) = 1;
	ASSERT_EQ(poll({9}), 0);
	EXPECT_TRUE(own.blocked) << "EE=0: nothing could be delivered";
	own.blocked = false;
	own.poll = Poll::No;
	own.regs.msr = msr_open;
	ASSERT_EQ(poll({9}), 0);
	EXPECT_FALSE(own.blocked);
	options.historical = true;
	ASSERT_EQ(poll({9}), 0);
	EXPECT_TRUE(own.blocked);
}

TEST_F(Sched, ShutdownReasonHas8Bits)
{
	SchedShutdown arg{Be<u32>{0x101}};

	EXPECT_EQ(w.call(w.vcpu(1, 0), do_sched_op, {2, 0}), efault);
	EXPECT_FALSE(w.dom(1).shut_down);
	EXPECT_EQ(w.call(w.vcpu(1, 0), do_sched_op, 2, arg), 0);
	EXPECT_TRUE(w.dom(1).shut_down);
	EXPECT_EQ(w.dom(1).shutdown_reason, 1);
	EXPECT_FALSE(w.dom(0).shut_down);
}

TEST_F(Sched, RemoteShutdown)
{
	SchedRemoteShutdown arg{Be<u16>{5}, Be<u16>{0}, Be<u32>{0xff03}};

	EXPECT_EQ(w.call(w.vcpu(1, 0), do_sched_op, {4, 0}), eperm) << "before reading";
	EXPECT_EQ(w.call(own, do_sched_op, {4, 0}), efault);
	arg.domain_id.store(9);
	EXPECT_EQ(w.call(own, do_sched_op, 4, arg), esrch);
	arg.domain_id.store(5);
	EXPECT_EQ(w.call(own, do_sched_op, 4, arg), 0);
	EXPECT_TRUE(w.dom(1).shut_down);
	EXPECT_EQ(w.dom(1).shutdown_reason, 3);
}

} // namespace
