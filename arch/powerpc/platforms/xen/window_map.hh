/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames of other domains into the window and out of it.
 *
 * A frame that is mapped has been shown to the hypervisor: a page-table entry for it was
 * entered, so that one which may not be used is an errno here and not a signal later.  With
 * a linear map of small pages that entry is the bolted one of the page's linear address,
 * and stays; otherwise it is one of a virtual page that Linux never uses, and goes again.
 *
 * Locking: one lock for all writers, taken inside or held by who has to decide before it
 * maps; hypercalls are made under it.
 * Cannot: give a linear address to pages of the window when the linear map has large
 * pages, or to one that may only be read when the hypervisor does not keep PP0.
 */
#ifndef ARCH_POWERPC_XEN_WINDOW_MAP_HH
#define ARCH_POWERPC_XEN_WINDOW_MAP_HH

#include <xen/core/frame.hh>
#include <xen/core/result.hh>

#include <abi/grant.hh>
#include <abi/wire.hh>

#include "window.hh"
#include "window_glue.h"

namespace xen::ppc {

/* Frames behind those that Linux knows, in a direct domain. */
inline constexpr u64 private_window_frames = nr_grant_frames;

/**
 * window_setup - make the window's table
 *
 * Context: setup_arch, once; says what became of it.
 */
void window_setup() noexcept;

struct WindowFrames {
	Pfn first;
	Pages pages; /* 0: there is no window */
};

/** window_frames - what Linux may have of the window: whole sections; any context */
[[nodiscard]] WindowFrames window_frames() noexcept;

/** private_frame - the first of the private frames; EOPNOTSUPP if there are none */
[[nodiscard]] Result<Pfn> private_frame() noexcept;

/**
 * grant_frame_fits - can a grant be mapped at @pfn?
 *
 * In a translated domain the hypervisor knows the window's frames by number, and the last
 * section may reach beyond them.
 *
 * Context: any.
 */
[[nodiscard]] bool grant_frame_fits(Pfn pfn) noexcept;

/**
 * class WindowGuard - the window's lock, from here to the end of the block
 *
 * Whoever holds it knows that no frame is on its way into the window.  Interrupts are off.
 *
 * Context: any but under a group's lock; does not sleep, and is not taken twice.
 */
class WindowGuard {
public:
	WindowGuard() noexcept : flags_(xen_glue_window_lock()) {}
	~WindowGuard() noexcept { xen_glue_window_unlock(flags_); }
	WindowGuard(const WindowGuard &) = delete;
	WindowGuard &operator=(const WindowGuard &) = delete;

private:
	unsigned long flags_;
};

/**
 * map_foreign - put a frame into the window
 * @pfn: where; nothing is there
 * @frame: what H_ENTER takes for it
 *
 * Context: any with address translation on but under a group's lock; does not sleep.
 *
 * Return: EINVAL for no frame of Linux's part of the window, or no frame of the machine;
 * EBUSY if something is there; EPERM if the domain may not have @frame in this way, ESRCH
 * if its owner is gone, ENOMEM if the page table has no room, EIO if the hypervisor's
 * answer is none of these.  After an error nothing is there that was not before.
 */
[[nodiscard]] Result<void> map_foreign(Pfn pfn, Mfn frame, Access access) noexcept;

/** map_foreign - the same for who holds the lock already */
[[nodiscard]] Result<void> map_foreign(const WindowGuard &held, Pfn pfn, Mfn frame,
				       Access access) noexcept;

/**
 * unmap_foreign - take a frame out of the window
 *
 * Nobody has it mapped any more but the kernel's linear map.  When it returns, no
 * page-table entry of the port's leads there and every cpu sees an empty place.
 *
 * Context: as map_foreign().
 *
 * Return: EINVAL for no frame of Linux's part of the window, ENOENT if nothing is there.
 */
[[nodiscard]] Result<void> unmap_foreign(Pfn pfn) noexcept;

} // namespace xen::ppc

#endif
