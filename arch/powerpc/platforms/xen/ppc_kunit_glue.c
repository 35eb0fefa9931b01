// SPDX-License-Identifier: GPL-2.0
/*
 * The module of the KUnit suites that watch the port at work in a live domain on Xen/PPC.
 *
 * The suites of ppc_cases.cc are C++; here each is a KUnit suite with one parameterised
 * case.  Those of the files beside this one, ppc_kunit_*_glue.c, are in C, because what is
 * under test is the kernel's own call sites.  Outside a domain every case is skipped but
 * those that need none.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "ppc_cases_glue.h"
#include "ppc_kunit.h"

MODULE_IMPORT_NS(XEN_CXX_KUNIT);

/* Parameters are case numbers from 1, dressed as pointers: 0 ends the walk. */
static const void *next_case(const char *suite, const void *previous, char *description)
{
	const char *name = xen_ppc_case_name(suite, (unsigned long)previous);

	if (!name)
		return NULL;
	strscpy(description, name, KUNIT_PARAM_DESC_SIZE);
	return (const void *)((unsigned long)previous + 1);
}

static void report(void *cookie, const struct xen_case_failure *f)
{
	struct kunit *test = cookie;

	if (f->has_values)
		KUNIT_FAIL(test, "%s:%u: %s (%#llx, %#llx)", f->file, f->line, f->what,
			   f->left, f->right);
	else
		KUNIT_FAIL(test, "%s:%u: %s", f->file, f->line, f->what);
}

static void run_case(struct kunit *test, const char *suite)
{
	unsigned int number = (unsigned long)test->param_value - 1;

	/* A case that checks nothing proves nothing. */
	KUNIT_EXPECT_NE(test, xen_ppc_case_run(suite, number, report, test), 0UL);
}

#define CXX_SUITE(suite, cases_of, init_fn)						\
static const void *suite##_next(const void *previous, char *description)		\
{											\
	return next_case(cases_of, previous, description);				\
}											\
static void suite(struct kunit *test)							\
{											\
	run_case(test, cases_of);							\
}											\
static struct kunit_case suite##_cases[] = { KUNIT_CASE_PARAM(suite, suite##_next), {} }; \
static struct kunit_suite suite##_suite = {						\
	.name = "xen_ppc_" #suite,							\
	.init = init_fn,								\
	.test_cases = suite##_cases,							\
}

CXX_SUITE(calls, "ppc_calls", NULL);
CXX_SUITE(clock, "ppc_clock", NULL);
CXX_SUITE(marshal, "ppc_marshal", NULL);
CXX_SUITE(pagetable, "pagetable", NULL);
CXX_SUITE(live, "live", on_first_cpu);
CXX_SUITE(frames, "live_frames", on_first_cpu);

static void every_suite_is_run(struct kunit *test)
{
	static const char * const run[] = {
		"ppc_calls", "ppc_clock", "ppc_marshal", "pagetable", "live", "live_frames"
	};
	unsigned int i;

	KUNIT_EXPECT_EQ(test, xen_ppc_case_suites(), (unsigned int)ARRAY_SIZE(run));
	for (i = 0; i < ARRAY_SIZE(run); i++)
		KUNIT_EXPECT_NOT_NULL(test, xen_ppc_case_name(run[i], 0));
}

static struct kunit_case table_cases[] = { KUNIT_CASE(every_suite_is_run), {} };

static struct kunit_suite table_suite = {
	.name		= "xen_ppc_table",
	.test_cases	= table_cases,
};

kunit_test_suites(&table_suite, &calls_suite, &clock_suite, &marshal_suite, &pagetable_suite,
		  &live_suite, &frames_suite, &xen_ppc_event_suite, &xen_ppc_domain_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of the Xen/PPC port in a live domain");
