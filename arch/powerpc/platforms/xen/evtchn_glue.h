/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What evtchn.cc, irq.cc and evtchn_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_EVTCHN_GLUE_H
#define ARCH_POWERPC_XEN_EVTCHN_GLUE_H

#include <xen/glue.h>

#ifndef __cplusplus
#include <linux/types.h>

/* drivers/xen/events/events_base.c, which no header of Linux's declares. */
extern bool xen_fifo_events;
#endif

/*
 * Zeroed per-cpu memory of the events: the glue reserves it, evtchn.hh knows what is
 * inside and asserts that it fits.
 */
#define XEN_EVENTS_STORAGE_BYTES	640
#define XEN_EVENTS_STORAGE_ALIGN	128

struct xen_events_storage {
	unsigned char bytes[XEN_EVENTS_STORAGE_BYTES];
} __aligned(XEN_EVENTS_STORAGE_ALIGN);

/* Linux's note on one run over the events of a cpu; passed through. */
struct evtchn_loop_ctrl;

XEN_GLUE_BEGIN

/* ---- evtchn.cc: the operations of struct evtchn_ops, any context ---- */

unsigned int xen_port_max(void) XEN_NOEXCEPT;
void xen_port_remove(unsigned int port, unsigned int cpu) XEN_NOEXCEPT;
void xen_port_bind_to_cpu(unsigned int port, unsigned int cpu, unsigned int old_cpu) XEN_NOEXCEPT;
void xen_port_clear_pending(unsigned int port) XEN_NOEXCEPT;
void xen_port_set_pending(unsigned int port) XEN_NOEXCEPT;
bool xen_port_is_pending(unsigned int port) XEN_NOEXCEPT;
void xen_port_mask(unsigned int port) XEN_NOEXCEPT;
void xen_port_unmask(unsigned int port) XEN_NOEXCEPT;
void xen_port_rescan(void) XEN_NOEXCEPT;
void xen_port_handle(unsigned int cpu, struct evtchn_loop_ctrl *ctrl) XEN_NOEXCEPT;
void xen_port_resume(void) XEN_NOEXCEPT;
int xen_port_percpu_deinit(unsigned int cpu) XEN_NOEXCEPT;

/* ---- irq.cc ---- */

void xen_ppc_init_irq(void) XEN_NOEXCEPT;
unsigned int xen_ppc_get_irq(void) XEN_NOEXCEPT;
void xen_upcall(void) XEN_NOEXCEPT;
bool xen_upcall_ri_ok(void) XEN_NOEXCEPT;

/** xen_events_ri_lost - how often xen_upcall_ri_ok() was false, on all cpus; any context */
unsigned long xen_events_ri_lost(void) XEN_NOEXCEPT;

/* The figures of all cpus, to the reader of /sys/kernel/debug/xen/cxx/events. */
struct xen_events_sink;
void xen_events_show(struct xen_events_sink *sink) XEN_NOEXCEPT;

/* ---- lent by evtchn_glue.c ---- */

/** xen_glue_events - the storage of a possible cpu */
struct xen_events_storage *xen_glue_events(unsigned int cpu) XEN_NOEXCEPT;

/** xen_glue_events_next_cpu - the possible cpu behind @cpu (-1: the first), or -1 */
int xen_glue_events_next_cpu(int cpu) XEN_NOEXCEPT;

/** xen_glue_this_cpu - this cpu's number; interrupts off */
unsigned int xen_glue_this_cpu(void) XEN_NOEXCEPT;

/**
 * xen_glue_rescan_on - have another cpu call xen_port_rescan(), soon; interrupts off
 *
 * A request that is on its way already serves this one too.  A cpu that is offline handles
 * no ports: nothing happens.
 */
void xen_glue_rescan_on(unsigned int cpu) XEN_NOEXCEPT;

/** xen_glue_port_cpu - the cpu that Linux has bound a port to */
unsigned int xen_glue_port_cpu(unsigned int port) XEN_NOEXCEPT;

/** xen_glue_port_event - have Linux handle a port; interrupts off */
void xen_glue_port_event(unsigned int port, struct evtchn_loop_ctrl *ctrl) XEN_NOEXCEPT;

/**
 * xen_glue_init_irq - let Linux set its events up, then put evtchn.cc's operations in
 *
 * Return: the Linux irq that stands for "an event is pending", or a negative errno.
 */
int xen_glue_init_irq(void) XEN_NOEXCEPT;

/** xen_glue_irq_msr - MSR of what the interrupt being handled interrupted, or 0 */
unsigned long xen_glue_irq_msr(void) XEN_NOEXCEPT;

/** xen_glue_events_show - one line for the reader; @cpu: whose figure it is, or -1 */
void xen_glue_events_show(struct xen_events_sink *sink, const char *name, int cpu,
			  unsigned long value) XEN_NOEXCEPT;

/* Messages, each once or rate-limited. */
void xen_glue_unmask_refused(unsigned int port, long error) XEN_NOEXCEPT __cold;
void xen_glue_port_absent(const char *what, unsigned int port) XEN_NOEXCEPT __cold;
void xen_glue_ri_lost(unsigned long msr) XEN_NOEXCEPT __cold;
void xen_glue_no_event_irq(int error) XEN_NOEXCEPT __cold;

XEN_GLUE_END

#endif
