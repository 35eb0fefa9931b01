// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of shutdown.cc: messages and time when nothing else works any more.
 */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/printk.h>

#include "shutdown_glue.h"

void xen_glue_flush_messages(void)
{
	panic_flush_kmsg_end();
}

void xen_glue_shutdown_refused(unsigned int reason, long status)
{
	pr_emerg("xen: sched_op shutdown with reason %u refused (%ld); trying again every second\n",
		 reason, status);
}

void xen_glue_shutdown_wait(void)
{
	mdelay(1000);
}
