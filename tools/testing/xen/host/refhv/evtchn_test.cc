/* SPDX-License-Identifier: GPL-2.0 */
/*
 * event_channel_op: every operation, every row of its table of errors, and the chain of
 * bits that an event sets (layouts 6, ABI 5.2, 5.3).
 */
#include <random>

#include <gtest/gtest.h>

#include "event_model.hh"

namespace {

using namespace event_world;
using namespace xen::ppc;

constexpr s64 eperm = -1, enoent = -2, esrch = -3, efault = -14, ebusy = -16, eexist = -17,
	      einval = -22, enospc = -28, enosys = -38;

class Evtchn : public ::testing::Test {
protected:
	template <class T> s64 op(u32 d, EvtchnOp command, T &arg)
	{
		return w.call(w.vcpu(d, 0), do_event_channel_op, u64(command), arg);
	}
	s64 alloc(u32 d, u32 dom, u32 remote, u32 &got)
	{
		EvtchnAllocUnbound arg{Be<u16>{u16(dom)}, Be<u16>{u16(remote)}, Be<u32>{~0u}};
		const s64 result = op(d, EvtchnOp::AllocUnbound, arg);

		got = arg.port.load();
		return result;
	}
	s64 inter(u32 d, u32 remote, u32 remote_port, u32 &got)
	{
		EvtchnBindInterdomain arg{Be<u16>{u16(remote)}, Be<u16>{0}, Be<u32>{remote_port},
					  Be<u32>{~0u}};
		const s64 result = op(d, EvtchnOp::BindInterdomain, arg);

		got = arg.local_port.load();
		return result;
	}
	s64 virq(u32 d, u32 number, u32 vcpu, u32 &got)
	{
		EvtchnBindVirq arg{Be<u32>{number}, Be<u32>{vcpu}, Be<u32>{~0u}};
		const s64 result = op(d, EvtchnOp::BindVirq, arg);

		got = arg.port.load();
		return result;
	}
	s64 pirq(u32 d, u32 number, u32 &got)
	{
		EvtchnBindPirq arg{Be<u32>{number}, Be<u32>{0}, Be<u32>{~0u}};
		const s64 result = op(d, EvtchnOp::BindPirq, arg);

		got = arg.port.load();
		return result;
	}
	s64 ipi(u32 d, u32 vcpu, u32 &got)
	{
		EvtchnBindIpi arg{Be<u32>{vcpu}, Be<u32>{~0u}};
		const s64 result = op(d, EvtchnOp::BindIpi, arg);

		got = arg.port.load();
		return result;
	}
	s64 one(u32 d, EvtchnOp command, u32 at)
	{
		Be<u32> arg{at};

		return op(d, command, arg);
	}
	s64 close(u32 d, u32 at) { return one(d, EvtchnOp::Close, at); }
	s64 send(u32 d, u32 at) { return one(d, EvtchnOp::Send, at); }
	s64 unmask(u32 d, u32 at) { return one(d, EvtchnOp::Unmask, at); }
	s64 bind_vcpu(u32 d, u32 at, u32 vcpu)
	{
		EvtchnBindVcpu arg{Be<u32>{at}, Be<u32>{vcpu}};

		return op(d, EvtchnOp::BindVcpu, arg);
	}
	s64 reset(u32 d, u32 dom)
	{
		Be<u16> arg{u16(dom)};

		return op(d, EvtchnOp::Reset, arg);
	}
	EvtchnStatus status(u32 d, u32 at, s64 expected = 0, u32 dom = 0x7ff0)
	{
		EvtchnStatus arg;

		std::memset(static_cast<void *>(&arg), 0xaa, sizeof(arg));
		arg.dom.store(u16(dom));
		arg.port.store(at);
		EXPECT_EQ(op(d, EvtchnOp::Status, arg), expected);
		return arg;
	}
	u32 state(u32 d, u32 at) { return status(d, at).status.load(); }
	u32 fill(u32 d) /* every free port; how many there were */
	{
		u32 ignored, count = 0;

		while (ipi(d, 0, ignored) == 0)
			++count;
		return count;
	}

