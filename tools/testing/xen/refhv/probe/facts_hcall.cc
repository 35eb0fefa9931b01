/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about the convention of calls (ABI 3): numbers and holes, modes, problem state,
 * registers that survive; and the small calls that have no group of their own.
 */
#include "probe/facts.hh"
#include "probe/view.hh"

namespace probe {

namespace {

using abi::Papr;
using P = PaprResult;

constexpr s64 enosys = -38;
constexpr u64 yield = abi::xen_mark | static_cast<u64>(XenCall::SchedOp);

/* Numbers below 64 that no call has: bit n for number n (ABI 3.1). */
constexpr u64 implemented = u64{1} << 6 | 1 << 12 | 1 << 13 | 1 << 15 | 1 << 17 | 1 << 18 |
			    1 << 20 | 1 << 21 | 1 << 23 | 1 << 24 | 1 << 27 | 1 << 28 | 1 << 29 |
			    u64{1} << 32 | u64{1} << 33 | u64{1} << 35 | u64{1} << 36;

/* Tokens that the ABI has, but for the calls that stop the historical hypervisor. */
constexpr u64 tokens[] = {0x04, 0x08, 0x0c, 0x10, 0x14,	 0x18,	0x1c, 0x20,
			  0x28, 0x54, 0x58, 0x7c, 0x124, 0x134, 0x138};

void holes()
{
	u32 other = 0;

	for (u32 number = 0; number < 64; number++)
		if (!(implemented >> number & 1) && xen_call(number) != enosys)
			other = number + 1;
	if (other)
		fact("hcall.xen.holes", other - 1, " is not refused");
	else
		fact("hcall.xen.holes", xen_result(enosys));
	fact("hcall.xen.64", xen_result(xen_call(64)));
	fact("hcall.xen.65535", xen_result(xen_call(0xffff)));
	fact("hcall.xen.acm_op", xen_result(xen_call(XenCall::AcmOp)));

	u64 odd = 0;

	for (u64 token = 0; token <= 0x1d4; token += 4) {
		bool known = false;

		for (u64 each : tokens)
			known = known || each == token;
		if (!known && static_cast<s64>(papr(token).r3) != abi::h::parameter)
			odd = token + 1;
	}
	if (odd)
		fact("hcall.papr.holes", hex(odd - 1), " is not refused");
	else
		fact("hcall.papr.holes", P{abi::h::parameter});
	fact("hcall.papr.h_cede", P{static_cast<s64>(papr(0xe0).r3)});
	fact("hcall.papr.odd", P{static_cast<s64>(papr(0x05).r3)});
	fact("hcall.papr.beyond", P{static_cast<s64>(papr(0x1d8).r3)});
	/* Not all of the upper 48 bits: a token, and no token has such a number. */
	fact("hcall.half-marked", P{static_cast<s64>(papr(0xffffffff00000000 | 29).r3)});
	if (!daring()) {
		absent("hcall.papr.h_get_tce");
		return absent("hcall.papr.h_stuff_tce");
	}
	fact("hcall.papr.h_get_tce", P{static_cast<s64>(papr(Papr::GetTce).r3)});
	fact("hcall.papr.h_stuff_tce", P{static_cast<s64>(papr(Papr::StuffTce).r3)});
}

/* put_preserved - the first register but r3 to r@free that the call @token changes, or "all" */
void put_preserved(const char *name, u64 token, u32 free)
{
	static constinit AllRegs before{}, after{};
	Random random;

	for (u64 &gpr : before.gpr)
		gpr = random.next();
	before.gpr[3] = token;
	before.gpr[4] = before.gpr[5] = 0;
	before.lr = random.next() & ~u64{3};
	before.ctr = random.next();
	before.xer = 0x20000000; /* CA: always implemented */
	before.cr = 0x9a5ac3f1;
	after = before;
	probe_sc1_all(&after);
	for (u32 n = 0; n < 32; n++)
		if (n != 1 && (n < 3 || n > free) && after.gpr[n] != before.gpr[n])
			return fact(name, "r", n, " changed");
	if (after.lr != before.lr || after.ctr != before.ctr)
		return fact(name, "LR or CTR changed");
	if (after.xer != before.xer || after.cr != before.cr)
		return fact(name, "XER or CR changed");
	fact(name, "all");
}

struct FromUser {
	u64 xen, papr;
};
constinit FromUser from_user{};

void modes()
{
	s64 result = 0;
	const u64 before = get_msr();

	fact("hcall.user", mmu::problem_state(
				   [](u64) {
					   from_user.xen =
						   static_cast<u64>(xen_call(XenCall::SchedOp));
					   from_user.papr = papr(Papr::Read, 0, 0).r3;
				   },
				   0)
				   ? "trapped"
				   : "returned");
	fact("hcall.user.xen", xen_result(static_cast<s64>(from_user.xen)));
	fact("hcall.user.papr", P{static_cast<s64>(from_user.papr)});
	mmu::translated([&] { result = xen_call(XenCall::XenVersion, 0); });
	fact("hcall.mode.translated", result > 0 ? "works" : "fails");
	set_msr(before & ~msr::sf);
	result = xen_call(XenCall::XenVersion, 0);
	set_msr(before | msr::sf);
	fact("hcall.mode.32-bit", result > 0 ? "works" : "fails");
}

/* debug registers, performance monitor, terminal */
void small_papr()
{
	fact("hcall.set_dabr", P{static_cast<s64>(papr(Papr::SetDabr, 0).r3)});
	fact("hcall.set_xdabr", P{static_cast<s64>(papr(Papr::SetXdabr, 0, 2).r3)});
	fact("hcall.set_xdabr.zero", P{static_cast<s64>(papr(Papr::SetXdabr, 0, 0).r3)});
	fact("hcall.set_xdabr.hyp", P{static_cast<s64>(papr(Papr::SetXdabr, 0, 4).r3)});
	fact("hcall.set_xdabr.beyond", P{static_cast<s64>(papr(Papr::SetXdabr, 0, 0x10).r3)});
	fact("hcall.perfmon.on", P{static_cast<s64>(papr(Papr::PerfMon, u64{1} << 63, 0).r3)});
	fact("hcall.perfmon.off", P{static_cast<s64>(papr(Papr::PerfMon, 0, u64{1} << 63).r3)});
	fact("hcall.perfmon.both",
	     P{static_cast<s64>(papr(Papr::PerfMon, u64{1} << 63, u64{1} << 63).r3)});
	fact("hcall.perfmon.unknown", P{static_cast<s64>(papr(Papr::PerfMon, 1, 0).r3)});
	fact("hcall.get_term_char", P{static_cast<s64>(papr(Papr::GetTermChar, 0).r3)});
	fact("hcall.put_term_char",
	     P{static_cast<s64>(papr(Papr::PutTermChar, 0, 1, 0x2e00000000000000).r3)});
}

/* H_PUT_TCE on own RAM above the real-mode area, which is given back */
void tce()
{
	const u64 frame = frame_number(high_pfn(0x100));
	const u64 word = frame << 12 | 3;
	const auto put = [](const char *name, u64 liobn, u64 address, u64 tce) {
		fact(name, P{static_cast<s64>(papr(Papr::PutTce, liobn, address, tce).r3)});
	};

	put("hcall.put_tce", 0, 0x1000, word);
	put("hcall.put_tce.again", 0, 0x1000, word);
	put("hcall.put_tce.clear", 0, 0x1000, 0);
	put("hcall.put_tce.liobn", 16, 0x1000, word);
	put("hcall.put_tce.frame", 0, 0x1000, u64{0x2000000} << 12 | 3);
}

/* vm_assist, nmi_op and the proxy of run-time services */
void small_xen()
{
	fact("hcall.sched_op_compat.yield", xen_result(xen_call(XenCall::SchedOpCompat, 0)));
	fact("hcall.vm_assist.type", xen_result(xen_call(XenCall::VmAssist, 0, 99)));
	fact("hcall.vm_assist.command", xen_result(xen_call(XenCall::VmAssist, 2, 0)));
	fact("hcall.nmi_op.unregister", xen_result(xen_call(XenCall::NmiOp, 1, 0)));
	fact("hcall.nmi_op.unknown", xen_result(xen_call(XenCall::NmiOp, 9, 0)));
}

} // namespace

void facts_hcall()
{
	holes();
	put_preserved("hcall.preserved.xen", yield, 3);
	put_preserved("hcall.preserved.papr", static_cast<u64>(Papr::SetDabr), 3);
	put_preserved("hcall.preserved.refused", 0xe0, 3);
	put_preserved("hcall.preserved.nosys", abi::xen_mark | 63, 3);
	modes();
	small_papr();
	tce();
	small_xen();
}

} // namespace probe
