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

/** xen_guest_window - where Linux may place frames of other domains; empty: @last < @first */
void xen_guest_window(unsigned long *first, unsigned long *last) XEN_NOEXCEPT;

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
