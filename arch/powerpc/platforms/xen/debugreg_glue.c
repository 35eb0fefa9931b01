// SPDX-License-Identifier: GPL-2.0
/* Glue of debugreg.cc: its messages. */
#include <linux/printk.h>

#include "debugreg_glue.h"

void xen_glue_breakpoint_refused(unsigned long address, long code)
{
	pr_warn_once("xen: H_SET_XDABR for %#lx refused (%ld): no watchpoint\n", address, code);
}

void xen_glue_pmcs_refused(long code)
{
	pr_warn_once("xen: H_PERFMON refused (%ld): performance counters stand still\n", code);
}
