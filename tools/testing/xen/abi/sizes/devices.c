// SPDX-License-Identifier: GPL-2.0
/*
 * The structures of Linux's Xen devices as 32-bit and as 64-bit programs on PowerPC have
 * them: what the kernel passes on as it is has the same bytes and the same number for
 * both, and what it translates has those of privcmd_compat_layout.h.
 *
 * Compiled for both, against the kernel's headers; nothing runs: a difference is a compile
 * error that names the fact.
 */
#include <stddef.h>

#include <linux/ioctl.h>

#include <xen/interface/xen.h>

#include <xen/evtchn.h>
#include <xen/gntalloc.h>
#include <xen/gntdev.h>
#include <xen/privcmd.h>

#include "../../../../../arch/powerpc/platforms/xen/privcmd_compat_layout.h"

#ifndef __powerpc__
#error "compares the layouts of PowerPC"
#endif

#define BYTES(type, bytes) _Static_assert(sizeof(struct type) == (bytes), #type)
#define FIELD(type, member, at) \
	_Static_assert(offsetof(struct type, member) == (at), #type "." #member)
#define NUMBER(name, number) _Static_assert((name) == (number), #name)

/* Passed on. */
BYTES(privcmd_hypercall, 48);
FIELD(privcmd_hypercall, arg, 8);
BYTES(privcmd_mmap_entry, 24);
FIELD(privcmd_mmap_entry, npages, 16);
BYTES(privcmd_mmap_resource, 32);
FIELD(privcmd_mmap_resource, num, 16);
FIELD(privcmd_mmap_resource, addr, 24);
NUMBER(IOCTL_PRIVCMD_HYPERCALL, 0x20305000u);
NUMBER(IOCTL_PRIVCMD_RESTRICT, 0x20025006u);
NUMBER(IOCTL_PRIVCMD_MMAP_RESOURCE, 0x20205007u);

BYTES(ioctl_evtchn_bind_virq, 4);
BYTES(ioctl_evtchn_bind_interdomain, 8);
BYTES(ioctl_evtchn_bind_unbound_port, 4);
BYTES(ioctl_evtchn_unbind, 4);
BYTES(ioctl_evtchn_notify, 4);
BYTES(ioctl_evtchn_restrict_domid, 2);
NUMBER(IOCTL_EVTCHN_BIND_INTERDOMAIN, 0x20084501u);
NUMBER(IOCTL_EVTCHN_RESET, 0x20004505u);

BYTES(ioctl_gntdev_map_grant_ref, 24);
FIELD(ioctl_gntdev_map_grant_ref, index, 8);
FIELD(ioctl_gntdev_map_grant_ref, refs, 16);
BYTES(ioctl_gntdev_unmap_grant_ref, 16);
BYTES(ioctl_gntdev_get_offset_for_vaddr, 24);
FIELD(ioctl_gntdev_get_offset_for_vaddr, count, 16);
BYTES(ioctl_gntdev_set_max_grants, 4);
BYTES(ioctl_gntdev_unmap_notify, 16);
FIELD(ioctl_gntdev_unmap_notify, event_channel_port, 12);
BYTES(ioctl_gntdev_dmabuf_exp_from_refs, 20);
BYTES(ioctl_gntdev_dmabuf_exp_wait_released, 8);
BYTES(ioctl_gntdev_dmabuf_imp_to_refs, 20);
BYTES(ioctl_gntdev_dmabuf_imp_release, 8);
NUMBER(IOCTL_GNTDEV_MAP_GRANT_REF, 0x20184700u);

BYTES(ioctl_gntalloc_alloc_gref, 24);
FIELD(ioctl_gntalloc_alloc_gref, index, 8);
FIELD(ioctl_gntalloc_alloc_gref, gref_ids, 16);
BYTES(ioctl_gntalloc_dealloc_gref, 16);
BYTES(ioctl_gntalloc_unmap_notify, 16);
NUMBER(IOCTL_GNTALLOC_ALLOC_GREF, 0x20184705u);

/* Translated, or told apart by the number. */
#define SAME(ours, mine, theirs, its) \
	_Static_assert(offsetof(struct ours, mine) == offsetof(struct theirs, its) && \
		       sizeof(((struct ours *)0)->mine) == sizeof(((struct theirs *)0)->its), \
		       #theirs "." #its)

#ifdef __powerpc64__
#define MMAP xen_privcmd_mmap_64
#define BATCH xen_privcmd_batch_64
BYTES(privcmd_mmapbatch_v2, 32);
NUMBER(IOCTL_PRIVCMD_MMAP, 0x20105002u);
NUMBER(IOCTL_PRIVCMD_MMAPBATCH_V2, 0x20205004u);
NUMBER(IOCTL_PRIVCMD_DM_OP, 0x20105005u);
NUMBER(IOCTL_GNTDEV_GRANT_COPY, 0x20104708u);
#else
#define MMAP xen_privcmd_mmap_32
#define BATCH xen_privcmd_batch_32
BYTES(privcmd_mmapbatch_v2, 24);
NUMBER(IOCTL_PRIVCMD_MMAP, 0x200c5002u);
NUMBER(IOCTL_PRIVCMD_MMAPBATCH_V2, 0x20185004u);
NUMBER(IOCTL_PRIVCMD_DM_OP, 0x20085005u);
NUMBER(IOCTL_GNTDEV_GRANT_COPY, 0x20084708u);
#endif
NUMBER(IOCTL_PRIVCMD_MMAPBATCH, 0x20185003u);

_Static_assert(sizeof(struct MMAP) == sizeof(struct privcmd_mmap), "privcmd_mmap");
SAME(MMAP, num, privcmd_mmap, num);
SAME(MMAP, dom, privcmd_mmap, dom);
SAME(MMAP, entry, privcmd_mmap, entry);
BYTES(privcmd_mmapbatch, XEN_PRIVCMD_BATCH_V1);
SAME(BATCH, num, privcmd_mmapbatch, num);
SAME(BATCH, dom, privcmd_mmapbatch, dom);
SAME(BATCH, addr, privcmd_mmapbatch, addr);
SAME(BATCH, arr, privcmd_mmapbatch, arr);
_Static_assert(sizeof(struct BATCH) == sizeof(struct privcmd_mmapbatch_v2), "privcmd_mmapbatch_v2");
SAME(BATCH, num, privcmd_mmapbatch_v2, num);
SAME(BATCH, dom, privcmd_mmapbatch_v2, dom);
SAME(BATCH, addr, privcmd_mmapbatch_v2, addr);
SAME(BATCH, arr, privcmd_mmapbatch_v2, arr);
SAME(BATCH, err, privcmd_mmapbatch_v2, err);
