// SPDX-License-Identifier: GPL-2.0
/*
 * The port's counters in debugfs: /sys/kernel/debug/xen/cxx/{batch,flags,hypercalls},
 * one "name value" a line.
 *
 * The units know the figures; this file lends them a reader and the walk over
 * the cpus.  Reading takes no lock: a counter may be read while its cpu counts,
 * and is then either the old or the new value.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>

#include <xen/xen.h>

#include "debugfs.h"
#include "glue.h"

void xen_glue_show(struct xen_glue_sink *sink, const char *name, unsigned long value)
{
	seq_printf((struct seq_file *)sink, "%s %lu\n", name, value);
}

void xen_glue_show_size(struct xen_glue_sink *sink, unsigned int at_least, unsigned long count)
{
	seq_printf((struct seq_file *)sink, "size_%u_up %lu\n", at_least, count);
}

int xen_glue_next_cpu(int cpu)
{
	cpu = cpumask_next(cpu, cpu_possible_mask);

	return cpu < nr_cpu_ids ? cpu : -1;
}

static int batch_show(struct seq_file *m, void *unused)
{
	xen_mc_show((struct xen_glue_sink *)m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(batch);

static int flags_show(struct seq_file *m, void *unused)
{
	xen_flags_show((struct xen_glue_sink *)m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(flags);

static int hypercalls_show(struct seq_file *m, void *unused)
{
	xen_hypercalls_show((struct xen_glue_sink *)m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hypercalls);

static int __init counters_init(void)
{
	struct dentry *dir;

	if (!xen_pv_domain())
		return 0;
	dir = debugfs_create_dir("cxx", xen_init_debugfs());
	debugfs_create_file("batch", 0444, dir, NULL, &batch_fops);
	debugfs_create_file("flags", 0444, dir, NULL, &flags_fops);
	debugfs_create_file("hypercalls", 0444, dir, NULL, &hypercalls_fops);
	return 0;
}
late_initcall(counters_init);
