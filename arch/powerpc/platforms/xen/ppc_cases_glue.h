/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The port's test cases between C and C++: what ppc_kunit_glue.c runs, and what
 * ppc_cases.cc borrows.  Compiles as C11 and C++20.
 *
 * ppc_cases.cc is part of the kernel image where the suites are configured, so that its
 * cases see the port's own units; the module with the KUnit side sees these functions.
 */
#ifndef ARCH_POWERPC_XEN_PPC_CASES_GLUE_H
#define ARCH_POWERPC_XEN_PPC_CASES_GLUE_H

#include <xen/glue.h>

#include "cases.h"

/* What one cpu counts of its events; see evtchn.hh. */
struct xen_case_events {
	unsigned long upcalls;
	unsigned long replayed;
	unsigned long events;
};

/* The wall clock in shared_info: what time it was at some value of the timebase. */
struct xen_case_clock {
	unsigned int version;
	unsigned int seconds;
	unsigned int nanoseconds;
	unsigned long timebase;
};

XEN_GLUE_BEGIN

/* ---- ppc_cases.cc ---- */

/** xen_ppc_case_name - name of a suite's case, or null when there is none */
const char *xen_ppc_case_name(const char *suite, unsigned int index) XEN_NOEXCEPT;

/**
 * xen_ppc_case_run - run one case
 * @report: called for each check that fails, with @cookie
 *
 * Those of the suite "live" need a domain on Xen.
 *
 * Return: number of checks made; 0 for a case that does not exist.
 */
unsigned long xen_ppc_case_run(const char *suite, unsigned int index, xen_case_report report,
			       void *cookie) XEN_NOEXCEPT;

/** xen_ppc_case_suites - number of suites */
unsigned int xen_ppc_case_suites(void) XEN_NOEXCEPT;

/** xen_ppc_case_events - a possible cpu's counters as they are now; any context */
void xen_ppc_case_events(unsigned int cpu, struct xen_case_events *events) XEN_NOEXCEPT;

/** xen_ppc_case_clock - the wall clock; any context with shared_info mapped */
void xen_ppc_case_clock(struct xen_case_clock *clock) XEN_NOEXCEPT;

/** xen_ppc_case_pp0 - does the port use PP0? */
int xen_ppc_case_pp0(void) XEN_NOEXCEPT;

/**
 * xen_ppc_case_protection - the protection of a kernel address's bolted entry
 *
 * Return: PP of the entry, plus 4 for PP0; -1 if there is no entry.
 */
int xen_ppc_case_protection(unsigned long address) XEN_NOEXCEPT;

/**
 * xen_ppc_case_contend - enter and remove an entry many times, in a group shared by both callers
 * @who: 0 or 1, each on a cpu of its own
 *
 * Return: how often what was entered was not there, or could not be entered.
 */
unsigned long xen_ppc_case_contend(unsigned int who, unsigned int rounds) XEN_NOEXCEPT;

/* ---- lent by ppc_cases_glue.c ---- */

/** xen_glue_case_page - a page of the kernel image that nothing else uses */
unsigned char *xen_glue_case_page(void) XEN_NOEXCEPT;

/** xen_glue_case_segment - Linux's number of the kernel's segment size */
int xen_glue_case_segment(void) XEN_NOEXCEPT;

/** xen_glue_case_linear_size - Linux's number of the linear map's page size */
int xen_glue_case_linear_size(void) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
