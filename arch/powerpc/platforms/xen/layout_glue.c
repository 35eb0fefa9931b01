// SPDX-License-Identifier: GPL-2.0
/*
 * Facts of kernel headers for the C++ units of this folder.
 *
 * Never linked: Kbuild compiles this file to assembly and turns the marked lines
 * into layout.h.  Only names and numbers go through.
 */
#define COMPILE_OFFSETS
#include <linux/ioctl.h>
#include <linux/kbuild.h>
#include <linux/stddef.h>

#include <asm/hw_irq.h>
#include <asm/mmu.h>
#include <asm/paca.h>
#include <asm/page.h>
#include <asm/reg.h>
#include <asm/tlbflush.h>

#include <uapi/xen/privcmd.h>

#include "privcmd_compat_layout.h"

static void __used facts(void)
{
	OFFSET(XEN_PACA_DATA_OFFSET, paca_struct, data_offset);
	OFFSET(XEN_PACA_SRR_VALID, paca_struct, srr_valid);
	OFFSET(XEN_PACA_SOFT_MASK, paca_struct, irq_soft_mask);
	OFFSET(XEN_PACA_IRQ_HAPPENED, paca_struct, irq_happened);
	OFFSET(XEN_PACA_UPCALL_PENDING, paca_struct, xen_upcall_pending);
	DEFINE(XEN_IRQS_DISABLED, IRQS_DISABLED);
	DEFINE(XEN_IRQ_HARD_DIS, PACA_IRQ_HARD_DIS);
	DEFINE(XEN_IRQ_EE, PACA_IRQ_EE);
	DEFINE(XEN_IRQ_REPLAYING, PACA_IRQ_REPLAYING);
	DEFINE(XEN_MSR_EE, MSR_EE);
	DEFINE(XEN_MSR_RI, MSR_RI);
	DEFINE(XEN_LINEAR_BASE, PAGE_OFFSET);
	DEFINE(XEN_LINEAR_END, H_KERN_VIRT_START);
	/* What there are vcpus for, xen::ppc::max_vcpus: no other cpu starts. */
	DEFINE(XEN_NR_CPUS, NR_CPUS < 32 ? NR_CPUS : 32);
	OFFSET(XEN_PACA_INDEX, paca_struct, paca_index);

	/* pagetable*.cc */
	DEFINE(XEN_IRQS_ALL_DISABLED, IRQS_ALL_DISABLED);
	DEFINE(XEN_MSR_TRANSLATION, MSR_IR | MSR_DR);
	DEFINE(XEN_MMU_PAGE_4K, MMU_PAGE_4K);
	DEFINE(XEN_MMU_PAGE_16M, MMU_PAGE_16M);
	DEFINE(XEN_MMU_PAGE_COUNT, MMU_PAGE_COUNT);
	DEFINE(XEN_MMU_SEGSIZE_256M, MMU_SEGSIZE_256M);
	DEFINE(XEN_MMU_SEGSIZE_1T, MMU_SEGSIZE_1T);
	OFFSET(XEN_BATCH_PTE, ppc64_tlb_batch, pte);
	OFFSET(XEN_BATCH_VPN, ppc64_tlb_batch, vpn);
	OFFSET(XEN_BATCH_PSIZE, ppc64_tlb_batch, psize);
	OFFSET(XEN_BATCH_SSIZE, ppc64_tlb_batch, ssize);
	DEFINE(XEN_BATCH_PTE_BYTES, sizeof(real_pte_t));
	DEFINE(XEN_PTE_PLACE_SHIFT, H_PAGE_F_GIX_SHIFT);

	/* privcmd_compat.cc: what 32-bit programs ask for, and what the driver is asked */
	DEFINE(XEN_PRIVCMD_HYPERCALL, IOCTL_PRIVCMD_HYPERCALL);
	DEFINE(XEN_PRIVCMD_RESTRICT, IOCTL_PRIVCMD_RESTRICT);
	DEFINE(XEN_PRIVCMD_MMAP_RESOURCE, IOCTL_PRIVCMD_MMAP_RESOURCE);
	DEFINE(XEN_PRIVCMD_MMAP, IOCTL_PRIVCMD_MMAP);
	DEFINE(XEN_PRIVCMD_MMAPBATCH, IOCTL_PRIVCMD_MMAPBATCH);
	DEFINE(XEN_PRIVCMD_MMAPBATCH_V2, IOCTL_PRIVCMD_MMAPBATCH_V2);
	DEFINE(XEN_PRIVCMD_MMAP_32,
	       _IOC(_IOC_NONE, 'P', 2, sizeof(struct xen_privcmd_mmap_32)));
	DEFINE(XEN_PRIVCMD_MMAPBATCH_V2_32,
	       _IOC(_IOC_NONE, 'P', 4, sizeof(struct xen_privcmd_batch_32)));
}
