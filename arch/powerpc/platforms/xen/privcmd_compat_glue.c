// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of privcmd_compat.cc: memory of the caller, and the proof that structures are what
 * they are taken for.
 *
 * The devices evtchn, gntdev and gntalloc need no translation for 32-bit programs: what
 * stands below has neither pointers nor words of the program's size in it.  gntdev's
 * grant copy has; its number differs between the two, so that the driver refuses it.  That
 * the sizes are also those of a 32-bit program shows tools/testing/xen/abi/sizes.
 */
#include <linux/build_bug.h>
#include <linux/compat.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/stddef.h>
#include <linux/uaccess.h>

#include <asm/xen/hypercall.h>

#include <xen/interface/grant_table.h>

#include <uapi/xen/evtchn.h>
#include <uapi/xen/gntalloc.h>
#include <uapi/xen/gntdev.h>
#include <uapi/xen/privcmd.h>

#include "privcmd_compat_glue.h"
#include "privcmd_compat_layout.h"

#define SAME(ours, mine, theirs, its)					\
	static_assert(offsetof(struct ours, mine) == offsetof(struct theirs, its) &&	\
		      sizeof_field(struct ours, mine) == sizeof_field(struct theirs, its))

static_assert(sizeof(struct xen_privcmd_mmap_64) == sizeof(struct privcmd_mmap));
SAME(xen_privcmd_mmap_64, num, privcmd_mmap, num);
SAME(xen_privcmd_mmap_64, dom, privcmd_mmap, dom);
SAME(xen_privcmd_mmap_64, entry, privcmd_mmap, entry);

static_assert(sizeof(struct privcmd_mmapbatch) == XEN_PRIVCMD_BATCH_V1);
SAME(xen_privcmd_batch_64, num, privcmd_mmapbatch, num);
SAME(xen_privcmd_batch_64, dom, privcmd_mmapbatch, dom);
SAME(xen_privcmd_batch_64, addr, privcmd_mmapbatch, addr);
SAME(xen_privcmd_batch_64, arr, privcmd_mmapbatch, arr);

static_assert(sizeof(struct xen_privcmd_batch_64) == sizeof(struct privcmd_mmapbatch_v2));
SAME(xen_privcmd_batch_64, num, privcmd_mmapbatch_v2, num);
SAME(xen_privcmd_batch_64, dom, privcmd_mmapbatch_v2, dom);
SAME(xen_privcmd_batch_64, addr, privcmd_mmapbatch_v2, addr);
SAME(xen_privcmd_batch_64, arr, privcmd_mmapbatch_v2, arr);
SAME(xen_privcmd_batch_64, err, privcmd_mmapbatch_v2, err);

/* What passes as it is: bytes, and what stands last. */
#define INVARIANT(type, bytes, member, at)				\
	static_assert(sizeof(struct type) == (bytes) && offsetof(struct type, member) == (at))

INVARIANT(privcmd_hypercall, 48, arg, 8);
INVARIANT(privcmd_mmap_entry, 24, npages, 16);
INVARIANT(privcmd_mmap_resource, 32, addr, 24);
INVARIANT(ioctl_evtchn_bind_virq, 4, virq, 0);
INVARIANT(ioctl_evtchn_bind_interdomain, 8, remote_port, 4);
INVARIANT(ioctl_evtchn_bind_unbound_port, 4, remote_domain, 0);
INVARIANT(ioctl_evtchn_unbind, 4, port, 0);
INVARIANT(ioctl_evtchn_notify, 4, port, 0);
INVARIANT(ioctl_evtchn_restrict_domid, 2, domid, 0);
INVARIANT(ioctl_gntdev_grant_ref, 8, ref, 4);
INVARIANT(ioctl_gntdev_map_grant_ref, 24, refs, 16);
INVARIANT(ioctl_gntdev_unmap_grant_ref, 16, count, 8);
INVARIANT(ioctl_gntdev_get_offset_for_vaddr, 24, count, 16);
INVARIANT(ioctl_gntdev_set_max_grants, 4, count, 0);
INVARIANT(ioctl_gntdev_unmap_notify, 16, event_channel_port, 12);
INVARIANT(ioctl_gntdev_dmabuf_exp_from_refs, 20, refs, 16);
INVARIANT(ioctl_gntdev_dmabuf_exp_wait_released, 8, wait_to_ms, 4);
INVARIANT(ioctl_gntdev_dmabuf_imp_to_refs, 20, refs, 16);
INVARIANT(ioctl_gntdev_dmabuf_imp_release, 8, reserved, 4);
INVARIANT(ioctl_gntalloc_alloc_gref, 24, gref_ids, 16);
INVARIANT(ioctl_gntalloc_dealloc_gref, 16, count, 8);
INVARIANT(ioctl_gntalloc_unmap_notify, 16, event_channel_port, 12);
static_assert(sizeof(xen_pfn_t) == 8);

long xen_glue_privcmd(void *file, unsigned int cmd, unsigned long user)
{
	return ((struct file *)file)->f_op->unlocked_ioctl(file, cmd, user);
}

long xen_glue_compat_page(void)
{
	return vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
}

void xen_glue_compat_drop(unsigned long page)
{
	vm_munmap(page, PAGE_SIZE);
}

int xen_glue_compat_copy_in(void *to, unsigned long user, unsigned long bytes)
{
	return copy_from_user(to, (void __user *)user, bytes) ? -EFAULT : 0;
}

int xen_glue_compat_copy_out(unsigned long user, const void *from, unsigned long bytes)
{
	return copy_to_user((void __user *)user, from, bytes) ? -EFAULT : 0;
}

long xen_privcmd_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return xen_privcmd_compat(file, cmd, (unsigned long)compat_ptr(arg));
}
EXPORT_SYMBOL_GPL(xen_privcmd_compat_ioctl);
