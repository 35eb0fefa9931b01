/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What debugreg.cc and debugreg_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_DEBUGREG_GLUE_H
#define ARCH_POWERPC_XEN_DEBUGREG_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- debugreg.cc: hooks of the platform ---- */

int xen_set_dabr(unsigned long dabr, unsigned long dabrx) XEN_NOEXCEPT;
int xen_set_dawr(int nr, unsigned long dawr, unsigned long dawrx) XEN_NOEXCEPT;
void xen_enable_pmcs(void) XEN_NOEXCEPT;

/* ---- lent by debugreg_glue.c: messages, once each ---- */

void xen_glue_breakpoint_refused(unsigned long address, long code) XEN_NOEXCEPT __cold;
void xen_glue_pmcs_refused(long code) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
