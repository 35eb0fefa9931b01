/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a fuzzer of the core reports: a check that fails, or a broken invariant, is printed,
 * and the check stops the run.
 */
#ifndef XEN_FUZZ_CASE_REPORT_HH
#define XEN_FUZZ_CASE_REPORT_HH

#include <cstdio>
#include <cstdlib>

#include "cases.h"

inline void report(void *, const xen_case_failure *failure)
{
	std::fprintf(stderr, "%s:%u: %s", failure->file, failure->line, failure->what);
	if (failure->has_values)
		std::fprintf(stderr, " (%#llx, %#llx)", failure->left, failure->right);
	std::fprintf(stderr, "\n");
	std::abort();
}

inline void xen_glue_bug(const char *what, const char *file, unsigned int line) noexcept
{
	std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, what);
}

#endif
