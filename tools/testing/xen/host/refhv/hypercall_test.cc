// SPDX-License-Identifier: GPL-2.0
/*
 * The entry of hypercalls, the calls about refhv itself, and multicall.
 */
#include "call_guest.hh"

#include <abi/version.hh>

namespace {

using namespace call_test;
using xen::ppc::MulticallEntry;
namespace h = xen::ppc::h;

class Hypercall : public CallTest {};

TEST_F(Hypercall, NumbersWithoutAHandlerAreNotImplemented)
{
	for (u64 number :
	     {0ul, 5ul, 7ul, 11ul, 16ul, 19ul, 25ul, 27ul, 30ul, 34ul, 37ul, 63ul, 64ul, 0xfffful})
		EXPECT_EQ(dom0.trap(xen::ppc::xen_mark | number, {}), no(38)) << number;
	const std::string said = console_output();
	EXPECT_NE(said.find("d0: Xen call 0x7 is not implemented"), said.npos);
}

TEST_F(Hypercall, UnknownTokensAreParameterErrorsAndTheConsoleIsNotFlooded)
{
	for (int i = 0; i < 100; ++i)
		for (u64 token : {0x03ul, 0xe0ul, 0x54ul, 0x58ul, 0x1d4ul, 0x1d8ul, 1ul << 40})
			EXPECT_EQ(dom0.trap(token, {}), h::parameter) << token;
	EXPECT_LT(console_output().size(), 2000U);
	EXPECT_EQ(domains[0].vcpu[0].papr_calls[0], 0U) << "3 is no token";
	/* The mark is all 48 bits, or it is a token. */
	EXPECT_EQ(dom0.trap(0x7fffffffffff0011, {}), h::parameter);
	EXPECT_EQ(dom0.trap(0xfffffffffffe0011, {}), h::parameter);
}

TEST_F(Hypercall, ProblemStateIsRefusedInBothFamilies)
{
	Regs &regs = domains[0].vcpu[0].regs;

	regs.msr = msr::sf | msr::pr | msr::ee;
	regs.gpr[3] = xen::ppc::xen_mark | 17;
	regs.gpr[4] = 0;
	hypercall::enter(domains[0].vcpu[0]);
	EXPECT_EQ(static_cast<s64>(regs.gpr[3]), no(1));
	regs.gpr[3] = 0x04;
	hypercall::enter(domains[0].vcpu[0]);
	EXPECT_EQ(static_cast<s64>(regs.gpr[3]), h::privilege);
	EXPECT_EQ(broken(Rule::UserHypercall), 2U);
	EXPECT_EQ(domains[0].vcpu[0].calls[17], 0U);
}

TEST_F(Hypercall, OnlyTheResultRegisterChanges)
{
	Regs &regs = domains[0].vcpu[0].regs;

	for (u64 i = 0; i < 32; ++i)
		regs.gpr[i] = 0x1111 * i;
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {0}), 0x30000);
	for (u64 i = 5; i < 32; ++i)
		EXPECT_EQ(regs.gpr[i], 0x1111 * i) << i;
}

TEST_F(Hypercall, CallsAreCountedByNumberAndVcpu)
{
	for (int i = 0; i < 3; ++i)
		EXPECT_EQ(dom0.call(XenCall::XenVersion, {0}), 0x30000);
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {0}, 1), 0x30000);
	EXPECT_EQ(dom0.papr(Papr::PerfMon, {0, 0}), 0);
	EXPECT_EQ(dom0.trap(0xe0, {}), h::parameter);
	EXPECT_EQ(domains[0].vcpu[0].calls[17], 3U);
	EXPECT_EQ(domains[0].vcpu[1].calls[17], 1U);
	static_cast<void>(console_output());
	hypercall::print_counts();
	const std::string said = console_output();
	EXPECT_NE(said.find("\nrefhv:\t3\t1\txen_version\n"), said.npos) << said;
	EXPECT_NE(said.find("\nrefhv:\t1\t0\tH_PERFMON\n"), said.npos) << said;
	EXPECT_NE(said.find("\nrefhv:\t1\t0\tcall 0xe0\n"), said.npos)
		<< "an unknown call is counted too";
	EXPECT_EQ(said.find("sysctl"), said.npos) << "what nobody called is not printed";
}

