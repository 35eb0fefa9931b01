/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types that <xen/privcmd.h> and <xen/gntdev.h> take from the kernel's own headers, as a
 * program on PowerPC has them: the same for 32 and 64 bits.
 */
#include <linux/types.h>

typedef __u16 domid_t;
typedef __u32 grant_ref_t;
typedef __u64 xen_pfn_t;
