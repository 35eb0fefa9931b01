/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about the processor as a guest has it (ABI 1): which vectors are its own, what a
 * hypervisor-only instruction does, what an exit to Xen destroys and what it keeps.
 */
#include "probe/facts.hh"
#include "probe/view.hh"

namespace probe {

namespace {

constexpr u64 srr1_reason = 0x783f0000; /* the bits of SRR1 that a synchronous trap may set */
constexpr u64 yield = abi::xen_mark | static_cast<u64>(XenCall::SchedOp);
constexpr u64 load_value = 0x0123456789abcdef;

/* put_trap - a trap's vector and the bits of SRR1 that say why */
void put_trap(const char *name, const Trap &trap)
{
	if (!trap)
		return fact(name, "no trap");
	fact(name, hex(trap.vector), " ", hex(trap.srr1 & srr1_reason));
}

void put_data_trap(const char *name, const Trap &trap, u64 ea)
{
	if (!trap)
		return fact(name, "no trap");
	fact(name, hex(trap.vector), " dsisr ",
	     hex(trap.vector == 0x380 ? 0 : trap.dsisr & 0xffffffff),
	     trap.dar == ea ? "" : " dar is wrong");
}

void instructions()
{
	u64 value = 0;
	u64 here = 0;
	const Trap illegal = trapped([&] {
		asm volatile("bcl 20,31,1f; 1: mflr %0; addi %0,%0,8; .long 0" : "=r"(here)::"lr");
	});

	put_trap("cpu.illegal", illegal);
	fact("cpu.illegal.srr0", illegal.pc == here ? "the instruction" : "elsewhere");
	put_trap("cpu.trap", trapped([] { asm volatile("tw 31,0,0"); }));
	put_trap("cpu.sc0", trapped([] { asm volatile("sc" ::: "memory"); }));
	/* Hypervisor-only: hrfid, tlbie, SDR1, HSRR0, HDEC. */
	put_trap("cpu.hv.hrfid", trapped([] { asm volatile(".long 0x4c000224"); }));
	put_trap("cpu.hv.tlbie", trapped([] { asm volatile(".long 0x7c000264"); }));
	put_trap("cpu.hv.mtsdr1", trapped([&] { asm volatile("mtspr 25,%0" ::"r"(value)); }));
	put_trap("cpu.hv.mfsdr1", trapped([&] { asm volatile("mfspr %0,25" : "=r"(value)); }));
	put_trap("cpu.hv.mthsrr0", trapped([&] { asm volatile("mtspr 314,%0" ::"r"(value)); }));
	put_trap("cpu.hv.mthdec", trapped([&] { asm volatile("mtspr 310,%0" ::"r"(value)); }));
	/* Alignment: a reservation on an address that is none. */
	static constinit u64 two[2]{};

	put_trap("cpu.alignment", trapped([&] {
			 asm volatile("lwarx %0,0,%1"
				      : "=r"(value)
				      : "r"(reinterpret_cast<u64>(two) + 2)
				      : "memory");
		 }));
}

void facilities()
{
	const u64 before = get_msr();
	static constinit u64 word = load_value, got = 0;

	set_msr(before & ~msr::fp);
	put_trap("cpu.fp.off", trapped([] { asm volatile(".long 0xfc000090"); })); /* fmr 0,0 */
	set_msr(before | msr::fp);
	put_trap("cpu.fp.on", trapped([&] {
			 /* lfd 0,0(%0); stfd 0,0(%1) with the registers where they stand */
			 asm volatile("mr 3,%0; mr 4,%1; .long 0xc8030000; .long 0xd8040000" ::"r"(
					      &word),
				      "r"(&got)
				      : "memory", "r3", "r4");
		 }));
	set_msr(before & ~msr::vmx);
	put_trap("cpu.vmx.off", trapped([] { asm volatile(".long 0x10000484"); })); /* vor 0,0,0 */
	set_msr(before | msr::vmx);
	put_trap("cpu.vmx.on", trapped([] { asm volatile(".long 0x10000484"); }));
	set_msr(before);
	fact("cpu.fp.value", got == load_value);
}

/* single step: the vector of the trace interrupt is the guest's */
void trace()
{
	static constinit u64 taken = 0;

	on_trap(0xd00, [](Frame &frame) {
		taken++;
		frame.msr &= ~u64{0x400};
	});
	set_msr(get_msr() | 0x400);
	asm volatile("nop; nop");
	set_msr(get_msr() & ~u64{0x400});
	on_trap(0xd00, nullptr);
	fact("cpu.trace", static_cast<volatile u64 &>(taken) == 1 ? "0xd00" : "lost");
}

/* beyond - what real mode sees at and behind the end of the real-mode area */
void beyond()
{
	u64 value = 0;
	const u64 end = rma_bytes();
	const Trap fetch = trapped([&] {
		u64 target = end;

		asm volatile("mtctr %0; bctrl" ::"r"(target) : "ctr", "lr", "memory");
	});

	put_data_trap("cpu.rma.last", load(end - 8, value), end - 8);
	put_data_trap("cpu.rma.load", load(end, value), end);
	put_data_trap("cpu.rma.store", store(end, value), end);
	put_data_trap("cpu.rma.load.far", load(u64{1} << 36, value), u64{1} << 36);
	put_trap("cpu.rma.fetch", fetch);
	/* Real mode ignores the top bits: the kernel's linear address is the same memory. */
	static constinit u64 word = load_value;
	const Trap linear = load(u64{0xc} << 60 | reinterpret_cast<u64>(&word), value);

	fact("cpu.rma.linear", !linear && value == load_value ? "the same memory" : "differs");
}

void decrementer()
{
	volatile Seen &mine = seen(0);
	const u64 before = mine.decrements;

	xen_call(XenCall::VcpuOp, 7, 0); /* no periodic timer in between */
	set_dec(100);
	spin_us(100);
	fact("cpu.dec.masked", mine.decrements == before ? "waits for EE" : "taken");
	ee_on();
	const bool taken = wait_until([&] { return mine.decrements != before; }, 100);

	ee_off();
	fact("cpu.dec.unmasked", taken ? "0x900" : "lost");
	/* While DEC is negative the interrupt stays; setting it again takes it away. */
	const u64 after = mine.decrements;

	ee_on();
	spin_us(100);
	ee_off();
	fact("cpu.dec.once", mine.decrements == after);
}

/* SRR0/1: gone after a call, kept by Xen's own tick */
void srr()
{
	static constinit u64 srr[2]{};

	ee_off();
	probe_sc1_srr(srr, yield);
	fact("cpu.srr.call", hex(srr[0]), " ", hex(srr[1]));
	fact("cpu.srr.tick", probe_watch_srr(srr, ticks_of_us(35'000)) ? "lost" : "kept");
	fact("cpu.reservation.call", probe_sc1_reservation(srr, yield) ? "kept" : "lost");
}

/* kept - registers that belong to the guest and that Xen has no business with */
void kept()
{
	const u64 slb = 3;
	u64 esid = 0, vsid = 0, sprg = 0, dar = 0, dsisr = 0;
	const u64 before = get_msr();

	asm volatile("isync; slbmte %0,%1; isync" ::"r"(u64{0x77} << 12 | 0x400),
		     "r"(u64{7} << 28 | 1 << 27 | slb));
	asm volatile("mtsprg 1,%0; mtsprg 2,%0; mtdar %0; mtdsisr %1" ::"r"(load_value),
		     "r"(0x42000000));
	for (u32 i = 0; i < 3; i++)
		xen_call(XenCall::SchedOp, 0);
	asm volatile("slbmfee %0,%2; slbmfev %1,%2" : "=&r"(esid), "=&r"(vsid) : "r"(slb));
	asm volatile("mfsprg %0,1; mfdar %1; mfdsisr %2" : "=r"(sprg), "=r"(dar), "=r"(dsisr));
	fact("cpu.kept.slb", (esid >> 28) == 7 && (vsid >> 12) == 0x77);
	fact("cpu.kept.sprg", sprg == load_value);
	fact("cpu.kept.dar", dar == load_value && (dsisr & 0xffffffff) == 0x42000000);
	fact("cpu.kept.msr", get_msr() == before);
	asm volatile("isync; slbie %0; isync" ::"r"(u64{7} << 28));
	asm volatile("slbmfee %0,%1" : "=r"(esid) : "r"(slb));
	fact("cpu.slbie", (esid >> 27) & 1 ? "still valid" : "invalid");
}

} // namespace

void facts_cpu()
{
	u64 pvr;

	asm volatile("mfpvr %0" : "=r"(pvr));
	info("cpu.pvr", hex(pvr));
	instructions();
	facilities();
	trace();
	beyond();
	decrementer();
	srr();
	kept();
}

} // namespace probe
