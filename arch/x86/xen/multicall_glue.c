// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of multicall.cc: per-cpu memory, tracepoints, the message for an entry
 * that Xen refused.
 *
 * The tracepoints keep the names and fields that Linux's C port has, so that
 * scripts which listen to them go on working.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include "multicalls.h"
#include "glue.h"

/* Linux's C callers keep the flags of xen_mc_batch() here; see multicalls.h. */
DEFINE_PER_CPU(unsigned long, xen_mc_irq_flags);

DEFINE_PER_CPU_ALIGNED(struct xen_mc_storage, xen_mc_batch_storage);

/*
 * With "xen_mc_debug" on the command line the message about a refused entry has
 * its arguments as they were queued, also under a hypervisor that overwrites them.
 */
bool xen_mc_debug __ro_after_init;

static int __init xen_mc_debug_setup(char *unused)
{
	xen_mc_debug = true;
	return 0;
}
early_param("xen_mc_debug", xen_mc_debug_setup);

static_assert(sizeof(struct multicall_space) == 2 * sizeof(void *));

#if IS_MODULE(CONFIG_XEN_PV_CXX_KUNIT_TEST)
EXPORT_SYMBOL_NS_GPL(xen_mc_flush, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(__xen_mc_entry, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_mc_extend_args, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_mc_callback, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_mc_show, XEN_CXX_KUNIT);
#endif

const struct xen_mc_storage *xen_glue_mc_storage(int cpu)
{
	return per_cpu_ptr(&xen_mc_batch_storage, cpu);
}

int xen_glue_preemptible(void)
{
	return preemptible();
}

void xen_glue_trace_mc_flush(unsigned int entries, unsigned int arg_bytes, unsigned int callbacks)
{
	trace_xen_mc_flush(entries, arg_bytes, callbacks);
}

void xen_glue_trace_mc_flush_reason(unsigned int reason)
{
	trace_xen_mc_flush_reason((enum xen_mc_flush_reason)reason);
}

void xen_glue_trace_mc_entry_alloc(unsigned long bytes)
{
	trace_xen_mc_entry_alloc(bytes);
}

void xen_glue_trace_mc_extend_args(unsigned long op, unsigned long bytes, unsigned int result)
{
	trace_xen_mc_extend_args(op, bytes, (enum xen_mc_extend_args)result);
}

void xen_glue_trace_mc_callback(void (*fn)(void *), void *data)
{
	trace_xen_mc_callback(fn, data);
}

void xen_glue_mc_failed(const struct xen_mc_failure *f)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

	if (!__ratelimit(&limit))
		return;
	pr_err("xen: entry %u of %u of a multicall failed: op %lu, result %ld, queued by %s %pS\n",
	       f->index + 1, f->total, f->op, f->error, f->unit, f->caller);
	pr_err("xen:   arguments %#lx %#lx %#lx%s\n", f->args[0], f->args[1], f->args[2],
	       f->kept ? "" : " as Xen left them; xen_mc_debug keeps them");
}