	World w;
	u32 port = 0, other = 0;
};

TEST_F(Evtchn, AllocUnboundGivesTheLowestFreePort)
{
	EXPECT_EQ(alloc(0, 0x7ff0, 5, port), 0);
	EXPECT_EQ(port, 1u);
	EXPECT_EQ(alloc(0, 0x7ff0, 5, port), 0);
	EXPECT_EQ(port, 2u);
	EXPECT_EQ(close(0, 1), 0);
	EXPECT_EQ(alloc(0, 0, 5, port), 0) << "a privileged caller may use its own number";
	EXPECT_EQ(port, 1u);
	EXPECT_EQ(state(0, 1), 1u);
	EXPECT_EQ(status(0, 1).u.peer.dom.load(), 5u);
}

TEST_F(Evtchn, AllocUnboundForAnotherDomain)
{
	EXPECT_EQ(alloc(0, 5, 0x7ff0, port), 0);
	EXPECT_EQ(state(1, port), 1u);
	EXPECT_EQ(status(1, port).u.peer.dom.load(), 0u) << "self is the caller, not the owner";
	EXPECT_EQ(state(0, port), 0u);
	EXPECT_EQ(alloc(0, 9, 0x7ff0, port), esrch);
	EXPECT_EQ(violations(Rule::PortNotOwned), 0u);
	EXPECT_EQ(alloc(1, 0, 0x7ff0, port), eperm);
	EXPECT_EQ(violations(Rule::PortNotOwned), 1u);
	EXPECT_EQ(alloc(1, 5, 0, port), eperm) << "historically its own number needs privilege too";
	EXPECT_EQ(violations(Rule::PortNotOwned), 1u);
	EXPECT_EQ(port, ~0u) << "nothing is written back";
}

TEST_F(Evtchn, EveryPortButNoneIsGivenOut)
{
	EXPECT_EQ(fill(1), 4095u);
	EXPECT_EQ(alloc(1, 0x7ff0, 0, port), enospc);
	EXPECT_EQ(ipi(1, 0, port), enospc);
	EXPECT_EQ(virq(1, 1, 0, port), enospc);
	EXPECT_EQ(alloc(0, 0x7ff0, 5, other), 0);
	EXPECT_EQ(inter(1, 0, other, port), enospc);
	EXPECT_EQ(inter(1, 0, 4096, port), enospc) << "a port is looked for first";
	EXPECT_EQ(state(0, other), 1u);
	EXPECT_EQ(alloc(0, 5, 0, port), enospc);
	EXPECT_EQ(fill(0), 4094u);
	EXPECT_EQ(pirq(0, 7, port), enospc);
	EXPECT_EQ(close(1, 4095), 0);
	EXPECT_EQ(ipi(1, 1, port), 0);
	EXPECT_EQ(port, 4095u);
}

TEST_F(Evtchn, InterdomainPairIsSymmetricAndPendingOnce)
{
	ASSERT_EQ(alloc(1, 0x7ff0, 0, other), 0);
	ASSERT_EQ(ipi(0, 0, port), 0); /* so that the numbers differ */
	ASSERT_EQ(inter(0, 5, other, port), 0);
	EXPECT_EQ(port, 2u);
	EXPECT_TRUE(w.pending(0, port));
	EXPECT_TRUE(w.selected(0, 0, 0));
	EXPECT_EQ(w.upcall(0, 0), 1);
	EXPECT_FALSE(w.pending(1, other));

	const EvtchnStatus here = status(0, port), there = status(1, other);

	EXPECT_EQ(here.status.load(), 2u);
	EXPECT_EQ(here.u.peer.dom.load(), 5u);
	EXPECT_EQ(here.u.peer.port.load(), other);
	EXPECT_EQ(there.status.load(), 2u);
	EXPECT_EQ(there.u.peer.dom.load(), 0u);
	EXPECT_EQ(there.u.peer.port.load(), port);

	EXPECT_EQ(send(1, other), 0);
	EXPECT_FALSE(w.pending(1, other));
	w.set_pending(0, port, false);
	EXPECT_EQ(send(1, other), 0);
	EXPECT_TRUE(w.pending(0, port));
	EXPECT_EQ(send(0, port), 0);
	EXPECT_TRUE(w.pending(1, other));
	EXPECT_EQ(w.upcall(1, 0), 1);
}

TEST_F(Evtchn, BindInterdomainErrors)
{
	ASSERT_EQ(alloc(0, 0x7ff0, 7, other), 0); /* kept for domain 7 */
	EXPECT_EQ(inter(1, 9, other, port), esrch);
	EXPECT_EQ(inter(1, 0, 4096, port), einval);
	EXPECT_EQ(inter(1, 0, 0xffffffff, port), einval);
	EXPECT_EQ(inter(1, 0, 0x10000 + other, port), einval) << "not cut to 16 bits";
	EXPECT_EQ(inter(1, 0, 0, port), einval) << "port 0 is reserved";
	EXPECT_EQ(inter(1, 0, other + 1, port), einval) << "free";
	EXPECT_EQ(violations(Rule::PortNotOwned), 0u);
	EXPECT_EQ(inter(1, 0, other, port), einval) << "for another domain";
	EXPECT_EQ(violations(Rule::PortNotOwned), 1u);
	EXPECT_EQ(state(0, other), 1u);
	EXPECT_EQ(state(1, 1), 0u) << "no local port stays behind";
	ASSERT_EQ(alloc(0, 0x7ff0, 5, other), 0);
	EXPECT_EQ(inter(1, 0, other, port), 0);
	EXPECT_EQ(inter(1, 0, other, port), einval) << "bound already";
}

TEST_F(Evtchn, LoopbackWithinADomain)
{
	ASSERT_EQ(alloc(1, 0x7ff0, 0x7ff0, other), 0);
	ASSERT_EQ(inter(1, 0x7ff0, other, port), 0);
	EXPECT_NE(port, other);
	w.set_pending(1, port, false);
	EXPECT_EQ(send(1, port), 0);
	EXPECT_TRUE(w.pending(1, other));
	EXPECT_FALSE(w.pending(1, port));
	EXPECT_EQ(close(1, port), 0);
	EXPECT_EQ(state(1, other), 1u);
	EXPECT_EQ(status(1, other).u.peer.dom.load(), 5u);
}

TEST_F(Evtchn, CloseLeavesThePeerUnboundForItsPartner)
{
	ASSERT_EQ(alloc(1, 0x7ff0, 0, other), 0);
	ASSERT_EQ(inter(0, 5, other, port), 0);
	EXPECT_EQ(close(0, port), 0);
	EXPECT_EQ(state(0, port), 0u);
	EXPECT_EQ(state(1, other), 1u);
	EXPECT_EQ(status(1, other).u.peer.dom.load(), 0u);
	EXPECT_EQ(send(1, other), 0) << "unbound: silently accepted";
	EXPECT_EQ(send(0, port), einval);
	EXPECT_EQ(inter(0, 5, other, port), 0) << "it can be bound again";
	for (const u32 none : {0u, 77u, 4096u, 0x10000 + port, ~0u})
		EXPECT_EQ(close(0, none), einval) << none;
}

TEST_F(Evtchn, CloseResetsTheNotifiedVcpu)
{
	ASSERT_EQ(alloc(0, 0x7ff0, 5, port), 0);
	ASSERT_EQ(bind_vcpu(0, port, 1), 0);
	EXPECT_EQ(status(0, port).vcpu.load(), 1u);
	ASSERT_EQ(close(0, port), 0);
	EXPECT_EQ(status(0, port).vcpu.load(), 0u);
}

TEST_F(Evtchn, SendWhereNothingCanBeSent)
{
	EXPECT_EQ(send(0, 0), einval);
	EXPECT_EQ(send(0, 1), einval);
	EXPECT_EQ(send(0, 4095), einval);
	EXPECT_EQ(send(0, 4096), einval);
	EXPECT_EQ(send(0, 0x80000001), einval);
	ASSERT_EQ(virq(0, 1, 0, port), 0);
	EXPECT_EQ(send(0, port), einval);
	ASSERT_EQ(pirq(0, 3, port), 0);
	EXPECT_EQ(send(0, port), einval);
}

TEST_F(Evtchn, VirqKinds)
{
	for (u32 number = 0; number < 24; ++number) {
		const bool own = number == 0 || number == 1 || number == 7;

		EXPECT_EQ(virq(0, number, 1, port), own ? 0 : einval) << number;
		EXPECT_EQ(virq(0, number, 0, port), 0) << number;
		EXPECT_EQ(status(0, port).status.load(), 4u);
		EXPECT_EQ(status(0, port).u.source.number.load(), number);
		EXPECT_EQ(virq(0, number, 0, other), eexist) << number;
		EXPECT_EQ(close(0, port), 0);
		EXPECT_EQ(virq(0, number, 0, port), 0) << number << " again";
	}
	EXPECT_EQ(virq(0, 24, 0, port), einval);
	EXPECT_EQ(virq(0, 0xffffffff, 0, port), einval);
	EXPECT_EQ(virq(0, 1, 2, port), enoent);
	EXPECT_EQ(virq(0, 1, 0xffffffff, port), enoent);
	EXPECT_EQ(virq(0, 2, 0xffffffff, port), einval) << "global first";
}

TEST_F(Evtchn, VirqsAreRaisedWhereTheyAreBound)
{
	u32 console;

	ASSERT_EQ(virq(0, 1, 0, port), 0);
	ASSERT_EQ(virq(0, 1, 1, other), 0);
	ASSERT_EQ(virq(0, 2, 0, console), 0);
	evtchn::raise_virq(w.dom(0), 1, VcpuId{1});
	EXPECT_FALSE(w.pending(0, port));
	EXPECT_TRUE(w.pending(0, other));
	EXPECT_EQ(w.upcall(0, 1), 1);
	EXPECT_EQ(w.upcall(0, 0), 0);
	ASSERT_EQ(bind_vcpu(0, console, 1), 0) << "a global one may move";
	w.upcall(0, 1) = 0;
	w.select(0, 1, 0, false);
	evtchn::raise_virq(w.dom(0), 2, VcpuId{0});
	EXPECT_EQ(w.upcall(0, 1), 1);
	EXPECT_EQ(w.upcall(0, 0), 0);
	EXPECT_EQ(close(0, console), 0);
	w.set_pending(0, console, false);
	evtchn::raise_virq(w.dom(0), 2, VcpuId{0});
	EXPECT_FALSE(w.pending(0, console));
	evtchn::raise_virq(w.dom(0), 25, VcpuId{0}); /* numbers that nobody has */
	evtchn::raise_virq(w.dom(0), 1, VcpuId{31});
	EXPECT_EQ(bind_vcpu(0, port, 1), einval) << "not so a vcpu's own";
}

TEST_F(Evtchn, PirqNeedsPrivilegeANumberAndNobodyElse)
{
	EXPECT_EQ(pirq(0, 256, port), einval);
	EXPECT_EQ(pirq(0, 0xffffffff, port), einval);
	EXPECT_EQ(pirq(0, 0, port), einval) << "no vector";
	EXPECT_EQ(pirq(1, 256, port), einval) << "the number is judged before the right";
	EXPECT_EQ(pirq(1, 5, port), eperm);
	EXPECT_EQ(pirq(0, 5, port), 0);
	EXPECT_EQ(state(0, port), 3u);
	EXPECT_EQ(status(0, port).u.source.number.load(), 5u);
	EXPECT_EQ(pirq(0, 5, other), eexist);
	w.dom(1).privileged = true;
	EXPECT_EQ(pirq(1, 5, other), ebusy);
	evtchn::raise_pirq(5);
	EXPECT_TRUE(w.pending(0, port));
	EXPECT_EQ(close(0, port), 0);
	EXPECT_EQ(pirq(1, 5, other), 0);
	evtchn::raise_pirq(5);
	EXPECT_TRUE(w.pending(1, other));
	evtchn::raise_pirq(256);
}

TEST_F(Evtchn, IpiGoesToItsVcpu)
{
	EXPECT_EQ(ipi(1, 2, port), enoent);
	EXPECT_EQ(ipi(1, 0xffffffff, port), enoent);
	ASSERT_EQ(ipi(1, 1, port), 0);
	EXPECT_EQ(state(1, port), 5u);
	EXPECT_EQ(status(1, port).vcpu.load(), 1u);
	EXPECT_EQ(send(1, port), 0);
	EXPECT_EQ(w.upcall(1, 1), 1);
	EXPECT_EQ(w.upcall(1, 0), 0);
	EXPECT_EQ(machine.kicks, std::vector<u32>{3}) << "the core of domain 5's vcpu 1";
}

TEST_F(Evtchn, BindVcpuErrors)
{
	ASSERT_EQ(ipi(0, 0, port), 0);
	EXPECT_EQ(bind_vcpu(0, port, 1), einval);
	EXPECT_EQ(bind_vcpu(0, port, 2), enoent) << "the vcpu is judged first";
	EXPECT_EQ(bind_vcpu(0, 4096, 2), enoent);
	EXPECT_EQ(bind_vcpu(0, 4096, 1), einval);
	EXPECT_EQ(bind_vcpu(0, 0x10000 + port, 1), einval);
	EXPECT_EQ(bind_vcpu(0, 0, 1), einval);
	EXPECT_EQ(bind_vcpu(0, 50, 1), einval);
	ASSERT_EQ(pirq(0, 9, port), 0);
	EXPECT_EQ(bind_vcpu(0, port, 1), 0);
}

TEST_F(Evtchn, StatusErrorsAndWhatStaysUntouched)
{
	status(0, 4096, einval);
	status(0, 0xffffffff, einval);
	EXPECT_EQ(status(0, 0).status.load(), 0u);
	EXPECT_EQ(status(0, 4095).status.load(), 0u);
	status(0, 1, esrch, 9);
	EXPECT_EQ(status(0, 1, 0, 5).status.load(), 0u);
	EXPECT_EQ(violations(Rule::PortNotOwned), 0u);
	EXPECT_EQ(status(1, 1, eperm, 0).status.load(), 0xaaaaaaaau) << "not written back";
	EXPECT_EQ(violations(Rule::PortNotOwned), 1u);
}

TEST_F(Evtchn, ResetClosesEverythingOfOneDomain)
{
	ASSERT_EQ(alloc(1, 0x7ff0, 0, other), 0);
	ASSERT_EQ(inter(0, 5, other, port), 0);
	ASSERT_EQ(virq(1, 1, 1, port), 0);
	ASSERT_EQ(virq(1, 2, 0, port), 0);
	EXPECT_EQ(reset(1, 0), eperm);
	EXPECT_EQ(reset(1, 5), eperm);
	EXPECT_EQ(reset(0, 9), esrch);
	EXPECT_EQ(reset(0, 5), 0);
	for (u32 p = 0; p < 10; ++p)
		EXPECT_EQ(state(1, p), 0u);
	EXPECT_EQ(state(0, 1), 1u) << "dom0's end";
	EXPECT_EQ(virq(1, 1, 1, port), 0);
	EXPECT_EQ(port, 1u);
	EXPECT_EQ(reset(1, 0x7ff0), 0);
	EXPECT_EQ(state(1, 1), 0u);
	EXPECT_EQ(ipi(1, 0, port), 0);
	EXPECT_EQ(port, 1u) << "and port 0 is still nobody's";
}

TEST_F(Evtchn, UnknownOperationsAndBadHandles)
{
	Be<u32> arg{1};

	EXPECT_EQ(op(0, EvtchnOp{11}, arg), enosys);
	EXPECT_EQ(op(0, EvtchnOp{0xffffffff}, arg), enosys);
	for (u64 command = 0; command <= 10; ++command) {
		EXPECT_EQ(w.call(w.vcpu(0, 0), do_event_channel_op, {command, 0}), efault)
			<< command;
		EXPECT_EQ(
			w.call(w.vcpu(0, 0), do_event_channel_op, {command, inline_flag | 1 << 30}),
			efault)
			<< command;
	}
}

/* The chain: channel bit, selector bit, upcall byte; what is set or masked ends it. */
TEST_F(Evtchn, ChainEndsWhereABitIsSet)
{
	ASSERT_EQ(ipi(1, 0, port), 0);
	for (u32 p = 1; p < 200; ++p)
		ASSERT_EQ(ipi(1, 0, other), 0); /* 2 .. 200 */

	w.set_pending(1, 70, true);
	EXPECT_EQ(send(1, 70), 0);
	EXPECT_FALSE(w.selected(1, 0, 1)) << "channel bit was set";
	w.set_pending(1, 70, false);

	w.mask(1, 70, true);
	EXPECT_EQ(send(1, 70), 0);
	EXPECT_TRUE(w.pending(1, 70));
	EXPECT_FALSE(w.selected(1, 0, 1)) << "masked";
	EXPECT_EQ(w.upcall(1, 0), 0);

	w.select(1, 0, 1, true);
	EXPECT_EQ(send(1, 71), 0);
	EXPECT_TRUE(w.pending(1, 71));
	EXPECT_EQ(w.upcall(1, 0), 0) << "selector bit was set";

	EXPECT_EQ(send(1, 130), 0);
	EXPECT_TRUE(w.selected(1, 0, 2));
	EXPECT_EQ(w.upcall(1, 0), 1);
	for (u32 p = 0; p < 4096; ++p)
		EXPECT_EQ(w.pending(1, p), p == 70 || p == 71 || p == 130) << p;
	for (u32 p = 0; p < 4096; ++p)
		EXPECT_FALSE(w.pending(0, p)) << "another domain's page, " << p;
}

TEST_F(Evtchn, UnmaskDeliversWhatIsPending)
{
	ASSERT_EQ(ipi(1, 1, port), 0);
	w.mask(1, port, true);
	EXPECT_EQ(unmask(1, port), 0);
	EXPECT_FALSE(w.masked(1, port));
	EXPECT_EQ(w.upcall(1, 1), 0) << "nothing was pending";

	w.mask(1, port, true);
	w.set_pending(1, port, true);
	EXPECT_EQ(unmask(1, port), 0);
	EXPECT_EQ(w.upcall(1, 1), 1);
	EXPECT_TRUE(w.selected(1, 1, 0));
	EXPECT_EQ(machine.kicks, std::vector<u32>{3});

	w.upcall(1, 1) = 0;
	w.select(1, 1, 0, false);
	EXPECT_EQ(unmask(1, port), 0);
	EXPECT_EQ(w.upcall(1, 1), 0) << "it was not masked: nothing to do";
	for (const u32 none : {4096u, ~0u})
		EXPECT_EQ(unmask(1, none), einval);
}

/* A domain whose page is not there yet (control calls build it) has channels already. */
TEST_F(Evtchn, NoPageNoBits)
{
	ASSERT_EQ(alloc(0, 5, 0, other), 0);
	ASSERT_EQ(inter(0, 5, other, port), 0);
	w.dom(1).shared_info_at = MachAddr{0};
	EXPECT_EQ(send(0, port), 0);
	EXPECT_EQ(unmask(1, other), 0);
	EXPECT_FALSE(evtchn::pending(w.dom(1), Port{other}));
	for (u32 at = 0; at < page_bytes; ++at)
		ASSERT_EQ(host_ram[at], 0) << "machine address 0 is not a shared page";
}

TEST_F(Evtchn, EventsForAStoppedOrAbsentDomain)
{
	ASSERT_EQ(alloc(1, 0x7ff0, 0, other), 0);
	ASSERT_EQ(inter(0, 5, other, port), 0);
	w.dom(1).present = false;
	EXPECT_EQ(send(0, port), 0);
	EXPECT_FALSE(w.pending(1, other));
	evtchn::raise(w.dom(1), Port{other});
	EXPECT_FALSE(w.pending(1, other)) << "its memory may be somebody else's by now";
	EXPECT_EQ(close(0, port), 0);
	EXPECT_EQ(reset(0, 5), esrch);
}

TEST_F(Evtchn, RandomSequencesAreAsTheModelSays)
{
	std::mt19937_64 random{20261121};

	for (u32 round = 0; round < 20; ++round) {
		std::vector<u8> program(8 * 150);

		for (u8 &byte : program)
			byte = u8(random());
		EXPECT_EQ(Model(w).run(program), "") << "round " << round;
	}
}

} // namespace
