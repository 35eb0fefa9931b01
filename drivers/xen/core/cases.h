/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of all cases of the Xen core, for whoever runs them: gtest, the
 * big-endian runner and KUnit see the same functions.  C11 and C++20, no kernel
 * headers; core_cases.cc implements it.
 *
 * Cases share static objects (a batch is too big for a kernel stack): run one at
 * a time.  They may be repeated and run in any order; they do not sleep.
 */
#ifndef XEN_CORE_CASES_H
#define XEN_CORE_CASES_H

#include <xen/glue.h>

/**
 * struct xen_case_failure - one check that did not hold
 * @file: source file of the check
 * @line: its line
 * @what: the condition as text
 * @has_values: whether @left and @right mean something
 * @left: left side of a comparison, widened or truncated to 64 bits
 * @right: right side
 */
struct xen_case_failure {
	const char *file;
	unsigned int line;
	const char *what;
	int has_values;
	unsigned long long left;
	unsigned long long right;
};

/* Told about each failed check; the case goes on afterwards. */
typedef void (*xen_case_report)(void *cookie, const struct xen_case_failure *failure);

XEN_GLUE_BEGIN

/** xen_cases_suites - number of suites */
unsigned int xen_cases_suites(void) XEN_NOEXCEPT;

/** xen_cases_suite_name - name of a suite, or null when @suite is out of range */
const char *xen_cases_suite_name(unsigned int suite) XEN_NOEXCEPT;

/** xen_cases_count - number of cases in a suite, or 0 when @suite is out of range */
unsigned int xen_cases_count(unsigned int suite) XEN_NOEXCEPT;

/** xen_cases_name - name of a case, or null when there is none */
const char *xen_cases_name(unsigned int suite, unsigned int index) XEN_NOEXCEPT;

/**
 * xen_cases_seed - the input bytes that a case declares
 * @size: set to their number; 0 for a case without
 *
 * Return: the bytes, or null.  A fuzzer feeds them to the same interpreter.
 */
const unsigned char *xen_cases_seed(unsigned int suite, unsigned int index,
				    unsigned long *size) XEN_NOEXCEPT;

/**
 * xen_cases_run - run one case
 * @report: called for each check that fails, with @cookie
 *
 * Return: number of checks made, failed ones included.  A runner treats 0 as a
 * failure: a case that checks nothing, or does not exist, proves nothing.
 */
unsigned long xen_cases_run(unsigned int suite, unsigned int index, xen_case_report report,
			    void *cookie) XEN_NOEXCEPT;

XEN_GLUE_END

#endif
