/* SPDX-License-Identifier: GPL-2.0 */
/*
 * drivers/xen/cpu_hotplug.c includes <asm/cpu.h> and needs nothing of it on powerpc.
 */
#ifndef _ASM_POWERPC_CPU_H
#define _ASM_POWERPC_CPU_H

#endif /* _ASM_POWERPC_CPU_H */
