/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What xencomm.cc borrows from Linux.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_XENCOMM_GLUE_H
#define ARCH_POWERPC_XEN_XENCOMM_GLUE_H

#include <xen/glue.h>

XEN_GLUE_BEGIN

/**
 * xen_glue_mapped_address - guest-physical address behind a mapping of the kernel's
 * @at: any kernel address outside of the linear region
 *
 * Context: any with address translation on; takes no lock.
 *
 * Return: the address, all ones if nothing with a struct page is mapped there.
 */
unsigned long xen_glue_mapped_address(const void *at) XEN_NOEXCEPT;

/** xen_glue_irqs_off - disable interrupts of this cpu; returns what _restore needs */
unsigned long xen_glue_irqs_off(void) XEN_NOEXCEPT;
void xen_glue_irqs_restore(unsigned long flags) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