TEST_F(Hypercall, FaultsAreInjectedBeforeTheHandler)
{
	options.fault[0] = {"xen_version", 2, -12, 0};
	options.fault[1] = {"H_PERFMON", 0, h::hardware, 0};
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {0}), 0x30000);
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {0}), no(12));
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {0}), 0x30000);
	static_cast<void>(console_output());
	EXPECT_EQ(dom0.papr(Papr::PerfMon, {1ul << 63, 0}), h::hardware);
	EXPECT_FALSE(rig::machine.pmu[0]);
}

TEST_F(Hypercall, SmallPaprCalls)
{
	EXPECT_EQ(dom0.papr(Papr::GetTce, {}), h::parameter);
	EXPECT_EQ(dom0.papr(Papr::StuffTce, {}), h::parameter);
	EXPECT_EQ(broken(Rule::DangerousCall), 2U);
	EXPECT_EQ(dom0.papr(Papr::SetDabr, {0x1000}), 0);
	EXPECT_EQ(rig::machine.dabr[0], 0x1000U);
	EXPECT_EQ(rig::machine.dabrx[0], 2U);
	EXPECT_EQ(dom0.papr(Papr::SetXdabr, {0x2000, 3}), 0);
	for (u64 bad : {0ul, 4ul, 7ul, 16ul})
		EXPECT_EQ(dom0.papr(Papr::SetXdabr, {0x3000, bad}), h::parameter);
	EXPECT_EQ(broken(Rule::DebugAddress), 4U);
	EXPECT_EQ(rig::machine.dabr[0], 0x2000U);
	EXPECT_EQ(rig::machine.dabrx[0], 3U);
	EXPECT_EQ(dom0.papr(Papr::PerfMon, {1ul << 63, 0}), 0);
	EXPECT_TRUE(rig::machine.pmu[0]);
	EXPECT_EQ(dom0.papr(Papr::PerfMon, {0, 1ul << 63}), 0);
	EXPECT_FALSE(rig::machine.pmu[0]);
	EXPECT_EQ(dom0.papr(Papr::PerfMon, {1ul << 63, 1ul << 63}), h::resource);
	EXPECT_EQ(dom0.papr(Papr::PerfMon, {1, 0}), h::parameter);
	EXPECT_EQ(dom0.papr(Papr::BulkRemove, {3ul << 62}), h::success);
	options.fault[0] = {"H_BULK_REMOVE", 0, h::hardware, 0};
	options.historical = true; /* nothing there, not even a name */
	EXPECT_EQ(dom0.papr(Papr::BulkRemove, {3ul << 62}), h::parameter);
}

TEST_F(Hypercall, VersionAnswersEveryCommandOfTheAbi)
{
	const auto ask = [&](u64 command, u64 bytes) {
		std::memset(dom0.memory(data_at), 0xee, bytes + 1);
		const s64 result = dom0.call(XenCall::XenVersion, {command, dom0.handle(data_at)});
		EXPECT_EQ(*dom0.memory(data_at + bytes), 0xee) << "one byte too many";
		return result;
	};
	const auto text = [&] {
		return std::string(reinterpret_cast<char *>(dom0.memory(data_at)));
	};

	EXPECT_EQ(dom0.call(XenCall::XenVersion, {0}), 0x30000);
	EXPECT_EQ(ask(1, 16), 0);
	EXPECT_EQ(text(), "-refhv");
	EXPECT_EQ(ask(2, 144), 0);
	EXPECT_EQ(ask(3, 1024), 0);
	EXPECT_EQ(text(), "xen-3.0-powerpc64 ");
	EXPECT_EQ(*dom0.memory(data_at + 1023), 0) << "filled to the end";
	EXPECT_EQ(ask(4, 64), 0);
	EXPECT_EQ(ask(5, 8), 0);
	EXPECT_EQ(dom0.word(data_at), 0U);
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {7, 0}), 4096);
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {7, xen::ppc::inline_flag}), 4096);
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {7, dom0.handle(data_at)}), no(22));
	EXPECT_EQ(ask(8, 16), 0);
	EXPECT_EQ(ask(9, 0), no(38));
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {1ul << 32, 0}), 0x30000) << "32 bits of it";
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {1, 0}), no(14));
	options.historical = true;
	EXPECT_EQ(ask(1, 16), 0);
	EXPECT_EQ(text(), "-unstable");
}

