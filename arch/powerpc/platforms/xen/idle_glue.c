// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of idle.cc and clock.cc: Linux's idle protocol, the timebase, the decrementer.
 *
 * In the idle loop RCU does not watch: nothing between begin and end is traced, and the
 * message behind the end wakes RCU first.
 */
#include <linux/irqflags.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>

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

unsigned long xen_glue_decrementer(void)
{
	return get_dec();
}

void xen_glue_set_decrementer(unsigned int ticks)
{
	set_dec(ticks);
}

void xen_glue_low_priority(void)
{
	HMT_low();
	HMT_very_low();
}

void xen_glue_idle_refused(long status)
{
	static bool said;

	if (READ_ONCE(said))
		return;
	WRITE_ONCE(said, true);
	RCU_NONIDLE(pr_err("xen: sched_op poll refused (%ld): an idle vcpu spins instead\n",
			   status));
}

void xen_glue_ticker_refused(unsigned int vcpu, long status)
{
	pr_warn_once("xen: vcpu_op stop_periodic_timer of vcpu %u refused (%ld): it ticks on\n",
		     vcpu, status);
}
