// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of hypercall_counters.cc: per-cpu memory.
 */
#include <linux/init.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "glue.h"

DEFINE_PER_CPU(struct xen_hypercall_counters, xen_hypercall_counts);

const struct xen_hypercall_counters *xen_glue_hypercall_counts(int cpu)
{
	return per_cpu_ptr(&xen_hypercall_counts, cpu);
}

/*
 * The boot cpu counted in the memory that every cpu's copy was made from.  Nobody else
 * runs yet.
 */
static int __init hypercall_counts_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (cpu != raw_smp_processor_id())
			memset(per_cpu_ptr(&xen_hypercall_counts, cpu), 0,
			       sizeof(xen_hypercall_counts));
	return 0;
}
early_initcall(hypercall_counts_init);
