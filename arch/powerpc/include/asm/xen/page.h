/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames as Linux's drivers for Xen see them.
 *
 * The domain is auto-translated for all of Linux: what a frame is to the hypervisor is
 * decided below the hypercall functions.  What leaves the domain in memory, entries of
 * grants most of all, needs the hypervisor's own numbers: those are guest frames here, and
 * equal page frames in a translated domain only.  Frames that stand for other domains'
 * keep their numbers in both directions.
 */
#ifndef _ASM_POWERPC_XEN_PAGE_H
#define _ASM_POWERPC_XEN_PAGE_H

#include <linux/bug.h>
#include <linux/pfn.h>
#include <linux/types.h>

#include <asm/page.h>

#include <xen/xen.h>
#include <xen/interface/grant_table.h>

#define phys_to_machine_mapping_valid(pfn)	(1)

/* A guest-physical address and a machine address, which do not mix. */
typedef struct xpaddr { phys_addr_t paddr; } xpaddr_t;
typedef struct xmaddr { phys_addr_t maddr; } xmaddr_t;

#define XPADDR(x)	((xpaddr_t) { .paddr = (x) })
#define XMADDR(x)	((xmaddr_t) { .maddr = (x) })

#define INVALID_P2M_ENTRY	(~0UL)

/* All ones for what is not this domain's memory. */
unsigned long xen_frame_to_gfn(unsigned long pfn);
unsigned long xen_frame_to_bfn(unsigned long pfn);
unsigned long xen_gfn_to_frame(unsigned long gfn);

static inline unsigned long pfn_to_gfn(unsigned long pfn)
{
	return xen_frame_to_gfn(pfn);
}

/* In a direct domain a search: not for what happens often. */
static inline unsigned long gfn_to_pfn(unsigned long gfn)
{
	return xen_gfn_to_frame(gfn);
}

/* Pages that a device may take for one piece are neighbours in the machine. */
static inline unsigned long pfn_to_bfn(unsigned long pfn)
{
	return xen_frame_to_bfn(pfn);
}

static inline unsigned long bfn_to_pfn(unsigned long bfn)
{
	return xen_gfn_to_frame(bfn);
}

#define bfn_to_local_pfn(bfn)	bfn_to_pfn(bfn)

/* @v is in the linear region. */
#define virt_to_gfn(v)		pfn_to_gfn(__pa(v) >> XEN_PAGE_SHIFT)
#define gfn_to_virt(m)		__va(gfn_to_pfn(m) << XEN_PAGE_SHIFT)
#define percpu_to_gfn(v)	pfn_to_gfn(per_cpu_ptr_to_phys(v) >> XEN_PAGE_SHIFT)

/*
 * The balloon's call behind a page that leaves: an entry of the hashed page table is
 * flushed everywhere when it is removed, so there is nothing left to flush.
 */
static inline void flush_tlb_all(void)
{
}

/* For kernels that are not auto-translated: gntdev names it on a path never taken. */
static inline xmaddr_t arbitrary_virt_to_machine(void *vaddr)
{
	BUG();
}

/* Foreign frames appear in the window without a p2m of Linux's. */
static inline int set_foreign_p2m_mapping(struct gnttab_map_grant_ref *map_ops,
					  struct gnttab_map_grant_ref *kmap_ops,
					  struct page **pages, unsigned int count)
{
	return 0;
}

static inline int clear_foreign_p2m_mapping(struct gnttab_unmap_grant_ref *unmap_ops,
					    struct gnttab_unmap_grant_ref *kunmap_ops,
					    struct page **pages, unsigned int count)
{
	return 0;
}

static inline bool __set_phys_to_machine(unsigned long pfn, unsigned long mfn)
{
	return true;
}

static inline bool set_phys_to_machine(unsigned long pfn, unsigned long mfn)
{
	return __set_phys_to_machine(pfn, mfn);
}

#endif /* _ASM_POWERPC_XEN_PAGE_H */
