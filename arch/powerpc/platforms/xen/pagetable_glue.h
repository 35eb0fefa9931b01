/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hashed page table between C and C++: Linux's hooks, which pagetable*.cc implement,
 * and what pagetable_glue.c lends them.  Compiles as C11 and C++20.
 *
 * Hooks are those of Linux's struct mmu_hash_ops and keep its contract: numbers of page
 * and segment sizes are Linux's, a group is named by its first slot, @local (flush one
 * cpu only) is of no use here, as Xen flushes all.
 */
#ifndef ARCH_POWERPC_XEN_PAGETABLE_GLUE_H
#define ARCH_POWERPC_XEN_PAGETABLE_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- pagetable_init.cc ---- */

/**
 * xen_hpte_early - settle what must be known before Linux patches its features
 *
 * Decides whether kernel pages may be protected by PP0, and which page size the linear
 * map has.  After the flat tree's cpu nodes were scanned for page sizes, with boot() read.
 *
 * Context: real mode, boot cpu, interrupts off.
 */
void xen_hpte_early(void) XEN_NOEXCEPT;

/**
 * xen_linear_option - the word of xen_linear= on the command line
 *
 * Return: 0, or -EINVAL for a word that is neither 4k nor 16m.
 */
int xen_linear_option(char *word) XEN_NOEXCEPT;

/**
 * xen_hpte_start - before the first hook is called: what the hypervisor offers
 *
 * Context: real mode.
 *
 * Return: does the domain look frames up itself?
 */
int xen_hpte_start(void) XEN_NOEXCEPT;

/* ---- pagetable_insert.cc: any context, interrupts on or off; the table may be in use ---- */

/**
 * xen_hpte_insert - enter a translation into a group
 * @group: first slot of the group
 * @vpn: virtual page, in units of 4 KB
 * @pa: guest-physical address
 * @rflags: protection, WIMG, R and C as in the entry's low word
 * @vflags: bolted and secondary bit as in the high word
 * @psize: page size: 4 KB, or 16 MB for bolted entries
 * @apsize: the same
 * @ssize: segment size
 *
 * Linux's hook is one of the two that follow, by the kind of domain; this is that one for
 * all others.
 *
 * Return: slot inside the group, plus 8 in a secondary one; -1 if the group is full, -2 if
 * it cannot be entered, after one message.
 */
long xen_hpte_insert(unsigned long group, unsigned long vpn, unsigned long pa, unsigned long rflags,
		     unsigned long vflags, int psize, int apsize, int ssize) XEN_NOEXCEPT;

/* In a translated domain the hypervisor looks frames up. */
long xen_hpte_insert_translated(unsigned long group, unsigned long vpn, unsigned long pa,
				unsigned long rflags, unsigned long vflags, int psize, int apsize,
				int ssize) XEN_NOEXCEPT;

/* In a direct domain they are looked up in its own table. */
long xen_hpte_insert_direct(unsigned long group, unsigned long vpn, unsigned long pa,
			    unsigned long rflags, unsigned long vflags, int psize, int apsize,
			    int ssize) XEN_NOEXCEPT;

/* ---- pagetable.cc: the same contexts ---- */

/**
 * xen_hpte_remove - make room in a group
 *
 * Return: the slot inside the group that is free now, or -1 if all are bolted.
 */
long xen_hpte_remove(unsigned long group) XEN_NOEXCEPT;

/**
 * xen_hpte_updatepp - change an entry's protection
 *
 * Return: 0, or -1 if @slot no longer holds @vpn: then the entry is gone.
 */
long xen_hpte_updatepp(unsigned long slot, unsigned long newpp, unsigned long vpn, int psize,
		       int apsize, int ssize, unsigned long flags) XEN_NOEXCEPT;

/** xen_hpte_invalidate - remove the entry of @vpn from @slot if it is there */
void xen_hpte_invalidate(unsigned long slot, unsigned long vpn, int psize, int apsize, int ssize,
			 int local) XEN_NOEXCEPT;

/* ---- pagetable_bolted.cc: the same contexts ---- */

/** xen_hpte_updateboltedpp - change the protection of a kernel address's bolted entry */
void xen_hpte_updateboltedpp(unsigned long newpp, unsigned long ea, int psize,
			     int ssize) XEN_NOEXCEPT;

/**
 * xen_hpte_removebolted - remove a kernel address's bolted entry
 *
 * Return: 0, or -ENOENT if there is none.
 */
int xen_hpte_removebolted(unsigned long ea, int psize, int ssize) XEN_NOEXCEPT;

/* ---- pagetable_flush.cc ---- */

/**
 * xen_hpte_flush_range - remove the first @number entries of this cpu's batch
 *
 * Context: preemption off; otherwise any.
 */
void xen_hpte_flush_range(unsigned long number, int local) XEN_NOEXCEPT;

/** xen_hpte_clear_all - empty the table for kexec.  Real mode, no other cpu runs. */
void xen_hpte_clear_all(void) XEN_NOEXCEPT;

/* ---- lent by pagetable_glue.c ---- */

/** xen_glue_hpt_shift - log2 of the table's bytes by the device tree, 0 if it does not say */
unsigned long xen_glue_hpt_shift(void) XEN_NOEXCEPT;

/** xen_glue_kernel_vpn - virtual page of a kernel address, in units of 4 KB */
unsigned long xen_glue_kernel_vpn(unsigned long ea, int ssize) XEN_NOEXCEPT;

/* This cpu's batch of translations to flush, a struct ppc64_tlb_batch. */
const void *xen_glue_flush_batch(void) XEN_NOEXCEPT;

/* arch_local_irq_restore(IRQS_ENABLED) */
void xen_glue_irqs_enable(void) XEN_NOEXCEPT;

/* Before features are patched only: kernel pages are not protected by PP0. */
void xen_glue_no_kernel_ro(void) XEN_NOEXCEPT;

/* Before page sizes are chosen only: pages of this size do not exist. */
void xen_glue_no_page_size(int psize) XEN_NOEXCEPT;
void xen_glue_no_large_pages(void) XEN_NOEXCEPT;

/* The hypervisor refused a call or answered nonsense.  Limited in rate; any context. */
void xen_glue_hpt_failed(const char *call, unsigned long slot, long code) XEN_NOEXCEPT __cold;

/* Something other than a call is wrong with the table.  Limited in rate; any context. */
void xen_glue_hpt_odd(const char *what, unsigned long value) XEN_NOEXCEPT __cold;

/* A translation that must go stays: memory is no longer safe.  Panics. */
void xen_glue_hpt_stale(const char *call, unsigned long slot, long code) XEN_NOEXCEPT __cold;

/* The same as xen_glue_hpt_failed() for kexec: no lock, no log, real mode. */
void xen_glue_hpt_not_cleared(unsigned long entries, long code) XEN_NOEXCEPT __cold;

/* What was decided at start. */
void xen_glue_hpt_found(int large_linear, int kernel_ro, int locks, int bulk) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
