// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of idle.cc and clock.cc: Linux's idle protocol, the timebase, the decrementer.
 *
 * In the idle loop RCU does not watch: nothing between begin and end is traced.
 */
#include <linux/irqflags.h>
#include <linux/printk.h>

#include <asm/hw_irq.h>
#include <asm/processor.h>
#include <asm/time.h>

#include "idle_glue.h"

int xen_glue_idle_begin(void)
{
	return prep_irq_for_idle_irqsoff();
}

void xen_glue_idle_end(void)
{
	fini_irq_for_idle_irqsoff();
}

unsigned long xen_glue_timebase(void)
{
	return mftb();
}

unsigned long xen_glue_timebase_hz(void)
{
	return ppc_tb_freq;
}

unsigned long xen_glue_next_timebase(void)
{
	return timer_get_next_tb();
}

void xen_glue_expire_decrementer(void)
{
	set_dec(1);
}

void xen_glue_low_priority(void)
{
	HMT_low();
	HMT_very_low();
}

void xen_glue_idle_refused(long status)
{
	pr_err_once("xen: sched_op poll refused (%ld): an idle vcpu spins instead\n", status);
}

void xen_glue_ticker_refused(unsigned int vcpu, long status)
{
	pr_warn_once("xen: vcpu_op stop_periodic_timer of vcpu %u refused (%ld): it ticks on\n",
		     vcpu, status);
}
