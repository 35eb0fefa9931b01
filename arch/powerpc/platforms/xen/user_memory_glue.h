/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What user_memory.cc and marshal.cc borrow from Linux.  Compiles as C11 and C++20.
 *
 * Context of all: process, may sleep.  Addresses are those of the current process.
 */
#ifndef ARCH_POWERPC_XEN_USER_MEMORY_GLUE_H
#define ARCH_POWERPC_XEN_USER_MEMORY_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/** xen_glue_user_compat - is the process a 32-bit one? */
int xen_glue_user_compat(void) XEN_NOEXCEPT;

/** xen_glue_user_range - are all these addresses user space's, mapped or not? */
int xen_glue_user_range(unsigned long start, unsigned long bytes) XEN_NOEXCEPT;

/** xen_glue_user_read - copy from the process; returns how many bytes were left out */
unsigned long xen_glue_user_read(void *to, unsigned long from, unsigned long bytes) XEN_NOEXCEPT;
/** xen_glue_user_write - copy to the process; returns how many bytes were left out */
unsigned long xen_glue_user_write(unsigned long to, const void *from,
				  unsigned long bytes) XEN_NOEXCEPT;

/**
 * xen_glue_user_pin - pin pages of the process
 * @start: page aligned
 * @list: where the pages go, to be given to xen_glue_user_unpin()
 *
 * Return: how many were pinned, from the first on; a negative errno.
 */
int xen_glue_user_pin(unsigned long start, unsigned int pages, int write, void **list) XEN_NOEXCEPT;
void xen_glue_user_unpin(void **list, unsigned int pages, int dirty) XEN_NOEXCEPT;

/**
 * xen_glue_user_walk - take a reference to one page of a driver's mapping
 * @page: where it goes, to be given to xen_glue_user_put()
 *
 * For mappings whose pages pinning may refuse, like those of /dev/xen/hypercall: the slow way
 * refuses what a driver has mapped, the fast way does not look.
 *
 * Return: 0; -EFAULT where there is no such mapping with an ordinary page of memory.
 */
int xen_glue_user_walk(unsigned long start, int write, void **page) XEN_NOEXCEPT;
void xen_glue_user_put(void *page, int dirty) XEN_NOEXCEPT;

/** xen_glue_user_address - guest-physical address of a page that was pinned or taken */
unsigned long xen_glue_user_address(const void *page) XEN_NOEXCEPT;

/** xen_glue_page_alloc - a page of the linear region, all zero, or null */
void *xen_glue_page_alloc(void) XEN_NOEXCEPT;
void xen_glue_page_free(void *page) XEN_NOEXCEPT;

/** xen_glue_user_pause - let others run; returns whether the process is to end */
int xen_glue_user_pause(void) XEN_NOEXCEPT;

/**
 * xen_glue_user_refused - say that a process made a hypercall that is not passed on
 * @call: its number
 * @op: the operation's
 * @error: what the process gets
 *
 * At most a few messages in a while.
 */
void xen_glue_user_refused(unsigned long call, unsigned long op, int error) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
