/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the balloon's units and their glue lend each other.  Compiles as C11 and C++20.
 *
 * Frames and counts are those of 4 KiB pages.  A section is 4096 of them, 16 MB: what
 * Linux takes and gives at once.
 */
#ifndef ARCH_POWERPC_XEN_BALLOON_GLUE_H
#define ARCH_POWERPC_XEN_BALLOON_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- balloon.cc and balloon_sections.cc ---- */

/* What sysfs shows and sets; the sizes are in KiB. */
enum xen_balloon_value {
	XEN_BALLOON_TARGET,	  /* may be set: as it was rounded and limited */
	XEN_BALLOON_CURRENT,	  /* the domain's memory */
	XEN_BALLOON_OUT,	  /* what the hypervisor has of it */
	XEN_BALLOON_DELAY,	  /* s until the next attempt after a failure */
	XEN_BALLOON_MAX_DELAY,	  /* s; may be set, 1 to 3600 */
	XEN_BALLOON_ATTEMPTS,	  /* failures in a row */
	XEN_BALLOON_MAX_ATTEMPTS, /* may be set, up to 1000000; 0: it never gives up */
};

int xen_ppc_balloon_init(void) XEN_NOEXCEPT;
long xen_ppc_balloon_step(void) XEN_NOEXCEPT;
unsigned long xen_ppc_balloon_get(enum xen_balloon_value which) XEN_NOEXCEPT;
int xen_ppc_balloon_set(enum xen_balloon_value which, unsigned long long value) XEN_NOEXCEPT;
int xen_ppc_balloon_set_bytes(const char *text) XEN_NOEXCEPT;
void xen_ppc_balloon_offlined(unsigned long pfn, unsigned long pages) XEN_NOEXCEPT;

/* ---- balloon_glue.c; those of Linux's memory may sleep ---- */

/** xen_glue_memory_pages - the memory that Linux was started with */
unsigned long xen_glue_memory_pages(void) XEN_NOEXCEPT;

/** xen_glue_memory_whole - is all of a range memory, at the start? */
int xen_glue_memory_whole(unsigned long pfn, unsigned long pages) XEN_NOEXCEPT;

/** xen_glue_memory_available - pages that could be allocated without swapping */
unsigned long xen_glue_memory_available(void) XEN_NOEXCEPT;

/** xen_glue_memory_used - pages that Linux manages now */
unsigned long xen_glue_memory_used(void) XEN_NOEXCEPT;

/** xen_glue_memory_movable - those among them that only hold what can be moved */
unsigned long xen_glue_memory_movable(void) XEN_NOEXCEPT;

/** xen_glue_balloon_bytes - so many zero bytes for good, or null */
unsigned char *xen_glue_balloon_bytes(unsigned long count) XEN_NOEXCEPT;

enum xen_page_state {
	XEN_PAGE_MOVES, /* free, or its contents can be moved */
	XEN_PAGE_HELD,	/* the kernel uses it, perhaps only for now */
	XEN_PAGE_FIXED, /* it stays where it is */
};

/** xen_glue_page_state - a guess, for a page that others use meanwhile */
enum xen_page_state xen_glue_page_state(unsigned long pfn) XEN_NOEXCEPT;

/** xen_glue_memory_drain - bring pages that wait on lists of each cpu to where they count */
void xen_glue_memory_drain(void) XEN_NOEXCEPT;

/**
 * xen_glue_memory_remove - move all contents away, and forget the pages
 *
 * Their entries of the hashed page table are gone afterwards.  It gives up after a while.
 *
 * Return: 0, or a negative errno: everything is as it was.
 */
int xen_glue_memory_remove(unsigned long pfn, unsigned long pages) XEN_NOEXCEPT;

/** xen_glue_memory_add - make pages of memory, not in use yet; 0 or a negative errno */
int xen_glue_memory_add(unsigned long pfn, unsigned long pages) XEN_NOEXCEPT;

/**
 * xen_glue_memory_online - use them
 * @movable: only for contents that can be moved again
 *
 * Return: 0 or a negative errno.
 */
int xen_glue_memory_online(unsigned long pfn, unsigned long pages, int movable) XEN_NOEXCEPT;

/** xen_glue_memory_settle - wait until all that ran with interrupts off has ended */
void xen_glue_memory_settle(void) XEN_NOEXCEPT;

/** xen_glue_memory_scrub - clear a page, unless that is switched off */
void xen_glue_memory_scrub(unsigned long pfn) XEN_NOEXCEPT;

/** xen_glue_balloon_pause - let others run */
void xen_glue_balloon_pause(void) XEN_NOEXCEPT;

/**
 * xen_glue_balloon_wake - there is something to do
 *
 * What the caller has stored before, the thread's next step sees.
 *
 * Context: any.
 */
void xen_glue_balloon_wake(void) XEN_NOEXCEPT;

/* Messages, at most a few in a while. */
void xen_glue_balloon_odd(const char *what, long number) XEN_NOEXCEPT __cold;
void xen_glue_balloon_stopped(unsigned long current_kb, unsigned long target_kb,
			      long error) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
