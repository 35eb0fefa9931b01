/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What wallclock.cc and wallclock_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_WALLCLOCK_GLUE_H
#define ARCH_POWERPC_XEN_WALLCLOCK_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- wallclock.cc ---- */

long long xen_get_boot_time(void) XEN_NOEXCEPT;
int xen_wallclock_write(long long seconds, unsigned int nanoseconds) XEN_NOEXCEPT;
int xen_wallclock_correct(long long seconds, unsigned int nanoseconds) XEN_NOEXCEPT;

/* ---- lent by wallclock_glue.c ---- */

/** xen_glue_wallclock_lock - keep other writers away; interrupts off until the unlock */
unsigned long xen_glue_wallclock_lock(void) XEN_NOEXCEPT;
void xen_glue_wallclock_unlock(unsigned long flags) XEN_NOEXCEPT;

/** xen_glue_wallclock_odd - say that a time does not fit into shared_info, once; any context */
void xen_glue_wallclock_odd(long long seconds) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
