/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way out of refhv: injection and its masks, whom an event kicks or wakes, SRR0/1,
 * DEC, and the rule that EE=1 needs RI=1 (ABI 5.3, 1.2).
 */
#include <gtest/gtest.h>

#include "event_world.hh"

namespace {

using namespace event_world;

constexpr u64 hypercall = 0xc00, hdec = 0x980, external = 0x500, doorbell = 0xe80, illegal = 0xe40;

class Way : public ::testing::Test {
protected:
	Way()
	{
		for (u32 d = 0; d < 2; ++d)
			for (u32 v = 0; v < 2; ++v) {
				Channel &channel = w.dom(d).events.channel[10 + v];

				channel.state = PortState::Ipi;
				channel.vcpu = u8(v);
				w.vcpu(d, v).regs.pc = 0x1234;
			}
	}
	/* An event for vcpu @v of domain @d, raised by what runs on core @cpu. */
	void raise(u32 cpu, u32 d, u32 v)
	{
		machine.cpu = cpu;
		evtchn::raise(w.dom(d), Port{10 + v});
	}
	/* The guest's own handling: byte, selector and channel bit. */
	void handle(u32 d, u32 v)
	{
		w.upcall(d, v) = 0;
		w.select(d, v, 0, false);
		w.set_pending(d, 10 + v, false);
	}
	bool injected(Vcpu &vcpu)
	{
		const bool at_vector = vcpu.regs.pc == 0x500;

		if (at_vector)
			vcpu.regs.pc = 0x1234;
		return at_vector;
	}
	void exit_by(Vcpu &vcpu, u64 vector, u64 msr)
	{
		vcpu.regs.msr = msr;
		w.enter(vcpu, vector);
		w.leave(vcpu);
	}

