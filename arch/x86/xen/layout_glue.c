// SPDX-License-Identifier: GPL-2.0
/*
 * Facts of kernel headers for the C++ units of this folder.
 *
 * Never linked: Kbuild compiles this file to assembly and turns the marked
 * lines into layout.h.  Only names and numbers go through; a unit that mirrors
 * a structure asserts its own offsets against these.
 */
#define COMPILE_OFFSETS
#include <linux/kbuild.h>
#include <linux/percpu.h>
#include <linux/tracepoint-defs.h>
#include <asm/processor-flags.h>
#include <asm/xen/trace_types.h>
#include <xen/interface/xen.h>

static void __used facts(void)
{
	DEFINE(XEN_FLAGS_IF, X86_EFLAGS_IF);

	OFFSET(XEN_VCPU_INFO_PENDING, vcpu_info, evtchn_upcall_pending);
	OFFSET(XEN_VCPU_INFO_MASK, vcpu_info, evtchn_upcall_mask);
	DEFINE(XEN_MULTICALL_ENTRY_SIZE, sizeof(struct multicall_entry));

	DEFINE(XEN_TRACE_IRQFLAGS, IS_ENABLED(CONFIG_TRACE_IRQFLAGS));
	DEFINE(XEN_PREEMPT_COUNT, IS_ENABLED(CONFIG_PREEMPT_COUNT));

	OFFSET(XEN_TRACEPOINT_KEY, tracepoint, key);
	DEFINE(XEN_TRACE_FLUSH_BATCH, XEN_MC_FL_BATCH);
	DEFINE(XEN_TRACE_FLUSH_ARGS, XEN_MC_FL_ARGS);
	DEFINE(XEN_TRACE_FLUSH_CALLBACK, XEN_MC_FL_CALLBACK);
	DEFINE(XEN_TRACE_EXTEND_OK, XEN_MC_XE_OK);
	DEFINE(XEN_TRACE_EXTEND_BAD_OP, XEN_MC_XE_BAD_OP);
	DEFINE(XEN_TRACE_EXTEND_NO_SPACE, XEN_MC_XE_NO_SPACE);
}
