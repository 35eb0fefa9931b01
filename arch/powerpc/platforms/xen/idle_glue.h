/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What idle.cc, clock.cc and idle_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_IDLE_GLUE_H
#define ARCH_POWERPC_XEN_IDLE_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- clock.cc, idle.cc: hooks of the platform ---- */

void xen_time_init(void) XEN_NOEXCEPT;
void xen_idle(void) XEN_NOEXCEPT;

/* ---- lent by idle_glue.c ---- */

/**
 * xen_glue_idle_begin - hard-disable interrupts, unless one waits to be replayed
 *
 * Return: 0 if there is something to do; else MSR[EE] is clear, Linux's own mask is
 * set, and xen_glue_idle_end() must follow.
 */
int xen_glue_idle_begin(void) XEN_NOEXCEPT;
void xen_glue_idle_end(void) XEN_NOEXCEPT;

/** xen_glue_timebase - the timebase register */
unsigned long xen_glue_timebase(void) XEN_NOEXCEPT;

/** xen_glue_timebase_hz - its frequency, 0 until Linux has it from the tree */
unsigned long xen_glue_timebase_hz(void) XEN_NOEXCEPT;

/** xen_glue_next_timebase - when this cpu's clock event is due; ~0: it is stopped */
unsigned long xen_glue_next_timebase(void) XEN_NOEXCEPT;

/** xen_glue_decrementer - the register: 32 bits, negative once it has run out */
unsigned long xen_glue_decrementer(void) XEN_NOEXCEPT;

/** xen_glue_set_decrementer - let it interrupt in @ticks, 1 to 2^31 - 1; MSR[EE] clear */
void xen_glue_set_decrementer(unsigned int ticks) XEN_NOEXCEPT;

/** xen_glue_low_priority - leave the core to its other threads; the idle loop ends that */
void xen_glue_low_priority(void) XEN_NOEXCEPT;

/* Messages, once each; the first from the idle loop, after xen_glue_idle_end(). */
void xen_glue_idle_refused(long status) XEN_NOEXCEPT __cold;
void xen_glue_ticker_refused(unsigned int vcpu, long status) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
