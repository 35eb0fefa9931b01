/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hashed page table, which is the hypervisor's: every entry goes through a hypercall.
 *
 * What its units share: facts about the table, and the calls with their arguments' names.
 * The facts are written by pagetable_init.cc before the first hook and constant then.
 *
 * A frame number is looked up on its way into an entry; entries that come back hold the
 * machine's frames, and nobody reads those.  Slots are always below table.slots: the
 * historical hypervisor looks one beyond its table.
 *
 * Locking: PtegGuard around every change of an entry (pteg_lock.hh), taken beside the
 * hypercall and released before anything is said about its answer.
 */
#ifndef ARCH_POWERPC_XEN_PAGETABLE_HH
#define ARCH_POWERPC_XEN_PAGETABLE_HH

#include "boot.hh"
#include "hpte.hh"
#include "hypercall.hh"
#include "p2m_format.hh"
#include "pagetable_glue.h"
#include "pteg_lock.hh"

namespace xen::ppc {

/* Bits of the low word that Linux may ask for everywhere; PP0 only where Xen keeps it. */
inline constexpr u64 usual_flags = hpte_low::referenced | hpte_low::changed | hpte_low::inhibited |
				   hpte_low::coherent | hpte_low::guarded | hpte_low::no_execute |
				   hpte_low::pp;

struct Table {
	u64 slots;	   /* a power of two; 0 until Linux has read the device tree */
	u64 refused_flags; /* of the low word: an entry with one of them is not entered */
	u64 memory_end;	   /* guest-physical bytes; what lies above is not RAM */
	P2mTable p2m;	   /* direct: p2m_state's, here beside what else an insert looks at */
	bool locks;	   /* the hypervisor does not exclude its callers */
	bool bulk;	   /* it has H_BULK_REMOVE */
	bool pp0;	   /* it keeps PP0, and was seen to do so */
	bool large_linear; /* Linux's linear map is in pages of 16 MB, 4 KB otherwise */
};

extern Table table;

/** learn_slots - ask for the table's size; false, after one message, if it is unusable */
[[nodiscard]] bool learn_slots() noexcept;

/** in_table - is there such a slot? */
[[nodiscard, gnu::always_inline]] inline bool in_table(u64 slot) noexcept
{
	return slot < table.slots;
}

/* Guest-physical pages in which a bolted entry is pretended: the window's sections. */
[[nodiscard]] bool in_window_sections(u64 frame) noexcept;

[[nodiscard, gnu::always_inline]] inline PaprAnswer<1> h_enter(u64 flags, u64 slot,
							       const HpteWords &words) noexcept
{
	return papr<1>(Papr::Enter, flags, slot, words.high, words.low);
}

[[nodiscard, gnu::always_inline]] inline s64 h_remove(u64 flags, u64 slot, u64 word) noexcept
{
	return papr(Papr::Remove, flags, slot, word).code;
}

[[nodiscard, gnu::always_inline]] inline s64 h_protect(u64 flags, u64 slot, u64 word) noexcept
{
	return papr(Papr::Protect, flags | hflag::avpn, slot, word).code;
}

/*
 * The entry of one slot: r4 and r5 only.  Without flags the historical hypervisor returns
 * four entries and the first of them is the one; with H_READ_4 it aligns the slot.
 */
[[nodiscard, gnu::always_inline]] inline PaprAnswer<2> h_read(u64 slot) noexcept
{
	return papr<2>(Papr::Read, 0, slot);
}

/**
 * remove_for_good - remove the entry that maps @wanted from @slot, if it is there
 * @wanted: as avpn() gives it
 *
 * A refusal is tried again a few times; if it stays, a page would be reachable that Linux
 * gives to somebody else, and the kernel stops.
 *
 * Context: any; takes the group's PtegGuard, the caller holds none.
 *
 * Return: whether there was one.
 */
bool remove_for_good(u64 slot, u64 wanted) noexcept;

/**
 * protect_slot - H_PROTECT of the entry that maps @wanted in @slot
 * @protection: as Linux has it; PP0 only where the hypervisor keeps it
 *
 * Context: any; takes the group's PtegGuard, the caller holds none.
 *
 * Return: the hypervisor's code, of which nothing was said yet.
 */
[[nodiscard]] s64 protect_slot(u64 slot, u64 wanted, u64 protection) noexcept;

/**
 * nothing_to_evict - hpte_remove found only bolted entries in @group
 *
 * Stops the domain, after a message, if that ends the boot: see pagetable_insert.cc.
 *
 * Context: any; no PtegGuard held.
 */
void nothing_to_evict(u64 group) noexcept;

} // namespace xen::ppc

#endif