TEST_F(Hypercall, OneFeatureBitTellsTheModesApart)
{
	for (Mode mode : {Mode::Translated, Mode::Direct}) {
		build(mode);
		xen::ppc::FeatureInfo info{};
		EXPECT_EQ(dom0.with(XenCall::XenVersion, 6, info), 0);
		EXPECT_EQ(info.submap.load(), mode == Mode::Direct ? 1U : 5U);
		info.submap_idx.store(1);
		EXPECT_EQ(dom0.with(XenCall::XenVersion, 6, info), no(22));
	}
	/* In direct mode the guest-physical address is somebody else's memory or nobody's. */
	EXPECT_EQ(dom0.call(XenCall::XenVersion, {6, xen::ppc::inline_flag | 0x10000}), no(14));
}

TEST_F(Hypercall, AreasAreOpenedForTheCallThatNamesThem)
{
	for (Mode mode : {Mode::Translated, Mode::Direct}) {
		build(mode);
		dom0.put(data_at, Be<u32>{0x58504147}); /* the magic of an area of one page */
		dom0.put(data_at + 4, Be<u32>{1});
		dom0.put_list(data_at + 8, {0x10000000, dom0.address(data_at)});
		const u64 handle = xen::ppc::area_flag | (dom0.address(data_at) + 0x100);
		EXPECT_EQ(dom0.call(XenCall::XenVersion, {1, handle}), 0);
		EXPECT_EQ(*dom0.memory(data_at + 0x101), 'r');
		/* In a multicall it is the entry's own, not the list's. */
		MulticallEntry e{};
		e.op.store(17);
		e.args[0].store(1);
		e.args[1].store(handle + 0x100);
		dom0.put(list_at, e);
		EXPECT_EQ(dom0.call(XenCall::Multicall, {dom0.handle(list_at), 1}), 0);
		EXPECT_EQ(dom0.get<MulticallEntry>(list_at).result.load(), 0);
		EXPECT_EQ(*dom0.memory(data_at + 0x201), 'r');
	}
}

TEST_F(Hypercall, TheThirdAssistShowsAsAFeature)
{
	const auto features = [](Guest &guest) {
		xen::ppc::FeatureInfo info{};

		EXPECT_EQ(guest.with(XenCall::XenVersion, 6, info), 0);
		return info.submap.load();
	};

	EXPECT_EQ(dom0.call(XenCall::VmAssist, {2, 0}), no(38));
	EXPECT_EQ(dom0.call(XenCall::VmAssist, {0, 4}), no(22));
	for (u64 type : {0ul, 1ul, 2ul})
		EXPECT_EQ(dom0.call(XenCall::VmAssist, {0, type}), 0);
	EXPECT_EQ(features(dom0), 5U) << "these mean nothing";
	EXPECT_EQ(dom0.call(XenCall::VmAssist, {0, 3}), 0);
	EXPECT_EQ(features(dom0), 5U | 16U);
	EXPECT_EQ(features(dom5), 5U);
	EXPECT_EQ(dom0.call(XenCall::VmAssist, {1ul << 32 | 1, 1ul << 32 | 3}), 0);
	EXPECT_EQ(features(dom0), 5U);
}

TEST_F(Hypercall, ThereIsNoRtas)
{
	dom0.put_list(list_at, {1, 1ul << 32, 7, 7});
	EXPECT_EQ(dom0.call(XenCall::RtasProxy, {dom0.address(list_at)}), no(38));
	EXPECT_EQ(dom5.call(XenCall::RtasProxy, {dom5.address(list_at)}), no(1));
	EXPECT_EQ(dom0.word(list_at + 16), 7U);
}

