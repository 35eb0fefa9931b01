// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of wallclock.cc: Linux's time of day, and when it is set.
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/pvclock_gtod.h>
#include <linux/rtc.h>
#include <linux/spinlock.h>
#include <linux/timekeeper_internal.h>
#include <linux/timekeeping.h>

#include <asm/machdep.h>

#include "platform.h"
#include "wallclock_glue.h"

static DEFINE_RAW_SPINLOCK(wallclock_lock);

unsigned long xen_glue_wallclock_lock(void) __acquires(&wallclock_lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&wallclock_lock, flags);
	return flags;
}

void xen_glue_wallclock_unlock(unsigned long flags) __releases(&wallclock_lock)
{
	raw_spin_unlock_irqrestore(&wallclock_lock, flags);
}

void xen_glue_wallclock_odd(long long seconds)
{
	/* The timekeeper's sequence count may be odd: a console that reads the time would hang. */
	printk_deferred_once(
		KERN_WARNING "xen: %lld s since 1970 do not fit into shared_info: wall clock left alone\n",
		seconds);
}

/*
 * The regular correction while Linux is synchronised to another clock.  @tm is the next
 * whole second, for clocks that start it when they are written; ours takes the time itself.
 */
int xen_set_rtc_time(struct rtc_time *tm)
{
	struct timespec64 now;
	unsigned long flags;
	int err;

	local_irq_save(flags);
	ktime_get_real_ts64(&now);
	err = xen_wallclock_correct(now.tv_sec, now.tv_nsec);
	local_irq_restore(flags);
	return err;
}

/* Under the timekeeper's lock, interrupts off, at every tick: only a step matters. */
static int time_changed(struct notifier_block *nb, unsigned long stepped, void *timekeeper)
{
	const struct timekeeper *tk = timekeeper;

	if (stepped)
		xen_wallclock_write(tk->xtime_sec, tk->tkr_mono.xtime_nsec >> tk->tkr_mono.shift);
	return NOTIFY_OK;
}

static struct notifier_block time_notifier = {
	.notifier_call	= time_changed,
};

static int __init watch_time(void)
{
	return pvclock_gtod_register_notifier(&time_notifier);
}
machine_device_initcall(xen, watch_time);
