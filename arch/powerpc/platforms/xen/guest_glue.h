/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What guest.cc and guest_glue.c lend each other.  Compiles as C11 and C++20.
 */
#ifndef ARCH_POWERPC_XEN_GUEST_GLUE_H
#define ARCH_POWERPC_XEN_GUEST_GLUE_H

#include <xen/glue.h>

/* What Linux's drivers learn of the domain; addresses are guest-physical. */
struct xen_guest_facts {
	unsigned long ram_pages;
	unsigned long shared_info;
	unsigned long store_frame;
	unsigned long console_frame;
	unsigned int store_port;
	unsigned int console_port;
	unsigned int privileged;
	unsigned int initdomain;
};

XEN_GLUE_BEGIN

/* ---- guest.cc ---- */

/** xen_guest_init - make Linux's drivers see a domain; from setup_arch, once */
void xen_guest_init(void) XEN_NOEXCEPT;

/**
 * xen_guest_init_cpu - give a cpu its part of shared_info
 * @cpu: Linux's number, which is also the vcpu's
 *
 * Before the cpu starts, and before an event channel is bound to it.
 * Context: any; does not sleep.
 */
void xen_guest_init_cpu(unsigned int cpu) XEN_NOEXCEPT;

/**
 * xen_guest_window - where Linux may place frames of other domains
 * @first: the first byte's address
 * @last: the last byte's; less than @first: nowhere
 */
void xen_guest_window(unsigned long *first, unsigned long *last) XEN_NOEXCEPT;

/* ---- gfn.cc, as <asm/xen/page.h> declares them: any context with address translation on ---- */

#ifdef __cplusplus
/**
 * xen_frame_to_gfn - what a hypercall or a grant's entry takes for a frame
 *
 * Return: the machine's frame in a direct domain, @pfn in a translated one and for frames
 * of the window; all ones if it is not this domain's memory.
 */
unsigned long xen_frame_to_gfn(unsigned long pfn) noexcept;

/** xen_frame_to_bfn - where a device finds a frame, one of the window too; or all ones */
unsigned long xen_frame_to_bfn(unsigned long pfn) noexcept;

/** xen_gfn_to_frame - the way back from xen_frame_to_gfn(); all ones if this domain has no such memory */
unsigned long xen_gfn_to_frame(unsigned long gfn) noexcept;
#endif

/* ---- guest_glue.c ---- */

/** xen_glue_guest_publish - set the variables that Linux's drivers read */
void xen_glue_guest_publish(const struct xen_guest_facts *facts) XEN_NOEXCEPT;

/**
 * xen_glue_guest_cpu - set a cpu's variables
 * @vcpu: its number at Xen
 * @info: its part of shared_info, in the linear region
 */
void xen_glue_guest_cpu(unsigned int cpu, unsigned int vcpu, void *info) XEN_NOEXCEPT;

/** xen_glue_boot_cpu - the number of the cpu that runs setup_arch */
unsigned int xen_glue_boot_cpu(void) XEN_NOEXCEPT;

/** xen_glue_features - have Linux ask for the feature bits */
void xen_glue_features(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
