// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of guest.cc: the variables and functions that Linux's drivers for Xen take for
 * granted on every architecture, and the proof that their idea of shared_info is Xen's.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/kexec.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/static_call.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include <asm/paca.h>
#include <asm/xen/hypervisor.h>
#include <asm/xen/page.h>

#include <xen/features.h>
#include <xen/events.h>
#include <xen/page.h>
#include <xen/xen.h>
#include <xen/xen-ops.h>

#include "guest_glue.h"

/* abi/shared_info.hh, as Linux's structures have it. */
static_assert(sizeof(struct vcpu_info) == 48);
static_assert(offsetof(struct vcpu_info, evtchn_upcall_pending) == 0);
static_assert(offsetof(struct vcpu_info, evtchn_upcall_mask) == 1);
static_assert(offsetof(struct vcpu_info, evtchn_pending_sel) == 8);
static_assert(offsetof(struct vcpu_info, time) == 16);
static_assert(sizeof(struct shared_info) == 2584);
static_assert(offsetof(struct shared_info, evtchn_pending) == 0x600);
static_assert(offsetof(struct shared_info, evtchn_mask) == 0x800);
static_assert(offsetof(struct shared_info, wc) == 0xa00);
static_assert(offsetof(struct shared_info, wc.sec) == 0xa04);
static_assert(offsetof(struct shared_info, wc.nsec) == 0xa08);
static_assert(offsetof(struct shared_info, wc_sec_hi) == 0xa0c);
static_assert(offsetof(struct shared_info, arch.boot_timebase) == 0xa10);

enum xen_domain_type xen_domain_type = XEN_NATIVE;
EXPORT_SYMBOL(xen_domain_type);

uint32_t xen_start_flags;
EXPORT_SYMBOL(xen_start_flags);

static struct start_info start_info;
struct start_info *xen_start_info = &start_info;
EXPORT_SYMBOL(xen_start_info);

/* What drivers in modules see of a vcpu is its number. */
DEFINE_PER_CPU(uint32_t, xen_vcpu_id);
EXPORT_PER_CPU_SYMBOL(xen_vcpu_id);

DEFINE_PER_CPU(struct vcpu_info *, xen_vcpu);
struct shared_info *HYPERVISOR_shared_info;

/* No memory is given back or added by the balloon. */
unsigned long xen_released_pages;
struct xen_memory_region xen_extra_mem[XEN_EXTRA_MEM_MAX_REGIONS] __initdata;

/* A kernel that runs on pseries as well has that platform's. */
#ifndef CONFIG_PARAVIRT_TIME_ACCOUNTING
struct static_key paravirt_steal_enabled;
struct static_key paravirt_steal_rq_enabled;
#endif

u64 xen_native_steal_clock(int cpu)
{
	return 0;
}

DEFINE_STATIC_CALL(pv_steal_clock, xen_native_steal_clock);

/* A domain of this port is not saved and restored: its hooks have nothing to do. */
void xen_arch_pre_suspend(void)
{
}

void xen_arch_post_suspend(int suspend_cancelled)
{
}

void xen_timer_resume(void)
{
}

void xen_arch_resume(void)
{
}

void xen_arch_suspend(void)
{
}

EXPORT_SYMBOL(xen_frame_to_gfn);
EXPORT_SYMBOL(xen_frame_to_bfn);
EXPORT_SYMBOL(xen_gfn_to_frame);

int xen_unmap_domain_gfn_range(struct vm_area_struct *vma, int nr, struct page **pages)
{
	return xen_xlate_unmap_gfn_range(vma, nr, pages);
}
EXPORT_SYMBOL_GPL(xen_unmap_domain_gfn_range);

/*
 * The next kernel would find event channels, grants and vcpus in use.  User space cannot
 * switch it back on.
 */
static void refuse_kexec(void)
{
#ifdef CONFIG_KEXEC_CORE
	kexec_load_disabled = 1;
#endif
}

void xen_glue_guest_publish(const struct xen_guest_facts *facts)
{
	xen_domain_type = XEN_HVM_DOMAIN;
	refuse_kexec();
	if (facts->privileged)
		xen_start_flags |= SIF_PRIVILEGED;
	if (facts->initdomain)
		xen_start_flags |= SIF_INITDOMAIN;
	strscpy(start_info.magic, "xen-3.0-powerpc64", sizeof(start_info.magic));
	start_info.flags = xen_start_flags;
	start_info.nr_pages = facts->ram_pages;
	start_info.shared_info = facts->shared_info;
	start_info.store_mfn = facts->store_frame;
	start_info.store_evtchn = facts->store_port;
	start_info.console.domU.mfn = facts->console_frame;
	start_info.console.domU.evtchn = facts->console_port;
	HYPERVISOR_shared_info = __va(facts->shared_info);
}

void xen_glue_guest_cpu(unsigned int cpu, unsigned int vcpu, void *info)
{
	struct vcpu_info *vcpu_info = info;

	per_cpu(xen_vcpu_id, cpu) = vcpu;
	per_cpu(xen_vcpu, cpu) = vcpu_info;
	paca_ptrs[cpu]->xen_upcall_pending = &vcpu_info->evtchn_upcall_pending;
}

unsigned int xen_glue_boot_cpu(void)
{
	return smp_processor_id();
}

void xen_glue_features(void)
{
	xen_setup_features();
}

#ifdef CONFIG_XEN_UNPOPULATED_ALLOC
/* Never iomem_resource, and never none at all, which would mean the balloon. */
static struct resource window = {
	.name = "Xen foreign frames",
	.flags = IORESOURCE_MEM,
};

int __init arch_xen_unpopulated_init(struct resource **res)
{
	unsigned long first, last;

	xen_guest_window(&first, &last);
	window.start = first;
	window.end = last;
	*res = &window;
	return 0;
}
#endif
