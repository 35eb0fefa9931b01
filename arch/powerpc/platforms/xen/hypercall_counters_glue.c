// SPDX-License-Identifier: GPL-2.0
/*
 * The port's folder in debugfs, /sys/kernel/debug/xen/cxx, and its file "hypercalls":
 * one "name value" a line.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/seq_file.h>

#include <xen/xen.h>

#include "hypercall_counters_glue.h"

struct dentry *xen_ppc_debugfs(void)
{
	static struct dentry *folder;

	/* Initcalls run one by one. */
	if (!folder)
		folder = debugfs_create_dir("cxx", debugfs_create_dir("xen", NULL));
	return folder;
}

void xen_glue_count(struct xen_glue_reader *reader, const char *name, unsigned long value)
{
	seq_printf((struct seq_file *)reader, "%s %lu\n", name, value);
}

static int hypercalls_show(struct seq_file *m, void *unused)
{
	xen_hypercalls_show((struct xen_glue_reader *)m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hypercalls);

static int __init hypercalls_init(void)
{
	if (xen_domain())
		debugfs_create_file("hypercalls", 0444, xen_ppc_debugfs(), NULL,
				    &hypercalls_fops);
	return 0;
}
late_initcall(hypercalls_init);
