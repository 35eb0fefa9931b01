// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of the balloon: the thread that moves sections, and Linux's memory hotplug.
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/highmem.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/memblock.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <linux/page-flags.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/timer.h>
#include <linux/wait.h>

#include "balloon_glue.h"
#include "balloon_sysfs_glue.h"
#include "balloon_xenstore_glue.h"

/* A page that somebody keeps could hold up the removal for ever. */
#define REMOVE_PATIENCE		(20 * HZ)

static struct task_struct *balloon_thread;
static DECLARE_WAIT_QUEUE_HEAD(balloon_queue);
static bool balloon_work;

unsigned long xen_glue_memory_pages(void)
{
	return memblock_phys_mem_size() >> PAGE_SHIFT;
}

int xen_glue_memory_whole(unsigned long pfn, unsigned long pages)
{
	return memblock_is_region_memory(PFN_PHYS(pfn), PFN_PHYS(pages));
}

unsigned long xen_glue_memory_available(void)
{
	return max(si_mem_available(), 0L);
}

unsigned long xen_glue_memory_used(void)
{
	return totalram_pages();
}

/* One node: there is no NUMA on Xen/PPC. */
unsigned long xen_glue_memory_movable(void)
{
	return zone_managed_pages(&NODE_DATA(first_memory_node)->node_zones[ZONE_MOVABLE]);
}

unsigned char *xen_glue_balloon_bytes(unsigned long count)
{
	return kvzalloc(count, GFP_KERNEL);
}

enum xen_page_state xen_glue_page_state(unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page || PageReserved(page) || PageSlab(page) || PageTable(page))
		return XEN_PAGE_FIXED;
	return !page_count(page) || PageLRU(page) || __PageMovable(page) ? XEN_PAGE_MOVES
									 : XEN_PAGE_HELD;
}

void xen_glue_memory_drain(void)
{
	lru_add_drain_all();
}

static void lose_patience(struct timer_list *unused)
{
	send_sig(SIGINT, balloon_thread, 1);
}
static DEFINE_TIMER(patience, lose_patience);

int xen_glue_memory_remove(unsigned long pfn, unsigned long pages)
{
	int err;

	mod_timer(&patience, jiffies + REMOVE_PATIENCE);
	err = offline_and_remove_memory(PFN_PHYS(pfn), PFN_PHYS(pages));
	del_timer_sync(&patience);
	flush_signals(current);
	return err;
}

int xen_glue_memory_add(unsigned long pfn, unsigned long pages)
{
	return add_memory(first_memory_node, PFN_PHYS(pfn), PFN_PHYS(pages), MHP_NONE);
}

static int online_block(struct memory_block *block, void *type)
{
	int err;

	block->online_type = (long)type;
	err = device_online(&block->dev);
	/* 1: somebody else did it. */
	return min(err, 0);
}

int xen_glue_memory_online(unsigned long pfn, unsigned long pages, int movable)
{
	const long type = movable ? MMOP_ONLINE_MOVABLE : MMOP_ONLINE_KERNEL;
	int err;

	lock_device_hotplug();
	err = walk_memory_blocks(PFN_PHYS(pfn), PFN_PHYS(pages), (void *)type, online_block);
	unlock_device_hotplug();
	return err;
}

void xen_glue_memory_settle(void)
{
	synchronize_rcu();
}

void xen_glue_memory_scrub(unsigned long pfn)
{
	if (READ_ONCE(xen_balloon_scrubs))
		clear_highpage(pfn_to_page(pfn));
	cond_resched();
}

void xen_glue_balloon_pause(void)
{
	cond_resched();
}

void xen_glue_balloon_wake(void)
{
	/* With the xchg() of move_sections(): who takes the flag sees the target as well. */
	smp_store_release(&balloon_work, true);
	wake_up(&balloon_queue);
}

void xen_glue_balloon_odd(const char *what, long number)
{
	pr_warn_ratelimited("xen: balloon: %s %ld\n", what, number);
}

void xen_glue_balloon_stopped(unsigned long current_kb, unsigned long target_kb, long error)
{
	pr_warn_ratelimited("xen: balloon: %lu KiB, not the target's %lu (%ld), until it is set again\n",
			    current_kb, target_kb, error);
}

static int move_sections(void *unused)
{
	long ms = -1;

	allow_signal(SIGINT);
	for (;;) {
		wait_event_idle_timeout(balloon_queue, READ_ONCE(balloon_work),
					ms < 0 ? MAX_SCHEDULE_TIMEOUT : msecs_to_jiffies(ms));
		/*
		 * Not a store alone: over a flag that was set a moment ago it would go without
		 * its target, and nothing would wake the thread for that again.
		 */
		xchg(&balloon_work, false);
		ms = xen_ppc_balloon_step();
		cond_resched();
	}
	return 0;
}

static int memory_changed(struct notifier_block *unused, unsigned long action, void *data)
{
	const struct memory_notify *what = data;

	if (action == MEM_OFFLINE)
		xen_ppc_balloon_offlined(what->start_pfn, what->nr_pages);
	return NOTIFY_OK;
}

static struct notifier_block memory_notifier = { .notifier_call = memory_changed };

static int __init balloon_init(void)
{
	int err = xen_ppc_balloon_init();

	if (err)
		return err == -ENODEV ? 0 : err;
	balloon_thread = kthread_run(move_sections, NULL, "xen-sections");
	if (IS_ERR(balloon_thread))
		return PTR_ERR(balloon_thread);
	err = register_memory_notifier(&memory_notifier);
	return err ?: xen_balloon_sysfs_init() ?: xen_balloon_xenstore_init();
}
device_initcall(balloon_init);
