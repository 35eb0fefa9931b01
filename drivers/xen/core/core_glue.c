// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel services that every architecture's C++ units use.
 */
#include <linux/export.h>
#include <linux/printk.h>

#include <xen/glue.h>

void xen_glue_bug(const char *what, const char *file, unsigned int line)
{
	pr_emerg("xen: %s:%u: broken invariant: %s\n", file, line, what);
}
EXPORT_SYMBOL_GPL(xen_glue_bug);
