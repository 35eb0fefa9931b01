/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hooks of Linux's platform table and who implements them.
 */
#ifndef ARCH_POWERPC_XEN_PLATFORM_H
#define ARCH_POWERPC_XEN_PLATFORM_H

#include <linux/compiler.h>
#include <linux/rtc.h>
#include <linux/time64.h>

/* guest.cc: domain type, shared_info and this cpu's part of it. */
void xen_guest_init(void);

/* cpu_nodes.cc, before there is a slab; vcpu.cc */
void xen_smp_clone_cpu_nodes(void);
void xen_smp_init(void);

/* evtchn.cc */
void xen_ppc_init_irq(void);
unsigned int xen_ppc_get_irq(void);

/* idle.cc, wallclock.cc */
void xen_time_init(void);
void xen_idle(void);
time64_t xen_get_boot_time(void);
int xen_set_rtc_time(struct rtc_time *tm);

/* shutdown.cc */
void xen_ppc_power_off(void);
void __noreturn xen_ppc_restart(char *cmd);
void __noreturn xen_ppc_halt(void);
void xen_ppc_panic(char *str);

/* debugreg.cc */
int xen_set_dabr(unsigned long dabr, unsigned long dabrx);
int xen_set_dawr(int nr, unsigned long dawr, unsigned long dawrx);
void xen_enable_pmcs(void);

#endif
