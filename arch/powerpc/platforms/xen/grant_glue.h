/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What grant.cc and grant_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_GRANT_GLUE_H
#define ARCH_POWERPC_XEN_GRANT_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- grant.cc ---- */

/** xen_grant_init - ask Xen for the grant table and map it; once, may sleep */
void xen_grant_init(void) XEN_NOEXCEPT;

/** xen_grant_frames - how many frames of it are usable; any context */
unsigned int xen_grant_frames(void) XEN_NOEXCEPT;

/* ---- grant_glue.c ---- */

/**
 * xen_glue_grant_map - map the table
 * @first: number of its first frame; the others follow
 *
 * May sleep.  Return: 0, or -ENOMEM.
 */
int xen_glue_grant_map(unsigned long first, unsigned int frames) XEN_NOEXCEPT;

/** xen_glue_grant_publish - tell Linux's driver; @frame stays in use */
void xen_glue_grant_publish(const unsigned long long *frame, unsigned int frames) XEN_NOEXCEPT;

/** xen_glue_grant_message - what became of the table */
void xen_glue_grant_message(const char *what, long value) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
