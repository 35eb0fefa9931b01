// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of the balloon: its files in sysfs.  The names are an interface of Linux's.
 *
 * target is in bytes and takes suffixes, target_kb in KiB.  What cannot be had is rounded
 * or limited, and reads as that; what does not fit 64 bits is -ERANGE.
 */
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sysfs.h>

#include "balloon_glue.h"
#include "balloon_sysfs_glue.h"

/* Linux's own switch is off where Linux's own balloon is not built. */
bool xen_balloon_scrubs = true;

static enum xen_balloon_value value_of(struct device_attribute *attribute)
{
	return (long)container_of(attribute, struct dev_ext_attribute, attr)->var;
}

static ssize_t value_show(struct device *unused, struct device_attribute *attribute, char *buf)
{
	return sysfs_emit(buf, "%lu\n", xen_ppc_balloon_get(value_of(attribute)));
}

static ssize_t value_store(struct device *unused, struct device_attribute *attribute,
			   const char *buf, size_t count)
{
	unsigned long long value;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = kstrtoull(buf, 0, &value);
	if (!err)
		err = xen_ppc_balloon_set(value_of(attribute), value);
	return err ?: count;
}

static ssize_t target_show(struct device *unused, struct device_attribute *attribute, char *buf)
{
	return sysfs_emit(buf, "%llu\n", (u64)xen_ppc_balloon_get(XEN_BALLOON_TARGET) << 10);
}

static ssize_t target_store(struct device *unused, struct device_attribute *attribute,
			    const char *buf, size_t count)
{
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = xen_ppc_balloon_set_bytes(buf);
	return err ?: count;
}

static ssize_t none_show(struct device *unused, struct device_attribute *attribute, char *buf)
{
	return sysfs_emit(buf, "0\n");
}

#define VALUE(_name, _mode, _store, _value)						\
	struct dev_ext_attribute xen_balloon_##_name = {				\
		__ATTR(_name, _mode, value_show, _store), (void *)(long)(_value)	\
	}

static VALUE(target_kb, 0644, value_store, XEN_BALLOON_TARGET);
static VALUE(schedule_delay, 0444, NULL, XEN_BALLOON_DELAY);
static VALUE(max_schedule_delay, 0644, value_store, XEN_BALLOON_MAX_DELAY);
static VALUE(retry_count, 0444, NULL, XEN_BALLOON_ATTEMPTS);
static VALUE(max_retry_count, 0644, value_store, XEN_BALLOON_MAX_ATTEMPTS);
static VALUE(current_kb, 0444, NULL, XEN_BALLOON_CURRENT);
static VALUE(low_kb, 0444, NULL, XEN_BALLOON_OUT);
static DEVICE_ATTR_RW(target);
static DEVICE_BOOL_ATTR(scrub_pages, 0644, xen_balloon_scrubs);
/* There is no high memory. */
static struct device_attribute high_kb = __ATTR(high_kb, 0444, none_show, NULL);

static struct attribute *balloon_attrs[] = {
	&dev_attr_target.attr,
	&xen_balloon_target_kb.attr.attr,
	&xen_balloon_schedule_delay.attr.attr,
	&xen_balloon_max_schedule_delay.attr.attr,
	&xen_balloon_retry_count.attr.attr,
	&xen_balloon_max_retry_count.attr.attr,
	&dev_attr_scrub_pages.attr.attr,
	NULL,
};

static struct attribute *info_attrs[] = {
	&xen_balloon_current_kb.attr.attr,
	&xen_balloon_low_kb.attr.attr,
	&high_kb.attr,
	NULL,
};

static const struct attribute_group balloon_group = { .attrs = balloon_attrs };
static const struct attribute_group info_group = { .name = "info", .attrs = info_attrs };
static const struct attribute_group *balloon_groups[] = { &balloon_group, &info_group, NULL };

static struct bus_type balloon_bus = {
	.name = "xen_memory",
	.dev_name = "xen_memory",
};

static struct device balloon_device = {
	.bus = &balloon_bus,
	.groups = balloon_groups,
};

int xen_balloon_sysfs_init(void)
{
	int err = subsys_system_register(&balloon_bus, NULL);

	if (err)
		return err;
	err = device_register(&balloon_device);
	if (err) {
		put_device(&balloon_device);
		bus_unregister(&balloon_bus);
	}
	return err;
}
