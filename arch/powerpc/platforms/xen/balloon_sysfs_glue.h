/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The balloon in sysfs: devices/system/xen_memory/xen_memory0, as Linux's own has it.
 */
#ifndef ARCH_POWERPC_XEN_BALLOON_SYSFS_GLUE_H
#define ARCH_POWERPC_XEN_BALLOON_SYSFS_GLUE_H

#include <linux/types.h>

#include <xen/glue.h>

/* Clear pages before they leave: scrub_pages. */
extern bool xen_balloon_scrubs;

XEN_GLUE_BEGIN

/** xen_balloon_sysfs_init - make the files; 0 or a negative errno.  An initcall's part. */
int xen_balloon_sysfs_init(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
