/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a cpu counts of its hypercalls.  Compiles as C11 and C++20: on some architectures
 * C reserves the memory per cpu.
 *
 * The slots up to XEN_COUNTED_CALLS are Xen's hypercalls by number.  Those behind belong
 * to the architecture, for what enters the hypervisor in another way.
 */
#ifndef XEN_HYPERCALL_COUNTERS_H
#define XEN_HYPERCALL_COUNTERS_H

#define XEN_COUNTED_CALLS	64
#define XEN_COUNTED_OTHERS	128

struct xen_hypercall_counters {
	unsigned long made[XEN_COUNTED_CALLS + XEN_COUNTED_OTHERS];
};

#endif
