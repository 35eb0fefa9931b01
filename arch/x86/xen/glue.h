/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What C and C++ lend each other in the x86 port.  Compiles as C11 and C++20.
 *
 * Two directions: hooks and interfaces that C++ units give to Linux's C
 * (xen_*), and services that *_glue.c files lend to C++ units (xen_glue_*).
 */
#ifndef ARCH_X86_XEN_GLUE_H
#define ARCH_X86_XEN_GLUE_H

#include <xen/glue.h>
#include <xen/hypercall_counters.h>

/*
 * Zeroed per-cpu memory for one multicall batch.  The glue reserves it, only
 * multicall.cc knows what is inside and asserts that it fits.
 */
#define XEN_MC_STORAGE_BYTES	12288
#define XEN_MC_STORAGE_ALIGN	64

struct xen_mc_storage {
	unsigned char bytes[XEN_MC_STORAGE_BYTES];
} __aligned(XEN_MC_STORAGE_ALIGN);

#ifndef __cplusplus
#include <linux/percpu.h>

DECLARE_PER_CPU(unsigned long, xen_forced_callbacks);
DECLARE_PER_CPU(struct xen_hypercall_counters, xen_hypercall_counts);
DECLARE_PER_CPU_ALIGNED(struct xen_mc_storage, xen_mc_batch_storage);

extern bool xen_mc_debug;
#endif

/* A failed entry of a batch; see xen_glue_mc_failed(). */
struct xen_mc_failure {
	unsigned int index;		/* position in the batch, from 0 */
	unsigned int total;		/* entries in the batch */
	unsigned long op;
	unsigned long args[3];
	long error;			/* negative errno */
	int kept;			/* op and args are as they were queued */
	const char *unit;		/* name of the owner, a C++ unit */
	const void *caller;		/* return address if Linux's C queued it, else null */
};

/* What queueing gives back: an entry and memory for its arguments; see multicalls.h. */
#ifdef __cplusplus
namespace xen {
struct MulticallEntry;
}
using xen_multicall_entry_t = xen::MulticallEntry;

struct multicall_space {
	xen_multicall_entry_t *mc;
	void *args;
};
#else
struct multicall_space;
#endif

/* One named number for debugfs; see xen_glue_show(). */
struct xen_glue_sink;

XEN_GLUE_BEGIN

/* ---- flags.cc: hooks for pv_ops and counters ---- */

void xen_safe_halt(void) XEN_NOEXCEPT;
void xen_halt(void) XEN_NOEXCEPT;
void xen_flags_show(struct xen_glue_sink *sink) XEN_NOEXCEPT;

/* ---- hypercall_counters.cc ---- */

void xen_hypercalls_show(struct xen_glue_sink *sink) XEN_NOEXCEPT;

/* ---- multicall.cc: the interface that multicalls.h declares for Linux's C ---- */

void xen_mc_flush(void) XEN_NOEXCEPT;
struct multicall_space __xen_mc_entry(__SIZE_TYPE__ bytes) XEN_NOEXCEPT;
struct multicall_space xen_mc_extend_args(unsigned long op, __SIZE_TYPE__ bytes) XEN_NOEXCEPT;
void xen_mc_callback(void (*fn)(void *), void *data) XEN_NOEXCEPT;
void xen_mc_show(struct xen_glue_sink *sink) XEN_NOEXCEPT;

/* ---- lent by flags_glue.c ---- */

/**
 * xen_glue_halt_refused - say once that Xen refused to block or stop this vcpu
 * @error: what the hypercall returned, a negative errno
 *
 * Context: idle or shutdown path, interrupts off.
 */
void xen_glue_halt_refused(long error) XEN_NOEXCEPT __cold;

/* For lockdep and tracers, see <linux/irqflags.h>; called only where it is built in. */
void xen_glue_trace_events_off(void) XEN_NOEXCEPT;
void xen_glue_trace_events_on(void) XEN_NOEXCEPT;

/* ---- lent by multicall_glue.c: see <linux/preempt.h>; asked only where it is known ---- */

int xen_glue_preemptible(void) XEN_NOEXCEPT;

/* ---- lent by multicall_glue.c: tracepoints, called only while they are on ---- */

void xen_glue_trace_mc_flush(unsigned int entries, unsigned int arg_bytes,
			     unsigned int callbacks) XEN_NOEXCEPT __cold;
void xen_glue_trace_mc_flush_reason(unsigned int reason) XEN_NOEXCEPT __cold;
void xen_glue_trace_mc_entry_alloc(unsigned long bytes) XEN_NOEXCEPT __cold;
void xen_glue_trace_mc_extend_args(unsigned long op, unsigned long bytes,
				   unsigned int result) XEN_NOEXCEPT __cold;
void xen_glue_trace_mc_callback(void (*fn)(void *), void *data) XEN_NOEXCEPT __cold;

/**
 * xen_glue_mc_failed - report one entry of a batch that Xen refused
 * @f: the entry; valid during the call
 *
 * Rate-limited.  Context: a flush, interrupts off.
 */
void xen_glue_mc_failed(const struct xen_mc_failure *f) XEN_NOEXCEPT __cold;

/* ---- lent by counters_glue.c: debugfs and other cpus' memory ---- */

/**
 * xen_glue_show - give one counter to the reader of a debugfs file
 * @sink: the reader
 * @name: static string
 * @value: the figure
 */
void xen_glue_show(struct xen_glue_sink *sink, const char *name, unsigned long value) XEN_NOEXCEPT;

/* The same for a histogram: @count batches of @at_least entries or somewhat more. */
void xen_glue_show_size(struct xen_glue_sink *sink, unsigned int at_least,
			unsigned long count) XEN_NOEXCEPT;

/**
 * xen_glue_next_cpu - walk the possible cpus
 * @cpu: a cpu number, or -1 to begin
 *
 * Return: the next possible cpu after @cpu, or a negative number at the end.
 */
int xen_glue_next_cpu(int cpu) XEN_NOEXCEPT;

/* The batch and the forced callbacks' counter of another cpu, to read only. */
const struct xen_mc_storage *xen_glue_mc_storage(int cpu) XEN_NOEXCEPT;
unsigned long xen_glue_forced_callbacks(int cpu) XEN_NOEXCEPT;

/* lent by hypercall_counters_glue.c: another cpu's hypercalls, to read only */
const struct xen_hypercall_counters *xen_glue_hypercall_counts(int cpu) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
