// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of the balloon: memory/target in xenstore, in KiB.
 */
#include <linux/notifier.h>
#include <linux/printk.h>

#include <xen/xenbus.h>

#include "balloon_glue.h"
#include "balloon_xenstore_glue.h"

/* In xenbus's thread.  A domain without a target, as dom0 most often is, has no such node. */
static void target_changed(struct xenbus_watch *unused, const char *path, const char *token)
{
	unsigned long long kb;

	if (xenbus_scanf(XBT_NIL, "memory", "target", "%llu", &kb) == 1)
		xen_ppc_balloon_set(XEN_BALLOON_TARGET, kb);
}

static struct xenbus_watch target_watch = {
	.node = "memory/target",
	.callback = target_changed,
};

static int xenstore_ready(struct notifier_block *unused, unsigned long event, void *data)
{
	int err = register_xenbus_watch(&target_watch);

	if (err)
		pr_warn("xen: balloon: memory/target in xenstore is not watched (%d)\n", err);
	return NOTIFY_DONE;
}

static struct notifier_block xenstore_notifier = { .notifier_call = xenstore_ready };

int xen_balloon_xenstore_init(void)
{
	return register_xenstore_notifier(&xenstore_notifier);
}
