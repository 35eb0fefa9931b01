/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sections of memory on their way to the hypervisor and back.
 *
 * Here is the hypervisor's side: a section's frames leave the p2m and the domain, or come
 * back, as one extent, so that what is there stays contiguous in the machine.  balloon.cc
 * decides which and when, and sees to Linux's side.
 *
 * Locking: one thread does all of it (balloon_glue.c).
 */
#ifndef ARCH_POWERPC_XEN_BALLOON_HH
#define ARCH_POWERPC_XEN_BALLOON_HH

#include <xen/core/frame.hh>
#include <xen/core/result.hh>

#include <abi/wire.hh>

namespace xen::ppc {

inline constexpr u32 section_order = 12;
inline constexpr Pages section_pages{u64{1} << section_order};

/**
 * section_is_whole - could the section leave as one extent?
 * @first: its first frame
 *
 * Return: whether every frame is the domain's own memory, contiguous and aligned.
 */
[[nodiscard]] bool section_is_whole(Pfn first) noexcept;

/**
 * give_section - a section that Linux has forgotten goes to the hypervisor
 * @first: its first frame; no page-table entry leads to the section any more
 *
 * Context: may sleep.
 *
 * Return: done; or why the hypervisor refused, and then the section is the domain's as it
 * was: EFAULT if it is not whole, EBUSY or the hypervisor's errno.
 */
[[nodiscard]] Result<void> give_section(Pfn first) noexcept;

/**
 * take_section - new memory for a section that has none
 *
 * Context: may sleep.
 *
 * Return: done, the frames are entered; ENOMEM or the hypervisor's errno if it refused; EIO
 * if its answer made no sense, which a second attempt would make worse.
 */
[[nodiscard]] Result<void> take_section(Pfn first) noexcept;

} // namespace xen::ppc

#endif
