// SPDX-License-Identifier: GPL-2.0
/*
 * The window's table: window.hh.
 *
 * Its words are the p2m's, but no device is ever in the window: that kind of entry is a
 * foreign frame that may only be read.
 */
#include "window.hh"

namespace xen::ppc {

namespace {

struct Window {
	u64 first;
	P2mTable table; /* without entries: there is no window */
};

constinit Window window{};

/* Changed by whoever may change entries. */
constinit u64 read_only_frames = 0;

/* The table's own number of a frame; huge below the window. */
Pfn place_of(Pfn pfn) noexcept
{
	return Pfn{pfn.raw() - window.first};
}

} // namespace

void window_start(Pfn first, Pages pages, p2m::Entry *table) noexcept
{
	read_only_frames = 0;
	window = {first.raw(), table != nullptr ? P2mTable{table, pages.raw()} : P2mTable{}};
	for (u64 i = 0; i < window.table.entries(); ++i)
		P2mWords::store(table[i], p2m::invalid);
}

bool in_window(Pfn pfn) noexcept
{
	return place_of(pfn).raw() < window.table.entries();
}

P2mEntry window_entry(Pfn pfn) noexcept
{
	const P2mEntry stored = window.table.lookup(place_of(pfn));

	return stored.present() ? P2mEntry::foreign(stored.mfn()) : stored;
}

bool window_writable(Pfn pfn) noexcept
{
	return window.table.lookup(place_of(pfn)).is(P2mEntry::Kind::Foreign);
}

u64 window_read_only_frames() noexcept
{
	return __atomic_load_n(&read_only_frames, __ATOMIC_RELAXED);
}

Result<void> window_enter(Pfn pfn, Mfn frame, Access access) noexcept
{
	const bool readonly = access == Access::ReadOnly;

	/* Counted before anybody finds the frame. */
	if (readonly) {
		__atomic_store_n(&read_only_frames, read_only_frames + 1, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_RELEASE);
	}

	const Result<void> entered = window.table.enter(
		place_of(pfn), readonly ? P2mEntry::io(frame) : P2mEntry::foreign(frame));

	if (!entered && readonly)
		__atomic_store_n(&read_only_frames, read_only_frames - 1, __ATOMIC_RELAXED);
	return entered;
}

Result<void> window_leave(Pfn pfn) noexcept
{
	const Result<P2mEntry> before = window.table.leave(place_of(pfn));

	if (!before)
		return before.error();
	if (before.value().is(P2mEntry::Kind::Io))
		__atomic_store_n(&read_only_frames, read_only_frames - 1, __ATOMIC_RELAXED);
	return {};
}

} // namespace xen::ppc
