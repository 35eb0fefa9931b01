/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of the interface of Linux's /dev/xen/privcmd and /dev/xen/hypercall that is used
 * here.  Linux exports no header for it.
 */
#ifndef XENCOMM_PRIVCMD_H
#define XENCOMM_PRIVCMD_H

#include <stdint.h>
#include <sys/ioctl.h>

#define PRIVCMD_DEVICE "/dev/xen/privcmd"
/* Memory of the kernel's for hypercalls, by mmap(). */
#define HYPERCALL_DEVICE "/dev/xen/hypercall"

struct privcmd_hypercall {
	uint64_t op;
	uint64_t args[5];
};
_Static_assert(sizeof(struct privcmd_hypercall) == 48, "the same for 32-bit programs");

#define PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_hypercall))

#endif
