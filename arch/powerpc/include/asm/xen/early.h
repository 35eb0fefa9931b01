/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Linux's early boot calls when the kernel can run on Xen; nothing otherwise.
 */
#ifndef _ASM_POWERPC_XEN_EARLY_H
#define _ASM_POWERPC_XEN_EARLY_H

#ifdef CONFIG_PPC_XEN

/*
 * Looks for Xen in the flat tree and reserves what Xen keeps in the guest's memory.
 * Real mode; the memory nodes are known and nothing has been allocated.
 */
void xen_early_init(void);

/* Fills mmu_hash_ops.  Real mode; only with FW_FEATURE_XEN. */
void xen_hpte_init(void);

#else

static inline void xen_early_init(void) {}
static inline void xen_hpte_init(void) {}

#endif
#endif