class Multicall : public CallTest {
protected:
	void entry(u64 i, u64 op, const std::vector<u64> &args)
	{
		MulticallEntry e{};

		e.op.store(op);
		e.result.store(0x5555);
		for (u64 a = 0; a < args.size(); ++a)
			e.args[a].store(args[a]);
		dom0.put(list_at + i * 64, e);
	}
	s64 result(u64 i) { return dom0.get<MulticallEntry>(list_at + i * 64).result.load(); }
	s64 run(u64 count) { return dom0.call(XenCall::Multicall, {dom0.handle(list_at), count}); }
};

TEST_F(Multicall, EveryEntryHasItsOwnResult)
{
	entry(0, 17, {0});
	entry(1, 7, {});
	entry(2, 13, {dom0.handle(list_at), 1});
	entry(3, 1000, {});
	entry(4, 18, {0, 3, 0});
	entry(5, 17, {7, 0});
	entry(6, 17, {0});
	EXPECT_EQ(run(6), 0);
	EXPECT_EQ(result(0), 0x30000);
	EXPECT_EQ(result(1), no(38));
	EXPECT_EQ(result(2), no(22)) << "not inside one another";
	EXPECT_EQ(result(3), no(38));
	EXPECT_EQ(result(4), no(14));
	EXPECT_EQ(result(5), 4096);
	EXPECT_EQ(result(6), 0x5555) << "beyond the count";
	EXPECT_EQ(domains[0].vcpu[0].calls[17], 2U);
	EXPECT_EQ(run(0), 0);
}

TEST_F(Multicall, PrivilegeIsThatOfTheSingleCalls)
{
	MulticallEntry e{};

	e.op.store(35);
	dom5.put(list_at, e);
	EXPECT_EQ(dom5.call(XenCall::Multicall, {dom5.handle(list_at), 1}), 0);
	EXPECT_EQ(dom5.get<MulticallEntry>(list_at).result.load(), no(1));
}

TEST_F(Multicall, LongListsAreContinuedAndSoAreTheirEntries)
{
	for (u64 i = 0; i < 1000; ++i)
		entry(i, 17, {0});
	EXPECT_EQ(run(1000), 0);
	EXPECT_GT(dom0.restarts, 10U);
	EXPECT_EQ(domains[0].vcpu[0].calls[17], 1000U) << "none twice";
	EXPECT_EQ(result(999), 0x30000);
	rig::machine.hz = 999; /* any time at all is more than a thousandth of a second */
	EXPECT_EQ(run(10), 0);
	EXPECT_EQ(dom0.restarts, 9U);
	rig::machine.hz = 512'000'000;

	/* A console write of 5000 bytes stops nine times in the middle. */
	std::memset(dom0.memory(data_at), 'x', 4096);
	std::memset(dom0.memory(data_at + 4096), 'x', 904);
	entry(0, 18, {0, 5000, dom0.handle(data_at)});
	entry(1, 17, {0});
	static_cast<void>(console_output());
	EXPECT_EQ(run(2), 0);
	EXPECT_EQ(dom0.restarts, 9U);
	EXPECT_EQ(console_output(), std::string(5000, 'x'));
	EXPECT_EQ(result(0), 0);
	EXPECT_EQ(result(1), 0x30000);
}

TEST_F(Multicall, BadListsFault)
{
	EXPECT_EQ(dom0.call(XenCall::Multicall, {0, 1}), no(14));
	EXPECT_EQ(dom0.call(XenCall::Multicall, {dom0.handle(list_at), ~0ul}), no(22));
	EXPECT_EQ(dom0.call(XenCall::Multicall, {dom0.handle(list_at), 5ul << 32 | 4}), no(22));
	/* One entry in own memory, the next beyond it. */
	const u64 last = dom0.edge() - 64;
	MulticallEntry e{};
	e.op.store(17);
	dom0.put(last, e);
	EXPECT_EQ(dom0.call(XenCall::Multicall, {dom0.handle(last), 2}), no(14));
	EXPECT_EQ(dom0.get<MulticallEntry>(last).result.load(), 0x30000);
	options.historical = true;
	EXPECT_EQ(dom0.call(XenCall::Multicall, {dom0.handle(list_at), 0}), no(38));
}

} // namespace
