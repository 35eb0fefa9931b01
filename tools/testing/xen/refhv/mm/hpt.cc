/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hashed page tables as memory: allocation, slots, references, audit (hpt.hh).
 *
 * A processor walks the table while it is changed: an entry becomes invalid before its
 * words change and valid after them.  References are counted here and nowhere else.
 */
#include "mm/hpt.hh"

#include "base/phys.hh"
#include "dom/domain.hh"
#include "machine/cpu.hh"
#include "mm/frames.hh"

namespace refhv {
namespace {

using xen::ppc::Hpte;
namespace high = xen::ppc::hpte_high;
namespace low = xen::ppc::hpte_low;

constexpr u32 max_log2 = 34; /* 16 GB: far beyond any machine, keeps shifts in range */
constexpr u64 vrma_vsid = 0x1ffffff;
constexpr u64 segment_1t = u64{1} << 62; /* B of the high word */

/* Count @by for the window slot by which @slot was entered. */
void count_window(const Hpt &hpt, u64 slot, int by)
{
	if (hpt.window[slot] != no_window)
		hpt.entered[hpt.window[slot]] += static_cast<u32>(by);
}

void store_word(Be<u64> &word, u64 value)
{
	Be<u64> be{value};

	__atomic_store(&word, &be, __ATOMIC_RELEASE);
}

u64 load_word(const Be<u64> &word)
{
	Be<u64> be;

	__atomic_load(&word, &be, __ATOMIC_ACQUIRE);
	return be.load();
}

/* Add @by to everything that is counted as a reference, in every domain. */
void count_all(int by)
{
	const auto count = [by](bool used, Mfn frame) {
		if (Frame *f = used ? frames::at(frame) : nullptr)
			f->refs += static_cast<u32>(by);
	};

	for (const Domain &dom : domains) {
		for (u64 slot = 0; slot < dom.hpt.slots; ++slot) {
			hpt::hold(dom, hpt::load(dom, slot), by);
			count_window(dom.hpt, slot, by);
		}
		for (const auto &table : dom.tce.entry)
			for (const u64 entry : table)
				count(entry != 0, Mfn{entry >> page_shift});
		for (const Mapping &m : dom.grants.mapping)
			count(m.active, m.frame);
	}
}

} // namespace

s64 hpt::create(Domain &dom, u32 log2_bytes)
{
	if (dom.hpt.entry || log2_bytes < xen::ppc::min_htab_shift || log2_bytes > max_log2)
		return xen::err::inval.to_linux();

	/* The table, four bytes for each slot of 16, four for each page of the window. */
	const u32 log2[] = {log2_bytes, log2_bytes - 2, p2m::window_log2 + 2};
	Mfn run[3];

	for (u32 i = 0; i < 3; ++i) {
		run[i] = frames::allocate(log2[i] - static_cast<u32>(page_shift), owner_xen,
					  FrameType::Xen);
		if (run[i] == frames::none)
			return xen::err::nomem.to_linux();
	}
	dom.hpt = Hpt{.entry = phys<Hpte>(run[0]),
		      .window = phys<u32>(run[1]),
		      .entered = phys<u32>(run[2]),
		      .slots = u64{1} << (log2_bytes - 4),
		      .log2_bytes = log2_bytes,
		      .vrma = 0,
		      .base = MachAddr{run[0].raw() << page_shift}};
	for (u64 slot = 0; slot < dom.hpt.slots; ++slot)
		dom.hpt.window[slot] = no_window;
	for (Vcpu &vcpu : dom.vcpu)
		vcpu.pteg = -1;
	return 0;
}

void hpt::map_vrma(Domain &dom)
{
	const u64 groups = dom.hpt.slots / xen::ppc::pteg_size;

	for (u64 i = 0; i < dom.rma_bytes / large_bytes; ++i) {
		const u64 hash = i ^ vrma_vsid ^ (vrma_vsid << 25);
		const u64 offset = i * large_bytes;
		const Words entry{segment_1t | vrma_vsid << 24 | ((offset >> 16) & high::avpn) |
					  high::bolted | high::large | high::valid,
				  (dom.rma.raw() + offset) | low::referenced | low::changed |
					  low::coherent | 2};

		hold(dom, entry, 1);
		replace(dom, (hash & (groups - 1)) * xen::ppc::pteg_size + 7, entry, no_window,
			false);
		++dom.hpt.vrma;
	}
}

hpt::Words hpt::load(const Domain &dom, u64 slot)
{
	const Hpte &entry = dom.hpt.entry[slot];

	return {load_word(entry.high), load_word(entry.low)};
}

void hpt::hold(const Domain &dom, const Words &entry, int by)
{
	if (!entry.valid())
		return;

	const u64 first = entry.frame().raw();

	for (u64 i = 0; i < (entry.large() ? large_pages : 1); ++i) {
		Frame *f = frames::at(Mfn{first + i});

		if (!f)
			return; /* a device's */
		f->refs += static_cast<u32>(by);
		if (f->owner != dom.id && f->type != FrameType::Shared)
			f->foreign += static_cast<u32>(by);
	}
}

hpt::Words hpt::replace(Domain &dom, u64 slot, const Words &now, u32 window, bool flush_old)
{
	Hpte &entry = dom.hpt.entry[slot];
	Words old = load(dom, slot);

	if (old.valid()) {
		store_word(entry.high, 0);
		if (flush_old)
			flush(slot, old);
		/* R and C as the processor left them. */
		old.low = load_word(entry.low);
	}
	count_window(dom.hpt, slot, -1);
	dom.hpt.window[slot] = window;
	count_window(dom.hpt, slot, 1);
	store_word(entry.low, now.low);
	store_word(entry.high, now.high);
	hold(dom, old, -1);
	return old;
}

/* The virtual address: of a small page 11 bits are known by the slot's hash only. */
void hpt::flush(u64 slot, const Words &entry)
{
	const u64 avpn = entry.high >> high::avpn_shift;
	const u64 vsid = avpn >> 5;
	const u64 group = slot / xen::ppc::pteg_size;
	const u64 hash = entry.high & high::secondary ? ~group : group;

	cpu::flush_tlb(avpn << 23 | (entry.large() ? 1 : ((hash ^ vsid) & 0x7ff) << page_shift));
}

u64 hpt::window_mappings(const Domain &dom, u32 slot)
{
	return dom.hpt.entry && slot >> p2m::window_log2 == 0 ? dom.hpt.entered[slot] : 0;
}

/* Counts in place: everything taken away leaves zero, then it is put back. */
u64 hpt::audit()
{
	u64 wrong = 0;

	count_all(-1);
	for (u64 i = 0; i < frames::count(); ++i) {
		const Frame *f = frames::at(Mfn{i});

		wrong += f && (f->refs != 0 || f->foreign != 0);
	}
	for (const Domain &dom : domains)
		for (u32 i = 0; dom.hpt.entry && i >> p2m::window_log2 == 0; ++i)
			wrong += dom.hpt.entered[i] != 0;
	count_all(1);
	return wrong;
}

} // namespace refhv
