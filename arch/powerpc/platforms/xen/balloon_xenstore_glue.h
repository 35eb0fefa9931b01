/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The balloon's target in xenstore, where there is a xenstore.
 */
#ifndef ARCH_POWERPC_XEN_BALLOON_XENSTORE_GLUE_H
#define ARCH_POWERPC_XEN_BALLOON_XENSTORE_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/**
 * xen_balloon_xenstore_init - follow memory/target once xenstore answers
 *
 * It asks for nothing and does not wait: without xenstore nothing happens.
 *
 * Return: 0 or a negative errno.  An initcall's part.
 */
int xen_balloon_xenstore_init(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
