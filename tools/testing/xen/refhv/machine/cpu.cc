/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What refhv does to a POWER8 core so that a guest finds a PowerPC 970 (ABI 1.1).
 *
 * Each function works on the core it runs on; only kick() and flush_tlb() reach others.
 * It cannot hide the PVR, nor the user-mode instructions that a 970 lacks.
 */
#include "machine/core.hh"

#include "dom/domain.hh"

namespace refhv::cpu {

namespace {

constexpr u64 lpcr_vpm0 = 1ul << 63;	      /* real mode goes through the hash table... */
constexpr u64 lpcr_vrmasd_16m = 0x10ul << 47; /* ...in 16 MB pages */
constexpr u64 lpcr_pece = 0x1f000;	      /* every event ends a nap */
constexpr u64 lpcr_hdice = 1;
/* QEMU 7.2 takes odd codes of RMLS for a POWER10 bit; 256 MB has an even one. */
constexpr u64 lpcr_rmls_256m = 4ul << 26;
constexpr u64 hfscr_970 = 0x1 | 0x2 | 0x8; /* FP, VMX, PMU; no DSCR, BHRB, TM, EBB, TAR */
constexpr u64 mmcr0_fc = 0x80000000;	   /* counters frozen */
constexpr u64 decrementer_max = 0x7fffffff;
constexpr u64 doorbell = 5ul << 27; /* msgsnd: hypervisor doorbell */

/*
 * Neither QEMU nor hardware drops translations when LPCR, RMOR or LPIDR change.  slbia
 * spares entry 0: it is overwritten by an invalid one.
 */
void drop_translations()
{
	constexpr u64 congruence_classes = 128, whole_set = 0xc00;

	asm volatile("isync; slbmte %0, %0; slbia" : : "r"(0ul) : "memory");
	for (u64 set = 0; set < congruence_classes; set++)
		asm volatile("tlbiel %0" : : "r"(set << 12 | whole_set) : "memory");
	asm volatile("ptesync; isync" : : : "memory");
}

} // namespace

void init()
{
	spr::set<spr::lpcr>(lpcr_pece | lpcr_hdice);
	spr::set<spr::hmer>(0);
	spr::set<spr::hmeer>(0);
	spr::set<spr::hdec>(decrementer_max);
	spr::set<spr::dec>(decrementer_max);
	asm volatile("isync" : : : "memory");
}

u32 number()
{
	return static_cast<u32>(reinterpret_cast<const Regs *>(spr::get<spr::hsprg0>())->cpu);
}

u64 timebase()
{
	return spr::get<spr::tb>();
}

s64 decrementer()
{
	return static_cast<s32>(spr::get<spr::dec>());
}

void set_decrementer(s64 ticks)
{
	const s64 most = decrementer_max;

	spr::set<spr::dec>(static_cast<u32>(ticks > most ? most : ticks < ~most ? ~most : ticks));
}

void set_hypervisor_decrementer(u64 ticks)
{
	spr::set<spr::hdec>(ticks < decrementer_max ? ticks : decrementer_max);
}

void kick(u32 cpu)
{
	asm volatile("sync; msgsnd %0" : : "r"(doorbell | smp::pir(cpu)) : "memory");
}

void relax()
{
	asm volatile("or 31, 31, 31; or 2, 2, 2" : : : "memory");
}

void flush_tlb(u64 va_bits)
{
	asm volatile("ptesync; tlbie %0, %1; eieio; tlbsync; ptesync"
		     :
		     : "r"(va_bits), "r"(spr::get<spr::lpidr>())
		     : "memory");
}

void sync_icache(MachAddr at, u64 bytes)
{
	constexpr u64 line = 128;
	const u64 first = at.raw() & ~(line - 1), end = at.raw() + bytes;

	for (u64 a = first; a < end; a += line)
		asm volatile("dcbst 0, %0; sync; icbi 0, %0" : : "r"(a) : "memory");
	asm volatile("sync; isync" : : : "memory");
}

void load_context(const Domain &dom)
{
	const u64 table = static_cast<u64>(__builtin_ctzl(dom.hpt.slots * sizeof(xen::ppc::Hpte)));
	const bool vrma = dom.hpt.vrma != 0;

	spr::set<spr::lpcr>(lpcr_pece | lpcr_hdice |
			    (vrma ? lpcr_vpm0 | lpcr_vrmasd_16m : lpcr_rmls_256m));
	spr::set<spr::rmor>(vrma ? 0 : dom.rma.raw());
	spr::set<spr::lpidr>(dom.id.raw() + 1ul);
	spr::set<spr::sdr1>(dom.hpt.base.raw() | (table - 18));
	spr::set<spr::pcr>(0);
	spr::set<spr::fscr>(0);
	spr::set<spr::hfscr>(hfscr_970);
	spr::set<spr::amor>(0); /* no storage keys: a guest's own AMR would end its real mode */
	drop_translations();
}

/* A pinned vcpu keeps its counters: all that is left of "off" is that they stand still. */
void set_pmu(bool on)
{
	const u64 old = spr::get<spr::mmcr0>();

	spr::set<spr::mmcr0>(on ? old & ~mmcr0_fc : old | mmcr0_fc);
}

/*
 * DABR is EA | translated 4 | write 2 | read 1, DABRX any-translation 8 | privilege 7;
 * POWER8 has the same bits in DAWRX.  The hypervisor's own accesses never match.
 */
void set_dabr(u64 dabr, u64 dabrx)
{
	spr::set<spr::dawr>(dabr & ~7ul);
	spr::set<spr::dawrx>((dabr & 3) << 5 | (dabr & 4) << 2 | (dabrx & 0xb));
}

void set_srr(u64 srr0, u64 srr1)
{
	spr::set<spr::srr0>(srr0);
	spr::set<spr::srr1>(srr1);
}

} // namespace refhv::cpu
