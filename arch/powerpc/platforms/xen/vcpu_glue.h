/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vcpu.cc and vcpu_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_VCPU_GLUE_H
#define ARCH_POWERPC_XEN_VCPU_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- vcpu.cc: hooks of the platform and of smp_ops ---- */

void xen_smp_clone_cpu_nodes(void) XEN_NOEXCEPT;
int xen_smp_prepare_cpu(unsigned int cpu) XEN_NOEXCEPT;
int xen_smp_cpu_dead(unsigned int cpu) XEN_NOEXCEPT;
int xen_smp_kick_cpu(int cpu) XEN_NOEXCEPT;
void xen_smp_cause_ipi(int cpu) XEN_NOEXCEPT;
/* With HOTPLUG_CPU only, as what it needs of vcpu_glue.c. */
void xen_smp_offline_self(void) XEN_NOEXCEPT;

/* ---- lent by vcpu_glue.c: the tree before there is a slab ---- */

/**
 * xen_glue_cpu_number - the number in the tree of its @index-th cpu node
 * @number: set to the first cell of reg
 *
 * Return: 0, or -ENOENT if there are not as many.
 */
int xen_glue_cpu_number(unsigned int index, unsigned int *number) XEN_NOEXCEPT;

/**
 * xen_glue_clone_cpu - put a copy of the first cpu node behind the last
 * @number: its number, which no other node has
 *
 * Return: 0 or a negative errno; nothing is left behind then.
 */
int xen_glue_clone_cpu(unsigned int number) XEN_NOEXCEPT;

/** xen_glue_max_cpus - how many cpus this kernel takes */
unsigned int xen_glue_max_cpus(void) XEN_NOEXCEPT;

/* ---- lent by vcpu_glue.c: starting and stopping ---- */

/** xen_glue_cpu_hwid - the number in the tree of Linux's cpu @cpu */
unsigned int xen_glue_cpu_hwid(int cpu) XEN_NOEXCEPT;

/** xen_glue_secondary_entry - kernel address of the code that a cpu starts with */
unsigned long xen_glue_secondary_entry(void) XEN_NOEXCEPT;

/** xen_glue_release_cpu - let a cpu out of that code, or out of xen_smp_offline_self() */
int xen_glue_release_cpu(int cpu) XEN_NOEXCEPT;

/** xen_glue_cpu_dead - what Linux wants of a cpu before it stops; interrupts off after it */
void xen_glue_cpu_dead(int cpu) XEN_NOEXCEPT;

/** xen_glue_cpu_wanted - shall the stopped cpu run again? */
int xen_glue_cpu_wanted(int cpu) XEN_NOEXCEPT;

/** xen_glue_pause - let about a millisecond pass, any context */
void xen_glue_pause(void) XEN_NOEXCEPT;

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

/** xen_glue_send_ipi - raise it: one hypercall, any context */
void xen_glue_send_ipi(int irq) XEN_NOEXCEPT;

/* Messages. */
void xen_glue_vcpu_refused(const char *operation, int cpu, long status) XEN_NOEXCEPT __cold;
void xen_glue_cpus_odd(const char *what, unsigned int number) XEN_NOEXCEPT __cold;
void xen_glue_ipi_refused(unsigned int cpu, int error) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
