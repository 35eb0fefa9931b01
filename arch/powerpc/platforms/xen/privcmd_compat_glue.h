/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What privcmd_compat.cc and its glue lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_PRIVCMD_COMPAT_GLUE_H
#define ARCH_POWERPC_XEN_PRIVCMD_COMPAT_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- privcmd_compat.cc ---- */

/**
 * xen_privcmd_compat - an ioctl of /dev/xen/privcmd by a 32-bit program
 * @file: the glue's
 * @cmd: its number, with the size that the structure has for that program
 * @user: address of the structure
 *
 * Context: process; sleeps.
 *
 * Return: as the driver; -ENOTTY for what 32-bit programs cannot ask for.
 */
long xen_privcmd_compat(void *file, unsigned int cmd, unsigned long user) XEN_NOEXCEPT;

/* ---- privcmd_compat_glue.c ---- */

/** xen_glue_privcmd - the driver's own ioctl */
long xen_glue_privcmd(void *file, unsigned int cmd, unsigned long user) XEN_NOEXCEPT;

/**
 * xen_glue_compat_page - a new page of zeros in the caller's memory
 *
 * Context: process; sleeps.  Return: its address, or a negative errno.
 */
long xen_glue_compat_page(void) XEN_NOEXCEPT;
/* Not done if the caller is being killed, whose memory goes anyway. */
void xen_glue_compat_drop(unsigned long page) XEN_NOEXCEPT;

/* Copies between kernel and caller; 0 or -EFAULT.  Sleep. */
int xen_glue_compat_copy_in(void *to, unsigned long user, unsigned long bytes) XEN_NOEXCEPT;
int xen_glue_compat_copy_out(unsigned long user, const void *from,
			     unsigned long bytes) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
