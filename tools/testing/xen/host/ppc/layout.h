/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The facts that Kbuild takes from kernel headers, for a build without a kernel.
 *
 * Same names as arch/powerpc/platforms/xen/layout_glue.c makes.  The offsets are those of
 * the fake PACA (fake_paca.cc), every field at an aligned place of its own; the rest has
 * the values of Linux, of the architecture or of Xen's ABI.  A new fact there that is
 * missing here does not compile.
 */
#ifndef XEN_CXX_LAYOUT_H
#define XEN_CXX_LAYOUT_H

/* The PACA. */
#define XEN_PACA_DATA_OFFSET 8
#define XEN_PACA_SRR_VALID 16
#define XEN_PACA_SOFT_MASK 24
#define XEN_PACA_IRQ_HAPPENED 32
#define XEN_PACA_UPCALL_PENDING 40
#define XEN_PACA_INDEX 48
#define XEN_NR_CPUS 8
#define XEN_IRQS_DISABLED 1
#define XEN_IRQ_HARD_DIS 0x01
#define XEN_IRQ_EE 0x04
#define XEN_IRQ_REPLAYING 0x40
#define XEN_MSR_EE 0x8000UL
#define XEN_MSR_RI 0x2UL
#define XEN_IRQS_ALL_DISABLED 3
#define XEN_MSR_TRANSLATION 0x30UL

/* Numbers that mmu_hash_ops' hooks are called with. */
#define XEN_MMU_PAGE_4K 0
#define XEN_MMU_PAGE_16M 10
#define XEN_MMU_PAGE_COUNT 16
#define XEN_MMU_SEGSIZE_256M 0
#define XEN_MMU_SEGSIZE_1T 1

/* struct ppc64_tlb_batch, 192 entries; where a PTE says in which slot its entry is. */
#define XEN_BATCH_PTE 24
#define XEN_BATCH_PTE_BYTES 8
#define XEN_BATCH_VPN 1560
#define XEN_BATCH_PSIZE 3096
#define XEN_BATCH_SSIZE 3100
#define XEN_PTE_PLACE_SHIFT 53

/* /dev/xen/privcmd: _IOC_NONE is 1, the size is from bit 16 on. */
#define XEN_PRIVCMD_HYPERCALL 0x20305000U
#define XEN_PRIVCMD_RESTRICT 0x20025006U
#define XEN_PRIVCMD_MMAP_RESOURCE 0x20205007U
#define XEN_PRIVCMD_MMAP 0x20105002U
#define XEN_PRIVCMD_MMAPBATCH 0x20185003U
#define XEN_PRIVCMD_MMAPBATCH_V2 0x20205004U
#define XEN_PRIVCMD_MMAP_32 0x200c5002U
#define XEN_PRIVCMD_MMAPBATCH_V2_32 0x20185004U

/*
 * The kernel's linear map.  Addresses in a test's own memory are not in it: a test that
 * needs one places what it needs, see each fake.
 */
#define XEN_LINEAR_BASE 0xc000000000000000UL

#endif
