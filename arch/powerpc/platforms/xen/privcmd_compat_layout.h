/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The structures of /dev/xen/privcmd that 32-bit programs lay out in another way.
 *
 * Compiles as C11 and C++20, and includes nothing: a 32-bit program compiles it too, to
 * compare (tools/testing/xen/abi/sizes).
 */
#ifndef ARCH_POWERPC_XEN_PRIVCMD_COMPAT_LAYOUT_H
#define ARCH_POWERPC_XEN_PRIVCMD_COMPAT_LAYOUT_H

/* As a 32-bit program of this architecture lays them out: struct privcmd_mmap, ... */
struct xen_privcmd_mmap_32 {
	unsigned int num;
	unsigned short dom, pad;
	unsigned int entry;
};

/* Version 1 has no err, and padding there. */
struct xen_privcmd_batch_32 {
	unsigned int num;
	unsigned short dom, pad;
	unsigned long long addr;
	unsigned int arr, err;
};

/* And as the driver reads them. */
struct xen_privcmd_mmap_64 {
	unsigned int num;
	unsigned short dom, pad;
	unsigned long long entry;
};

struct xen_privcmd_batch_64 {
	unsigned int num;
	unsigned short dom, pad;
	unsigned long long addr, arr;
	unsigned long long err; /* version 2 */
};

/* Bytes of a version 1, which is the beginning of a version 2. */
#define XEN_PRIVCMD_BATCH_V1	24

#endif
