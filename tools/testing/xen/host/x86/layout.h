/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The facts that Kbuild takes from kernel headers, for a build without a kernel.
 *
 * Same names as arch/x86/xen/layout_glue.c makes; the numbers are those of the ABI
 * of Xen, the processor and Linux's tracepoints.  The units assert the first group.
 * A new fact there that is missing here does not compile.
 */
#ifndef XEN_CXX_LAYOUT_H
#define XEN_CXX_LAYOUT_H

#define XEN_VCPU_INFO_PENDING 0
#define XEN_VCPU_INFO_MASK 1
#define XEN_MULTICALL_ENTRY_SIZE 64

/* Bit 9 of rflags. */
#define XEN_FLAGS_IF 0x200

/* struct tracepoint: a name, then the static key, whose first member is its count. */
#define XEN_TRACEPOINT_KEY 8

#define XEN_TRACE_FLUSH_BATCH 1
#define XEN_TRACE_FLUSH_ARGS 2
#define XEN_TRACE_FLUSH_CALLBACK 3
#define XEN_TRACE_EXTEND_OK 0
#define XEN_TRACE_EXTEND_BAD_OP 1
#define XEN_TRACE_EXTEND_NO_SPACE 2

/* Kernels with and without a preemption count: one build of the tests each. */
#ifdef CONFIG_PREEMPT_COUNT
#define XEN_PREEMPT_COUNT 1
#else
#define XEN_PREEMPT_COUNT 0
#endif

/* The same for lockdep and the tracer of stretches without interrupts. */
#ifdef CONFIG_TRACE_IRQFLAGS
#define XEN_TRACE_IRQFLAGS 1
#else
#define XEN_TRACE_IRQFLAGS 0
#endif

#endif
