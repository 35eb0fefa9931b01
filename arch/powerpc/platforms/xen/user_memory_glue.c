// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of user_memory.cc and marshal.cc: the process's memory, pages, one message.
 */
#include <linux/compat.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include <asm/io.h>

#include "user_memory_glue.h"

int xen_glue_user_compat(void)
{
	return in_compat_syscall();
}

int xen_glue_user_range(unsigned long start, unsigned long bytes)
{
	return access_ok((const void __user *)start, bytes);
}

unsigned long xen_glue_user_read(void *to, unsigned long from, unsigned long bytes)
{
	return copy_from_user(to, (const void __user *)from, bytes);
}

unsigned long xen_glue_user_write(unsigned long to, const void *from, unsigned long bytes)
{
	return copy_to_user((void __user *)to, from, bytes);
}

int xen_glue_user_pin(unsigned long start, unsigned int pages, int write, void **list)
{
	return pin_user_pages_fast(start, pages, write ? FOLL_WRITE : 0, (struct page **)list);
}

void xen_glue_user_unpin(void **list, unsigned int pages, int dirty)
{
	unpin_user_pages_dirty_lock((struct page **)list, pages, dirty);
}

/* A page that the kernel counts references of, or null.  The PTE's lock is held. */
static struct page *counted_page(pte_t pte, int write)
{
	if (!pte_access_permitted(pte, write) || pte_special(pte) || !pfn_valid(pte_pfn(pte)))
		return NULL;
	return pte_page(pte);
}

static int take_page(struct vm_area_struct *vma, unsigned long start, int write, void **page)
{
	struct page *found;
	spinlock_t *lock;
	pte_t *pte;

	if (!(vma->vm_flags & VM_IO) || follow_pte(vma->vm_mm, start, &pte, &lock))
		return -EFAULT;
	found = counted_page(*pte, write);
	if (found)
		get_page(found);
	pte_unmap_unlock(pte, lock);
	*page = found;
	return found ? 0 : -EFAULT;
}

int xen_glue_user_walk(unsigned long start, int write, void **page)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int error;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, start);
	error = vma ? take_page(vma, start, write, page) : -EFAULT;
	mmap_read_unlock(mm);
	return error;
}

void xen_glue_user_put(void *page, int dirty)
{
	if (dirty)
		set_page_dirty_lock(page);
	put_page(page);
}

unsigned long xen_glue_user_address(const void *page)
{
	return page_to_phys((struct page *)page);
}

void *xen_glue_page_alloc(void)
{
	return (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
}

void xen_glue_page_free(void *page)
{
	free_page((unsigned long)page);
}

int xen_glue_user_pause(void)
{
	cond_resched();
	return fatal_signal_pending(current);
}

void xen_glue_user_refused(unsigned long call, unsigned long op, int error)
{
	pr_warn_ratelimited("xen: %s[%d]: hypercall %lu, operation %lu, is not passed on: %d\n",
			    current->comm, task_pid_nr(current), call, op, error);
}
