/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The window: guest frames that stand for frames of other domains.
 *
 * Linux gets struct pages for these frames and hands them to whoever maps a grant or, for
 * the tools, another domain's memory.  A table in ordinary memory says what is behind each
 * of them: nothing, or a frame that H_ENTER takes.  In a direct domain that is a machine
 * frame.  In a translated one it is the window's own number after a grant was mapped there,
 * which the hypervisor looks up, and a machine frame otherwise.
 *
 * Behind the window that Linux knows there are a few private frames, for the domain's own
 * grant table in direct mode.
 *
 * This is the table alone; window_map.hh is how frames get in and out.
 *
 * Locking: lookups take none; whoever changes entries excludes other writers.
 * Cannot: serve real mode.  The table is made when memory can be allocated.
 */
#ifndef ARCH_POWERPC_XEN_WINDOW_HH
#define ARCH_POWERPC_XEN_WINDOW_HH

#include <xen/core/frame.hh>
#include <xen/core/p2m.hh>
#include <xen/core/result.hh>

#include <abi/wire.hh>

#include "p2m_format.hh"

namespace xen::ppc {

/* What the owner of a frame allows. */
enum class Access { ReadWrite, ReadOnly };

/**
 * window_start - from now on there is a window, with nothing in it
 * @first: its first frame
 * @pages: how many, private ones included
 * @table: an entry for each of them, linear memory that stays; null: there is no window
 *
 * Context: one cpu; once, or by a test.
 */
void window_start(Pfn first, Pages pages, p2m::Entry *table) noexcept;

/** in_window - is @pfn one of the window's frames, private ones included? any context */
[[nodiscard]] bool in_window(Pfn pfn) noexcept;

/**
 * window_entry - what is behind a frame of the window
 *
 * Context: any with address translation on; takes no lock.
 *
 * Return: foreign with the frame that H_ENTER takes; missing if nothing is there, or @pfn
 * is not in the window.
 */
[[nodiscard]] P2mEntry window_entry(Pfn pfn) noexcept;

/**
 * window_writable - may an entry for @pfn be written through?
 *
 * Linux lets a process ask for more than it was given, by mprotect: the hypervisor would
 * refuse the entry, and call it a broken rule.
 *
 * Context: as window_entry().
 *
 * Return: false also if nothing is there.
 */
[[nodiscard]] bool window_writable(Pfn pfn) noexcept;

/**
 * window_read_only_frames - how many of the window's frames may only be read
 *
 * As long as there are any, an entry of the page table is not widened in its place, where
 * nobody knows what is behind it: it goes, and is entered anew.
 *
 * Context: any, real mode included.
 */
[[nodiscard]] u64 window_read_only_frames() noexcept;

/**
 * window_enter - @frame is behind @pfn, for lookups that begin from now on
 *
 * Context: any with address translation on; the caller excludes other writers.
 *
 * Return: EINVAL if @pfn is not in the window, or @frame is too large for an entry.
 */
[[nodiscard]] Result<void> window_enter(Pfn pfn, Mfn frame,
					Access access = Access::ReadWrite) noexcept;

/**
 * window_leave - nothing is behind @pfn, visible before what the caller does next
 *
 * Every page-table entry that leads to @pfn is gone before.
 *
 * Context: any with address translation on; the caller excludes other writers.
 *
 * Return: EINVAL if @pfn is not in the window.
 */
[[nodiscard]] Result<void> window_leave(Pfn pfn) noexcept;

} // namespace xen::ppc

#endif
