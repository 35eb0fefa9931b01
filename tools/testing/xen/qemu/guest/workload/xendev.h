/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What user space tells Linux's Xen devices: numbers and layouts of their ioctls,
 * as far as the steps use them.  The kernel's headers of these are not installed
 * for the cross compiler.
 */
#ifndef XENDEV_H
#define XENDEV_H

#include <stdint.h>
#include <sys/ioctl.h>

#define DOMID_OWN 0x7ff0u /* the caller itself */
#define DOMAIN_0 0u

/* /dev/xen/evtchn; write() of a port unmasks it, read() gives the pending ones */
struct evtchn_word {
	uint32_t word;
};
struct evtchn_interdomain {
	uint32_t domain, port;
};
#define EVTCHN_BIND_INTERDOMAIN _IOC(_IOC_NONE, 'E', 1, sizeof(struct evtchn_interdomain))
#define EVTCHN_BIND_UNBOUND _IOC(_IOC_NONE, 'E', 2, sizeof(struct evtchn_word))
#define EVTCHN_UNBIND _IOC(_IOC_NONE, 'E', 3, sizeof(struct evtchn_word))
#define EVTCHN_NOTIFY _IOC(_IOC_NONE, 'E', 4, sizeof(struct evtchn_word))

/* /dev/xen/gntalloc: pages that are granted; mmap() at the index */
struct gntalloc_refs {
	uint16_t domain, flags;
	uint32_t count;
	uint64_t index;
	uint32_t refs[2];
};
struct gntalloc_range {
	uint64_t index;
	uint32_t count;
};
#define GNTALLOC_WRITABLE 1
/* The number has the size of the structure with one reference. */
#define GNTALLOC_ALLOC _IOC(_IOC_NONE, 'G', 5, 24)
#define GNTALLOC_DEALLOC _IOC(_IOC_NONE, 'G', 6, sizeof(struct gntalloc_range))

/* /dev/xen/gntdev: copies between grants and own memory */
union gntdev_side {
	void *own;
	struct {
		uint32_t ref;
		uint16_t offset, domain;
	} grant;
};
struct gntdev_segment {
	union gntdev_side source, dest;
	uint16_t bytes, flags;
	int16_t status;
};
struct gntdev_copy {
	uint32_t count;
	struct gntdev_segment *segments;
};
#define GNTDEV_FROM_GRANT 1
#define GNTDEV_TO_GRANT 2
#define GNTDEV_COPY _IOC(_IOC_NONE, 'G', 8, sizeof(struct gntdev_copy))

/* /dev/xen/privcmd: a hypercall of the caller's own */
struct privcmd_call {
	uint64_t op, argument[5];
};
#define PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct privcmd_call))

_Static_assert(sizeof(struct gntalloc_refs) == 24, "alloc_gref");
_Static_assert(sizeof(struct gntalloc_range) == 16, "dealloc_gref");
_Static_assert(sizeof(struct gntdev_segment) == 24, "grant copy segment");
_Static_assert(sizeof(struct gntdev_copy) == 2 * sizeof(void *), "grant copy");
_Static_assert(sizeof(struct privcmd_call) == 48, "privcmd_hypercall");

#endif
