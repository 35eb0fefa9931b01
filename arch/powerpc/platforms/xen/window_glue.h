/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What window_glue.c lends window_map.cc and window_tail.cc.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_WINDOW_GLUE_H
#define ARCH_POWERPC_XEN_WINDOW_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/**
 * xen_glue_window_memory - memory for the window's tables, which stays
 *
 * Context: setup_arch.  Return: linear memory, aligned to a page, or null.
 */
void *xen_glue_window_memory(unsigned long bytes) XEN_NOEXCEPT;

/** xen_glue_window_lock - exclude other writers; interrupts are off until the unlock */
unsigned long xen_glue_window_lock(void) XEN_NOEXCEPT;

/** xen_glue_window_unlock - @flags: of the lock */
void xen_glue_window_unlock(unsigned long flags) XEN_NOEXCEPT;

/** xen_glue_linear_small - has the linear map pages of 4 KB? */
int xen_glue_linear_small(void) XEN_NOEXCEPT;

/** xen_glue_kernel_segment - the size of kernel segments, by Linux's number */
int xen_glue_kernel_segment(void) XEN_NOEXCEPT;

/**
 * xen_glue_window_take - a page of the window from Linux's allocator
 *
 * Context: initcall; may sleep.  Return: its frame, 0 if there is none.
 */
unsigned long xen_glue_window_take(void) XEN_NOEXCEPT;

/** xen_glue_window_give - back to the allocator; @frame was taken */
void xen_glue_window_give(unsigned long frame) XEN_NOEXCEPT;

/** xen_window_keep_tail - withhold pages that no grant may be mapped at; initcall, once */
void xen_window_keep_tail(void) XEN_NOEXCEPT;

/* Something is wrong with a frame of the window.  Limited in rate; any context. */
void xen_glue_window_message(const char *what, unsigned long frame, long code) XEN_NOEXCEPT
	__cold;

/* What was decided at start. */
void xen_glue_window_found(unsigned long first, unsigned long pages,
			   int linear_small) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