	World w;
	Vcpu &own = w.vcpu(0, 0);
};

TEST_F(Way, InjectionAsTheHardwareWouldDoIt)
{
	/* Every bit that a guest can have, and what SRR1 leaves out of it. */
	constexpr u64 full = u64{1} << 63 | u64{1} << 25 | 0xff36, srr1_hole = 0x783f0000;

	raise(0, 0, 0);
	exit_by(own, hypercall, full | srr1_hole);
	EXPECT_EQ(own.regs.pc, 0x500u);
	EXPECT_EQ(own.regs.msr & ~srr1_hole, u64{1} << 63 | u64{1} << 25 | 0x1000);
	EXPECT_EQ(machine.srr0[0], 0x1234u);
	EXPECT_EQ(machine.srr1[0], full & ~srr1_hole);
	EXPECT_EQ(w.upcall(0, 0), 1) << "the guest clears the byte, not refhv";
}

TEST_F(Way, InjectionInto32BitModeSetsSf)
{
	raise(0, 0, 0);
	exit_by(own, hypercall, 0x8002);
	EXPECT_EQ(own.regs.msr, u64{1} << 63 | 0x1000);
	EXPECT_EQ(machine.srr1[0], 0x8002u);
}

TEST_F(Way, OtherVectorsAndReasonBits)
{
	machine.cpu = 0;
	own.regs.msr = msr_open;
	upcall::inject(own, 0x700, 0x80000);
	EXPECT_EQ(own.regs.pc, 0x700u);
	EXPECT_EQ(machine.srr1[0], msr_open | 0x80000);
	w.enter(own, illegal);
	w.leave(own);
	EXPECT_EQ(machine.srr1[0], msr_open | 0x80000) << "a reflected exception keeps its SRR1";
	EXPECT_EQ(own.regs.pc, 0x700u);
}

/* Whatever brought refhv in: a pending byte is injected as long as EE is on. */
TEST_F(Way, EveryExitInjectsWhileTheByteIsSet)
{
	raise(0, 0, 0);
	for (u64 vector : {hypercall, hdec, external, doorbell}) {
		exit_by(own, vector, msr_open);
		EXPECT_TRUE(injected(own)) << vector;
		exit_by(own, vector, msr_shut);
		EXPECT_FALSE(injected(own)) << vector << " with EE=0";
	}
	w.upcall(0, 0) = 0x80; /* any bit of the byte counts */
	exit_by(own, hypercall, msr_open);
	EXPECT_TRUE(injected(own));
	w.upcall(0, 0) = 0;
	exit_by(own, hypercall, msr_open);
	EXPECT_FALSE(injected(own));
}

TEST_F(Way, TheMaskByteIsNotRead)
{
	raise(0, 0, 0);
	w.shared(0)[1] = 1;
	exit_by(own, hypercall, msr_open);
	EXPECT_TRUE(injected(own));
}

TEST_F(Way, AnotherVcpuIsKickedAtOnceWhateverItsEe)
{
	raise(0, 0, 1);
	EXPECT_EQ(machine.kicks, std::vector<u32>{1});
	raise(0, 1, 1);
	EXPECT_EQ(machine.kicks, (std::vector<u32>{1, 3}));
	handle(1, 1);
	w.vcpu(1, 1).regs.msr = msr_open;
	raise(0, 1, 1);
	EXPECT_EQ(machine.kicks, (std::vector<u32>{1, 3, 3}));
	w.set_pending(1, 11, false);
	raise(0, 1, 1);
	EXPECT_EQ(machine.kicks.size(), 3u) << "the byte was set: once is enough";
}

TEST_F(Way, FaithfulWaitsForHdecAndCountsOnce)
{
	raise(0, 0, 0);
	exit_by(own, hypercall, msr_shut);
	EXPECT_TRUE(machine.kicks.empty());
	EXPECT_EQ(own.waited, 0u);
	exit_by(own, hdec, msr_shut);
	EXPECT_EQ(own.waited, 0u) << "still shut";
	exit_by(own, hdec, msr_open);
	EXPECT_TRUE(injected(own));
	EXPECT_EQ(own.waited, 1u);
	exit_by(own, hdec, msr_open);
	EXPECT_TRUE(injected(own));
	EXPECT_EQ(own.waited, 1u) << "the same event";
	handle(0, 0);
	own.regs.msr = msr_open;
	raise(0, 0, 0);
	exit_by(own, hdec, msr_open);
	EXPECT_TRUE(injected(own));
	EXPECT_EQ(own.waited, 1u) << "raised with EE=1: it did not have to wait";
}

TEST_F(Way, NoWaitWhereTheGuestFetchesItself)
{
	own.regs.msr = msr_shut;
	raise(0, 0, 0);
	exit_by(own, hypercall, msr_shut);
	exit_by(own, hypercall, msr_open); /* a cheap call after EE came on */
	EXPECT_TRUE(injected(own));
	EXPECT_EQ(own.waited, 0u);
	handle(0, 0);

	own.regs.msr = msr_shut;
	raise(0, 0, 0);
	exit_by(own, hypercall, msr_shut);
	handle(0, 0); /* it looked at the byte */
	exit_by(own, hdec, msr_open);
	EXPECT_FALSE(injected(own));
	EXPECT_EQ(own.waited, 0u);
	raise(0, 0, 0);
	exit_by(own, hdec, msr_open);
	EXPECT_TRUE(injected(own));
	EXPECT_EQ(own.waited, 0u) << "the old wait is forgotten";
}

TEST_F(Way, PromptKicksItselfWithEeOff)
{
	options.upcall = Upcall::Prompt;
	own.regs.msr = msr_open;
	raise(0, 0, 0);
	EXPECT_TRUE(machine.kicks.empty()) << "EE=1: the exit delivers it";
	handle(0, 0);
	own.regs.msr = msr_shut;
	raise(0, 0, 0);
	EXPECT_EQ(machine.kicks, std::vector<u32>{0});
	exit_by(own, hypercall, msr_shut);
	EXPECT_FALSE(injected(own));
	exit_by(own, doorbell, msr_open);
	EXPECT_TRUE(injected(own));
	EXPECT_EQ(own.waited, 0u);
}

/* A 970 would have held a device's interrupt until EE=1: so the event comes right then. */
TEST_F(Way, DeviceInterruptWithEeOffIsPrompt)
{
	w.enter(own, external);
	raise(0, 0, 0);
	EXPECT_EQ(machine.kicks, std::vector<u32>{0});
	EXPECT_FALSE(own.waiting);
}

TEST_F(Way, EeWithoutRiEndsTheDomain)
{
	Vcpu &guest = w.vcpu(1, 0);

	raise(2, 1, 0);
	guest.regs.msr = msr_open & ~u64{2};
	w.enter(guest, hypercall);
	EXPECT_THROW(w.leave(guest), SleepsForEver);
	EXPECT_TRUE(w.dom(1).shut_down);
	EXPECT_EQ(w.dom(1).shutdown_reason, 3);
	EXPECT_EQ(violations(Rule::EeWithoutRi), 1u);
	EXPECT_FALSE(w.dom(0).shut_down);
	EXPECT_EQ(guest.regs.pc, 0x1234u);
}

TEST_F(Way, EeWithoutRiIsNoCrimeWithoutAnEvent)
{
	exit_by(own, hypercall, msr_open & ~u64{2});
	exit_by(own, hdec, msr_open & ~u64{2});
	EXPECT_EQ(violations(Rule::EeWithoutRi), 0u);
	raise(0, 0, 0);
	exit_by(own, hypercall, msr_shut & ~u64{2});
	EXPECT_EQ(violations(Rule::EeWithoutRi), 0u) << "EE=0, RI=0: a short section";
}

/* SRR0/1 read as all ones after every exit but HDEC and what came with EE=0. */
TEST_F(Way, SrrsAreDestroyed)
{
	struct {
		u64 vector, msr;
		bool lost;
	} const row[] = {
		{hypercall, msr_open, true}, {hypercall, msr_shut, true},
		{external, msr_open, true},  {external, msr_shut, false},
		{doorbell, msr_open, true},  {doorbell, msr_shut, false},
		{hdec, msr_open, false},     {hdec, msr_shut, false},
		{illegal, msr_open, false},
	};

	for (const auto &each : row) {
		machine.srr0[0] = machine.srr1[0] = 7;
		exit_by(own, each.vector, each.msr);
		EXPECT_EQ(machine.srr0[0], each.lost ? ~u64{0} : 7) << each.vector << each.msr;
		EXPECT_EQ(machine.srr1[0], each.lost ? ~u64{0} : 7) << each.vector << each.msr;
	}
	options.keep_srr = true;
	machine.srr0[0] = machine.srr1[0] = 7;
	exit_by(own, hypercall, msr_open);
	EXPECT_EQ(machine.srr0[0], 7u);
}

TEST_F(Way, DecIsRestoredAsItWas)
{
	own.regs.msr = msr_shut;
	w.enter(own, hypercall, 4711);
	w.leave(own);
	EXPECT_EQ(dec(0), 4711);
	EXPECT_FALSE(own.dec_saved);
	w.enter(own, hypercall, -5);
	w.leave(own);
	EXPECT_EQ(dec(0), -5) << "also one that has run out";
}

TEST_F(Way, AStoppedDomainSleepsForEver)
{
	w.dom(1).shut_down = true;
	raise(0, 1, 0);
	w.enter(w.vcpu(1, 0), hypercall);
	EXPECT_THROW(w.leave(w.vcpu(1, 0)), SleepsForEver);
	EXPECT_EQ(dec(2), 0x7fffffff) << "no alarm";
}

/* A core's first way out: waits for registers and VCPUOP_up, then loads the context once. */
TEST_F(Way, FirstEntry)
{
	Vcpu &second = w.vcpu(0, 1);

	second.initialised = second.online = second.entered = false;
	machine.on_nap = [&] {
		EXPECT_EQ(machine.loads, 0u);
		if (machine.naps == 2)
			second.initialised = true;
		if (machine.naps == 3)
			second.online = true;
	};
	second.regs.vector = 0;
	w.leave(second);
	EXPECT_EQ(machine.naps, 3u);
	EXPECT_EQ(machine.loads, 1u);
	EXPECT_EQ(dec(1), 0x7fffffff);
	w.enter(second, hypercall, 99);
	w.leave(second);
	EXPECT_EQ(machine.loads, 1u);
	EXPECT_EQ(dec(1), 99);
}

/* race=event: HDEC itself raises an event while EE is off, and nowhere else. */
TEST_F(Way, RaceEvent)
{
	options.race = Race::Event;
	own.virq_port[1] = 30;
	w.dom(0).events.channel[30] = {PortState::Virq, 0, DomId{0}, 1};
	exit_by(own, hypercall, msr_shut);
	exit_by(own, hdec, msr_open);
	EXPECT_FALSE(w.pending(0, 30));
	exit_by(own, hdec, msr_shut);
	EXPECT_TRUE(w.pending(0, 30));
	EXPECT_FALSE(injected(own));
	exit_by(own, hdec, msr_open);
	EXPECT_TRUE(injected(own));
	EXPECT_EQ(own.waited, 1u);
}

} // namespace
