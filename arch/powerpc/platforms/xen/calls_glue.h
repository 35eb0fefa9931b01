/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hypercall functions of <asm/xen/hypercall.h> as C++ sees them, and what they
 * borrow from Linux.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_CALLS_GLUE_H
#define ARCH_POWERPC_XEN_CALLS_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* C sees these in <asm/xen/hypercall.h>, with Linux's types. */
#ifdef __cplusplus
long privcmd_call(unsigned int call, unsigned long a1, unsigned long a2, unsigned long a3,
		  unsigned long a4, unsigned long a5) noexcept;
int HYPERVISOR_xen_version(int cmd, void *arg) noexcept;
int HYPERVISOR_console_io(int cmd, int count, char *str) noexcept;
int HYPERVISOR_grant_table_op(unsigned int cmd, void *uop, unsigned int count) noexcept;
int HYPERVISOR_sched_op(int cmd, void *arg) noexcept;
int HYPERVISOR_event_channel_op(int cmd, void *arg) noexcept;
unsigned long HYPERVISOR_hvm_op(int op, void *arg) noexcept;
int HYPERVISOR_memory_op(unsigned int cmd, void *arg) noexcept;
int HYPERVISOR_physdev_op(int cmd, void *arg) noexcept;
int HYPERVISOR_vcpu_op(int cmd, int vcpuid, void *extra_args) noexcept;
int HYPERVISOR_vm_assist(unsigned int cmd, unsigned int type) noexcept;
int HYPERVISOR_dm_op(unsigned short domid, unsigned int nr_bufs, void *bufs) noexcept;
int HYPERVISOR_platform_op_raw(void *arg) noexcept;
int HYPERVISOR_multicall(void *calls, unsigned int nr) noexcept;
#endif

/**
 * xen_glue_call_refused - say that Xen refused a hypercall
 * @call: its name
 * @op: the operation's name
 * @number: and number
 * @status: what Xen returned
 *
 * At most a few messages in a while.  Context: any with address translation on.
 */
void xen_glue_call_refused(const char *call, const char *op, unsigned int number,
			   long status) XEN_NOEXCEPT __cold;

/** xen_glue_rma_bytes - size of the real-mode area, which no page may leave */
unsigned long xen_glue_rma_bytes(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
