/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where each section of the domain's memory is, and its way into and out of Linux.
 *
 * Every frame is Linux's, the hypervisor's, or in a section that is counted as spare: one
 * that failed on its way and waits where it is.
 *
 * Invariant: a section that is not the hypervisor's has all its frames in the p2m.
 * Locking: one thread moves sections (balloon_glue.c); others read the counts.
 */
#ifndef ARCH_POWERPC_XEN_BALLOON_SECTIONS_HH
#define ARCH_POWERPC_XEN_BALLOON_SECTIONS_HH

#include <optional>

#include <xen/core/frame.hh>
#include <xen/core/result.hh>

#include <abi/wire.hh>

#include "balloon.hh"

namespace xen::ppc {

/* Where a section is. */
enum class Place : u8 {
	Fixed,	    /* it never moves */
	Linux,	    /* in use */
	Tried,	    /* in use; it could not leave when that was tried */
	Offline,    /* Linux has pages for it, and does not use them */
	Idle,	    /* the domain's, and Linux has no pages for it */
	Hypervisor, /* not the domain's */
};

struct Sections {
	Place *place;
	u64 count;
	u64 out;   /* Place::Hypervisor */
	u64 spare; /* Place::Offline and Place::Idle */
};

extern Sections sections;

[[nodiscard]] constexpr Pfn first_of(u64 section) noexcept
{
	return Pfn{section << section_order};
}

/* A word that one thread writes and others read. */
[[nodiscard]] inline u64 word(const u64 &from) noexcept
{
	return __atomic_load_n(&from, __ATOMIC_RELAXED);
}

inline void set_word(u64 &to, u64 value) noexcept
{
	__atomic_store_n(&to, value, __ATOMIC_RELAXED);
}

/**
 * survey_sections - which of them may leave one day
 * @count: sections of the domain's memory, from frame 0 on
 *
 * The real-mode area's stay, and those that are not memory as a whole, or not contiguous.
 *
 * Context: once, from an initcall.
 *
 * Return: how many may; ENOMEM.
 */
[[nodiscard]] Result<u64> survey_sections(u64 count) noexcept;

/** put_section - from now on @section is at @place; the only writer of both counts */
void put_section(u64 section, Place place) noexcept;

/** find_section - the first one that is there */
[[nodiscard]] std::optional<u64> find_section(Place place) noexcept;

/**
 * remove_section - out of Linux, from use or from being offline
 *
 * Return: done, it is idle; or Linux's errno, and it is where it was.
 */
[[nodiscard]] Result<void> remove_section(u64 section) noexcept;

/**
 * restore_section - from idle or offline into use, as far as it goes
 *
 * Return: done, or Linux's errno; then it stays on the step that it reached.
 */
[[nodiscard]] Result<void> restore_section(u64 section) noexcept;

/**
 * empty_section - take one out of use
 *
 * It looks for one that is easy to empty, and tries a few.  What could not leave once is
 * only tried again when nothing else is left to be tried.
 *
 * Return: which one, it is idle now; ENOMEM if the rest of the memory could not hold its
 * contents, or Linux's errno.
 */
[[nodiscard]] Result<u64> empty_section() noexcept;

} // namespace xen::ppc

#endif
