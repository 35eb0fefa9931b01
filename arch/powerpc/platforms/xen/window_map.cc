// SPDX-License-Identifier: GPL-2.0
/*
 * The window's frames and the hashed page table: window_map.hh.
 *
 * Entries of the page table are made here and not by Linux's functions, which may sleep,
 * and whose refusal is not an errno.  Linux's own bolted entries of the window's sections
 * are only pretended (pagetable_insert.cc): it wants them all before any frame is there.
 * Where one of ours stands is remembered, as bolted entries do not move.
 */
#include "window_map.hh"

#include <abi/p2m.hh>

#include "boot.hh"
#include "p2m.hh"
#include "pagetable.hh"
#include "window_glue.h"

namespace xen::ppc {

namespace {

/* Where the bolted entry of a window's page stands in the page table. */
using Place = u8;
constexpr Place no_place = 0;
constexpr Place there = 1 << 4;
constexpr Place in_second_group = 1 << 3;

struct Pieces {
	u64 first; /* Linux's part: whole sections */
	u64 pages;
	Place *place; /* one for each of them */
};

constinit Pieces pieces{};

constexpr u64 max_frame = u64{1} << (46 - page_shift); /* what the kernel can map */
constexpr u64 kernel_page =
	hpte_low::referenced | hpte_low::changed | hpte_low::coherent | hpte_low::no_execute;

/* Tries of an H_ENTER that finds its group full. */
constexpr int enter_tries = 4;

/* A virtual page that Linux never uses, as its VSID is 0: for trials, one at a time. */
constexpr Vpn unused_page{0};

/* Frames of the window that Linux is offered: at least a section, at most as many as RAM. */
u64 offered_pages(const Boot &b) noexcept
{
	const u64 granule = p2m::window_granule;
	const u64 wanted = (b.foreign_pages.raw() + granule - 1) & ~(granule - 1);
	const u64 most = b.ram_pages < granule ? granule : b.ram_pages & ~(granule - 1);

	return wanted < most ? wanted : most;
}

bool in_linux_part(Pfn pfn) noexcept
{
	return pfn.raw() - pieces.first < pieces.pages;
}

Errno error_of(s64 code) noexcept
{
	switch (code) {
	case h::parameter:
		return err::inval;
	case h::privilege:
	case h::permission:
		return err::perm;
	case h::rescinded:
		return err::srch;
	default:
		return err::io;
	}
}

/* Protection of an entry: linear addresses are the kernel's alone. */
u64 linear_protection(Access access) noexcept
{
	return access == Access::ReadOnly ? hpte_low::pp0 | 2 : 0;
}
u64 trial_protection(Access access) noexcept
{
	return access == Access::ReadOnly ? 3 : 2;
}

/* Out of the group's lock before anything is made of the answer. */
PaprAnswer<1> enter_once(u64 group, const HpteWords &words) noexcept
{
	const PtegGuard guard{table.locks, group};

	return h_enter(0, group, words);
}

/* One group.  Room that is made there somebody else may take first. */
Result<u64> enter_group(u64 group, const HpteWords &words) noexcept
{
	for (int tries = 0; tries < enter_tries; ++tries) {
		const auto [code, out] = enter_once(group, words);

		if (code == h::success && (out[0] ^ group) < pteg_size)
			return out[0];
		if (code != h::pteg_full)
			return error_of(code);
		if (xen_hpte_remove(group) < 0)
			break;
	}
	return err::nomem;
}

/* Where a page's entry may stand. */
u64 group_of_page(Vpn vpn, Segment segment, bool second) noexcept
{
	const u64 hash = hash_of(vpn, page_shift, segment);

	return group_of(second ? ~hash : hash, table.slots);
}

/* Enters @frame for @vpn, and says where. */
Result<Place> enter(Vpn vpn, Segment segment, Mfn frame, u64 high, u64 flags) noexcept
{
	Result<u64> slot = err::nomem;

	for (const bool second : {false, true}) {
		const u64 group = group_of_page(vpn, segment, second);
		const HpteWords words{avpn(vpn, PageSize::Small, segment) | high |
					      hpte_high::valid |
					      (second ? hpte_high::secondary : 0),
				      low_word(frame.raw() << page_shift, PageSize::Small, flags)};

		slot = enter_group(group, words);
		if (slot)
			return static_cast<Place>(there | (second ? in_second_group : 0) |
						  slot.value() % pteg_size);
		if (slot.error() != err::nomem)
			break;
	}
	return slot.error();
}

void remove(Vpn vpn, Segment segment, Place place) noexcept
{
	const u64 group = group_of_page(vpn, segment, (place & in_second_group) != 0);

	/* Not there is well: a trial's entry can be evicted. */
	static_cast<void>(
		remove_for_good(group + place % pteg_size, avpn(vpn, PageSize::Small, segment)));
}

Segment kernel_segment() noexcept
{
	return Segment{xen_glue_kernel_segment()};
}

Vpn linear_page(Pfn pfn) noexcept
{
	return Vpn{
		xen_glue_kernel_vpn(static_cast<u64>(XEN_LINEAR_BASE) + (pfn.raw() << page_shift),
				    xen_glue_kernel_segment())};
}

bool has_linear_address(Access access) noexcept
{
	return xen_glue_linear_small() != 0 && (access == Access::ReadWrite || table.pp0);
}

/* Shows the frame to the hypervisor; the result is what must be removed later. */
Result<Place> show(Pfn pfn, Mfn frame, Access access) noexcept
{
	if (has_linear_address(access))
		return enter(linear_page(pfn), kernel_segment(), frame, hpte_high::bolted,
			     kernel_page | linear_protection(access));

	const Result<Place> tried = enter(unused_page, Segment::Megabytes256, frame, 0,
					  kernel_page | trial_protection(access));

	if (!tried)
		return tried.error();
	remove(unused_page, Segment::Megabytes256, tried.value());
	return no_place;
}

} // namespace

void window_setup() noexcept
{
	const Boot &b = boot();
	const u64 first = b.foreign_first.raw(), pages = offered_pages(b);
	const u64 all = pages + (is_direct() ? private_window_frames : 0);

	pieces = Pieces{};
	window_start(Pfn{0}, Pages{0}, nullptr);
	if (b.foreign_pages.raw() == 0)
		return xen_glue_window_message("no window for frames of other domains", 0, 0);
	if (first >= max_frame || all > max_frame - first)
		return xen_glue_window_message("the window is beyond what can be mapped:", first,
					       0);

	auto *const entries =
		static_cast<p2m::Entry *>(xen_glue_window_memory(all * sizeof(p2m::Entry) + pages));

	if (entries == nullptr)
		return xen_glue_window_message("no memory for the window's table, frame", first,
					       err::nomem.to_linux());

	pieces = {first, pages, reinterpret_cast<Place *>(entries + all)};
	for (u64 i = 0; i < pages; ++i)
		pieces.place[i] = no_place;
	window_start(Pfn{first}, Pages{all}, entries);
	xen_glue_window_found(first, pages, xen_glue_linear_small());
}

WindowFrames window_frames() noexcept
{
	return {Pfn{pieces.first}, Pages{pieces.pages}};
}

Result<Pfn> private_frame() noexcept
{
	const Pfn first{pieces.first + pieces.pages};

	if (pieces.pages == 0 || !in_window(first))
		return err::opnotsupp;
	return first;
}

bool grant_frame_fits(Pfn pfn) noexcept
{
	return in_linux_part(pfn) &&
	       (is_direct() || pfn.raw() - pieces.first < boot().foreign_pages.raw());
}

Result<void> map_foreign(Pfn pfn, Mfn frame, Access access) noexcept
{
	const WindowGuard guard;

	return map_foreign(guard, pfn, frame, access);
}

Result<void> map_foreign(const WindowGuard &, Pfn pfn, Mfn frame, Access access) noexcept
{
	if (!in_linux_part(pfn))
		return err::inval;
	if (window_entry(pfn).present())
		return err::busy;
	/* First the entry: once the page table leads there, a fault may look it up. */
	if (const Result<void> entered = window_enter(pfn, frame, access); !entered)
		return entered.error();

	const Result<Place> shown = show(pfn, frame, access);

	if (!shown) {
		static_cast<void>(window_leave(pfn));
		return shown.error();
	}
	pieces.place[pfn.raw() - pieces.first] = shown.value();
	return {};
}

Result<void> unmap_foreign(Pfn pfn) noexcept
{
	if (!in_linux_part(pfn))
		return err::inval;

	const WindowGuard guard;
	Place &place = pieces.place[pfn.raw() - pieces.first];

	if (!window_entry(pfn).present())
		return err::noent;
	/* The page table's entry goes before the window's: no cpu may use what is gone. */
	if (place != no_place)
		remove(linear_page(pfn), kernel_segment(), place);
	place = no_place;
	return window_leave(pfn);
}

} // namespace xen::ppc
