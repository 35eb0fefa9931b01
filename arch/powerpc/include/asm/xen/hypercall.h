/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hypercalls as Linux's drivers for Xen make them.
 *
 * The functions are C++ units of arch/powerpc/platforms/xen: they take kernel pointers,
 * turn them into xencomm handles in a copy of their own, and answer what Xen/PPC does
 * not know.  None allocates memory or sleeps.  A pointer that is not the kernel's gives
 * -EFAULT, an operation that no table knows -ENOSYS, both without entering Xen.
 */
#ifndef _ASM_POWERPC_XEN_HYPERCALL_H
#define _ASM_POWERPC_XEN_HYPERCALL_H

#include <linux/bug.h>
#include <linux/types.h>

#include <xen/interface/xen.h>
#include <xen/interface/sched.h>
#include <xen/interface/platform.h>

struct file;
struct xen_dm_op_buf;

/*
 * What user space asks for.  The arguments are raw numbers; a table says which of them are
 * pointers, and what is not in the table does not reach the hypervisor.
 */
long privcmd_call(unsigned int call, unsigned long a1, unsigned long a2, unsigned long a3,
		  unsigned long a4, unsigned long a5);

/* /dev/xen/privcmd for 32-bit programs. */
#ifdef CONFIG_COMPAT
long xen_privcmd_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
#else
#define xen_privcmd_compat_ioctl NULL
#endif

/* In the order of their numbers; @arg is the structure that the command wants. */
int HYPERVISOR_memory_op(unsigned int cmd, void *arg);
int HYPERVISOR_multicall(struct multicall_entry *list, u32 entries);
int HYPERVISOR_xen_version(int cmd, void *arg);
int HYPERVISOR_console_io(int cmd, int bytes, char *text);
int HYPERVISOR_grant_table_op(unsigned int cmd, void *array, unsigned int elements);
int HYPERVISOR_vm_assist(unsigned int cmd, unsigned int type);
int HYPERVISOR_vcpu_op(int cmd, int vcpu, void *arg);
int HYPERVISOR_sched_op(int cmd, void *arg);
int HYPERVISOR_event_channel_op(int cmd, void *arg);
int HYPERVISOR_physdev_op(int cmd, void *arg);

/* Xen/PPC does not have these; of the first Linux's drivers get an answer all the same. */
unsigned long HYPERVISOR_hvm_op(int cmd, void *arg);
int HYPERVISOR_platform_op_raw(void *op);
int HYPERVISOR_dm_op(domid_t domain, unsigned int count, struct xen_dm_op_buf *buffers);

static inline int HYPERVISOR_platform_op(struct xen_platform_op *op)
{
	op->interface_version = XENPF_INTERFACE_VERSION;
	return HYPERVISOR_platform_op_raw(op);
}

static inline int HYPERVISOR_suspend(unsigned long start_info_mfn)
{
	struct sched_shutdown r = { .reason = SHUTDOWN_suspend };

	return HYPERVISOR_sched_op(SCHEDOP_shutdown, &r);
}

#endif /* _ASM_POWERPC_XEN_HYPERCALL_H */
