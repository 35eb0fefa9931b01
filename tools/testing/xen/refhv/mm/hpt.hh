/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A domain's hashed page table: the PAPR calls on it and the references it holds.
 *
 * The table lies in refhv's memory; only these functions change it.  Each valid entry
 * holds one reference on each frame it maps (4096 for a 16 MB page) until it is removed
 * or overwritten; window[] remembers by which frame number it was entered.  Entries that
 * realise the real-mode area of 64 and 128 MB (VRMA) lie in the same table: to the guest
 * their slots look taken, never readable, never removable.
 */
#ifndef REFHV_HPT_HH
#define REFHV_HPT_HH

#include <abi/hpte.hh>

#include "mm/p2m.hh"

namespace refhv {

struct Domain;
struct Regs;

struct Hpt {
	xen::ppc::Hpte *entry;
	u32 *window;	/* for each slot: window slot it was entered by, all ones if none */
	u32 *entered;	/* for each window slot: how many slots were entered by it */
	u64 slots;	/* a power of two, at least 16384 (256 KB) */
	u32 log2_bytes; /* ibm,pft-size */
	u32 vrma;	/* number of 16 MB entries that realise the RMA; 0: LPCR[RMLS] does */
	MachAddr base;
};

namespace hpt {

/* create - allocate and clear a table of 2^@log2_bytes bytes
 * Return: 0, -ENOMEM, -EINVAL (there is one, too).  It stays as long as its domain: for
 * ever; without memory for it there is no domain, and what was allocated is not given back. */
[[nodiscard]] s64 create(Domain &dom, u32 log2_bytes);
void map_vrma(Domain &dom); /* enter the real-mode area's 16 MB entries */

/* The PAPR calls: arguments and results in @regs gpr[4..11] as in ABI 3.2.  Return: H_ code. */
[[nodiscard]] s64 enter(Domain &dom, Regs &regs);
[[nodiscard]] s64 remove(Domain &dom, Regs &regs);
[[nodiscard]] s64 read(Domain &dom, Regs &regs);
[[nodiscard]] s64 protect(Domain &dom, Regs &regs);
[[nodiscard]] s64 clear_mod(Domain &dom, Regs &regs);
[[nodiscard]] s64 clear_ref(Domain &dom, Regs &regs);
[[nodiscard]] s64 bulk_remove(Domain &dom, Regs &regs);

/* window_mappings - HPTEs of @dom entered by window slot @slot (grant unmap, translated mode) */
[[nodiscard]] u64 window_mappings(const Domain &dom, u32 slot);
/* audit - recount all references; number of wrong counts of frames and window slots */
[[nodiscard]] u64 audit();

/*
 * What the units hpt*.cc share, nobody else.
 *
 * replace() is the only writer of a table.  It drops the references of whatever it finds
 * in the slot, at the moment of writing; the references of the new entry are the
 * caller's, taken before.  So the counts stay right even if two vcpus choose one slot.
 */
/* An entry in native order. */
struct Words {
	u64 high = 0;
	u64 low = 0;

	[[nodiscard]] bool valid() const { return high & xen::ppc::hpte_high::valid; }
	[[nodiscard]] bool large() const { return high & xen::ppc::hpte_high::large; }
	/* An entry of the real-mode area: a guest cannot enter one of a 1 TB segment. */
	[[nodiscard]] bool vrma() const { return valid() && high >> 62 != 0; }
	[[nodiscard]] Mfn frame() const
	{
		return Mfn{(low & xen::ppc::hpte_low::rpn) >> xen::ppc::hpte_low::rpn_shift};
	}
};

[[nodiscard]] Words load(const Domain &dom, u64 slot);
/* hold - add @by (1 or -1) to the counts of the frames that @entry maps, if it is valid */
void hold(const Domain &dom, const Words &entry, int by);
/* replace - write @now to @slot; with @flush drop the translations of a valid old entry first
 * Return: the old entry */
Words replace(Domain &dom, u64 slot, const Words &now, u32 window, bool flush);
void flush(u64 slot, const Words &entry); /* one tlbie for what @slot held */

/* judge - @entry from the guest's words to the table's, by all rules but the slot's; H_ code */
[[nodiscard]] s64 judge(const Domain &dom, Words &entry, Resolved &what);
/* allowed - may @dom have @entry, entered by @window?  Looks at rights on foreign frames only. */
[[nodiscard]] bool allowed(const Domain &dom, const Words &entry, u32 window);

} // namespace hpt

} // namespace refhv

#endif
