// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of area.cc and area_call.cc: the device /dev/xen/xencomm, pages and copies.
 *
 * Like /dev/xen/privcmd it is for whoever may open it, by default the superuser.
 */
#include <linux/build_bug.h>
#include <linux/compat.h>
#include <linux/container_of.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/uaccess.h>

#include <uapi/xen/xencomm.h>

#include "area_glue.h"

static_assert(XEN_AREA_PAGES == 1 + XENCOMM_MAX_DATA_PAGES);
static_assert(XEN_AREA_ARGUMENTS == XENCOMM_NR_ARGUMENTS && XENCOMM_PAGE_SIZE == PAGE_SIZE);

#define SAME(member)							\
	static_assert(offsetof(struct xen_area_request, member) ==	\
		      offsetof(struct xencomm_call, member) &&		\
		      sizeof_field(struct xen_area_request, member) ==	\
		      sizeof_field(struct xencomm_call, member))

static_assert(sizeof(struct xen_area_request) == sizeof(struct xencomm_call));
SAME(number);
SAME(flags);
SAME(argument);
SAME(result);

/* An open file. */
struct area_file {
	struct mutex call;	/* held by whoever makes a call, around user memory too */
	struct xen_area area;
};

void *xen_glue_area_page(void)
{
	return (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
}

void xen_glue_area_put_page(void *page)
{
	free_page((unsigned long)page);
}

int xen_glue_area_insert(void *handle, unsigned long address, void *page)
{
	return vm_insert_page(handle, address, virt_to_page(page));
}

void xen_glue_area_seal(void *handle)
{
	struct vm_area_struct *vma = handle;

	vma->vm_flags &= ~VM_MAYWRITE;
}

const void *xen_glue_area_caller(void)
{
	return current->mm;
}

void xen_glue_area_hold(const void *owner)
{
	mmgrab((struct mm_struct *)owner);
}

void xen_glue_area_drop(const void *owner)
{
	mmdrop((struct mm_struct *)owner);
}

int xen_glue_area_lock(struct xen_area *area)
{
	return mutex_lock_killable(&container_of(area, struct area_file, area)->call);
}

void xen_glue_area_unlock(struct xen_area *area)
{
	mutex_unlock(&container_of(area, struct area_file, area)->call);
}

int xen_glue_area_copy_in(void *to, unsigned long user, unsigned long bytes)
{
	return copy_from_user(to, (void __user *)user, bytes) ? -EFAULT : 0;
}

int xen_glue_area_copy_out(unsigned long user, const void *from, unsigned long bytes)
{
	return copy_to_user((void __user *)user, from, bytes) ? -EFAULT : 0;
}

int xen_glue_area_narrow(void)
{
	return in_compat_syscall();
}

static int area_open(struct inode *inode, struct file *file)
{
	struct area_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return -ENOMEM;
	mutex_init(&f->call);
	file->private_data = f;
	return nonseekable_open(inode, file);
}

static int area_release(struct inode *inode, struct file *file)
{
	struct area_file *f = file->private_data;

	xen_area_release(&f->area);
	kfree(f);
	return 0;
}

static long ioctl_info(void __user *user)
{
	struct xencomm_info info = {
		.version	= XENCOMM_VERSION,
		.max_data_pages	= xen_area_max_data_pages(),
		.max_all_pages	= xen_area_max_all_pages(),
	};

	return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
}

static long ioctl_create(struct xen_area *area, void __user *user)
{
	struct xencomm_create create;

	if (copy_from_user(&create, user, sizeof(create)))
		return -EFAULT;
	return xen_area_create(area, create.data_pages, create.flags);
}

static long ioctl_call(struct xen_area *area, struct xencomm_call __user *user)
{
	struct xen_area_request request;
	long error;

	if (copy_from_user(&request, user, sizeof(request)))
		return -EFAULT;
	error = xen_area_call(area, &request);
	return error ? error : put_user(request.result, &user->result);
}

static long area_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct area_file *f = file->private_data;

	switch (cmd) {
	case XENCOMM_IOC_INFO:
		return ioctl_info((void __user *)arg);
	case XENCOMM_IOC_CREATE:
		return ioctl_create(&f->area, (void __user *)arg);
	case XENCOMM_IOC_CALL:
		return ioctl_call(&f->area, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

/* The pages stay where the header says they are: moving the mapping is refused. */
static int area_mremap(struct vm_area_struct *vma)
{
	return -EINVAL;
}

static const struct vm_operations_struct area_vm_ops = {
	.mremap	= area_mremap,
};

static int area_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct area_file *f = file->private_data;
	const struct xen_area_mapping mapping = {
		.start		= vma->vm_start,
		.pages		= vma_pages(vma),
		.first		= vma->vm_pgoff,
		.shared		= !!(vma->vm_flags & VM_SHARED),
		.writable	= !!(vma->vm_flags & VM_WRITE),
		.handle		= vma,
	};

	vma->vm_flags |= VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_ops = &area_vm_ops;
	return xen_area_map(&f->area, &mapping);
}

static const struct file_operations area_fops = {
	.owner		= THIS_MODULE,
	.open		= area_open,
	.release	= area_release,
	.unlocked_ioctl	= area_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.mmap		= area_mmap,
	.llseek		= no_llseek,
};

static struct miscdevice area_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xen/xencomm",
	.fops	= &area_fops,
};

static int __init area_init(void)
{
	return xen_area_offered() ? misc_register(&area_device) : 0;
}
device_initcall(area_init);
