/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel image lends the module of the KUnit suites, C alone.
 */
#ifndef ARCH_POWERPC_XEN_PPC_KUNIT_GLUE_H
#define ARCH_POWERPC_XEN_PPC_KUNIT_GLUE_H

#include <linux/types.h>

/* Write a byte of kernel memory; -EFAULT if it cannot be written. */
int xen_case_write(void *to, u8 value);

#endif
