/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What early boot (boot.cc, p2m_tree.cc, p2m_mode.cc) and boot_glue.c lend each other.
 * Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_BOOT_GLUE_H
#define ARCH_POWERPC_XEN_BOOT_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/* ---- boot.cc ---- */

/* Called by Linux in real mode, see asm/xen/early.h. */
void xen_early_init(void) XEN_NOEXCEPT;

/** xen_boot_found - does the kernel run on Xen?  After xen_early_init(); any context. */
int xen_boot_found(void) XEN_NOEXCEPT;

/* One character of early messages, by udbg; @c is written with its line. */
void xen_udbg_putc(char c) XEN_NOEXCEPT;

/* ---- console.cc: bytes to Xen's console, any context ---- */

void xen_console_write(const char *text, unsigned int bytes) XEN_NOEXCEPT;

/* ---- pagetable.cc: what must be settled before features are patched ---- */

void xen_hpte_early(void) XEN_NOEXCEPT;

/* ---- lent by boot_glue.c, all of it for real mode with one cpu ---- */

/**
 * xen_glue_fdt_node - find a node of the flat tree
 * @name: null for /xen, else the name of a child of it
 *
 * Return: the node, or a negative number if there is none.
 */
int xen_glue_fdt_node(const char *name) XEN_NOEXCEPT;

/**
 * xen_glue_fdt_property - a property of a node that xen_glue_fdt_node() found
 * @bytes: set to its length if there is one
 *
 * Return: its value inside the tree, not aligned, or null.
 */
const void *xen_glue_fdt_property(int node, const char *name, int *bytes) XEN_NOEXCEPT;

/** xen_glue_memory_end - end of the highest memory node, in bytes */
unsigned long xen_glue_memory_end(void) XEN_NOEXCEPT;

/** xen_glue_memory_bytes - all memory, without the holes between its nodes */
unsigned long xen_glue_memory_bytes(void) XEN_NOEXCEPT;

/** xen_glue_is_memory - is this range inside one memory node? */
int xen_glue_is_memory(unsigned long start, unsigned long bytes) XEN_NOEXCEPT;

/** xen_glue_has_memory - is any of this range in a memory node? */
int xen_glue_has_memory(unsigned long start, unsigned long bytes) XEN_NOEXCEPT;

/** xen_glue_rma_end - end of the real-mode area, in bytes: memory at 0 that is one node */
unsigned long xen_glue_rma_end(void) XEN_NOEXCEPT;

/** xen_glue_kernel_end - end of the kernel's image, a guest-physical address */
unsigned long xen_glue_kernel_end(void) XEN_NOEXCEPT;

/** xen_glue_linear - where memory is in the kernel's linear region */
void *xen_glue_linear(unsigned long address) XEN_NOEXCEPT;

/** xen_glue_reserve - keep a range from Linux's allocators; 0 or a negative errno */
int xen_glue_reserve(unsigned long start, unsigned long bytes) XEN_NOEXCEPT;

/** xen_glue_on_xen - note the firmware's features and send early messages to Xen */
void xen_glue_on_xen(void) XEN_NOEXCEPT;

/* The kernel cannot run: says why and panics.  @value is printed behind @why. */
void xen_glue_boot_refused(const char *why, unsigned long value) XEN_NOEXCEPT __cold;

/* Something is odd but not fatal. */
void xen_glue_boot_odd(const char *what, unsigned long value) XEN_NOEXCEPT __cold;

/* The summary of what was found. */
void xen_glue_boot_found(unsigned long shared_info, unsigned int domain, unsigned int features,
			 unsigned int reserved, int direct) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
