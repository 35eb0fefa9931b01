/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vcpu.cc and vcpu_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_VCPU_GLUE_H
#define ARCH_POWERPC_XEN_VCPU_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- vcpu.cc: hooks of smp_ops ---- */

int xen_smp_prepare_cpu(unsigned int cpu) XEN_NOEXCEPT;
int xen_smp_cpu_dead(unsigned int cpu) XEN_NOEXCEPT;
int xen_smp_kick_cpu(int cpu) XEN_NOEXCEPT;
void xen_smp_cause_ipi(int cpu) XEN_NOEXCEPT;

/* ---- lent by vcpu_glue.c: starting ---- */

/** xen_glue_cpu_hwid - the number in the tree of Linux's cpu @cpu */
unsigned int xen_glue_cpu_hwid(int cpu) XEN_NOEXCEPT;

/** xen_glue_secondary_entry - kernel address of the code that a cpu starts with */
unsigned long xen_glue_secondary_entry(void) XEN_NOEXCEPT;

/** xen_glue_release_cpu - let a cpu out of that code; 0 or a negative errno */
int xen_glue_release_cpu(int cpu) XEN_NOEXCEPT;

/**
 * xen_glue_bind_ipi - an event channel for messages to @cpu, handled on it
 *
 * Sleeps.
 *
 * Return: its Linux irq, or a negative errno.
 */
int xen_glue_bind_ipi(unsigned int cpu) XEN_NOEXCEPT;

/** xen_glue_unbind_ipi - the end of xen_glue_bind_ipi(); sleeps */
void xen_glue_unbind_ipi(int irq) XEN_NOEXCEPT;

/** xen_glue_port_irq - Linux's irq of an event channel's @port, or -1; any context */
int xen_glue_port_irq(unsigned int port) XEN_NOEXCEPT;

/* Messages. */
void xen_glue_vcpu_refused(const char *operation, int cpu, long status) XEN_NOEXCEPT __cold;
void xen_glue_ipi_refused(unsigned int cpu, int error) XEN_NOEXCEPT __cold;

/*
 * A message to @cpu was refused @times times, the last time with @status, and then taken
 * (said once), or not at all.  Any context: printed later, or by whoever flushes.
 */
void xen_glue_ipi_repeated(int cpu, long status, int times) XEN_NOEXCEPT __cold;
void xen_glue_ipi_lost(int cpu, long status, int times) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
