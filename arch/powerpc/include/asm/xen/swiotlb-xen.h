/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included by <xen/swiotlb-xen.h>, of which powerpc uses nothing: devices reach memory
 * through translation entries that take guest frames, so there is no bounce buffer.
 */
#ifndef _ASM_POWERPC_XEN_SWIOTLB_XEN_H
#define _ASM_POWERPC_XEN_SWIOTLB_XEN_H

#endif /* _ASM_POWERPC_XEN_SWIOTLB_XEN_H */
