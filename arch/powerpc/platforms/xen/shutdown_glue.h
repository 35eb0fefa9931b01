/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What shutdown.cc and shutdown_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_SHUTDOWN_GLUE_H
#define ARCH_POWERPC_XEN_SHUTDOWN_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- shutdown.cc: hooks of the platform, none of which returns ---- */

void xen_ppc_power_off(void) XEN_NOEXCEPT;
void __attribute__((noreturn)) xen_ppc_restart(char *command) XEN_NOEXCEPT;
void __attribute__((noreturn)) xen_ppc_halt(void) XEN_NOEXCEPT;
void xen_ppc_panic(char *message) XEN_NOEXCEPT;

/* ---- lent by shutdown_glue.c ---- */

/** xen_glue_flush_messages - get everything printed so far out, whatever is locked */
void xen_glue_flush_messages(void) XEN_NOEXCEPT;

/** xen_glue_shutdown_refused - say that Xen refused to stop the domain */
void xen_glue_shutdown_refused(unsigned int reason, long status) XEN_NOEXCEPT __cold;

/** xen_glue_shutdown_wait - let a second pass, any context */
void xen_glue_shutdown_wait(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
