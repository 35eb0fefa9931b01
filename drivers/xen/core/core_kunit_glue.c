// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the cases of the Xen core under KUnit.
 *
 * The cases are C++ and framework-neutral; cases.h gives their table.  Each suite
 * is a KUnit suite with one parameterised case, whose parameters are the cases,
 * so that each shows up in the results by its own name.  A suite that is in the
 * table but not here fails every_suite_is_run.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>

#include "cases.h"

static unsigned int suite_index(const char *name)
{
	unsigned int i;

	for (i = 0; i < xen_cases_suites(); i++)
		if (!strcmp(xen_cases_suite_name(i), name))
			break;
	return i;
}

/* Parameters are case numbers from 1, dressed as pointers: 0 ends the walk. */
static const void *next_case(const char *suite, const void *previous, char *description)
{
	const char *name = xen_cases_name(suite_index(suite), (unsigned long)previous);

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
	KUNIT_EXPECT_NE(test, xen_cases_run(suite_index(suite), number, report, test), 0UL);
}

#define CORE_SUITE(suite)								\
static const void *suite##_next(const void *previous, char *description)		\
{											\
	return next_case(#suite, previous, description);				\
}											\
static void suite(struct kunit *test)							\
{											\
	run_case(test, #suite);								\
}											\
static struct kunit_case suite##_cases[] = { KUNIT_CASE_PARAM(suite, suite##_next), {} }; \
static struct kunit_suite suite##_suite = {						\
	.name = "xen_core_" #suite,							\
	.test_cases = suite##_cases,							\
}

CORE_SUITE(frame);
CORE_SUITE(bits);
CORE_SUITE(endian);
CORE_SUITE(result);
CORE_SUITE(shared);
CORE_SUITE(batch);
CORE_SUITE(batch_fault);
CORE_SUITE(evtchn);
CORE_SUITE(hypercall_counters);
CORE_SUITE(p2m);
CORE_SUITE(contiguity);
CORE_SUITE(xencomm);

static void every_suite_is_run(struct kunit *test)
{
	static const char * const run[] = {
		"frame", "bits", "endian", "result", "shared", "batch", "batch_fault",
		"evtchn", "hypercall_counters", "p2m", "contiguity", "xencomm"
	};
	unsigned int i;

	KUNIT_EXPECT_EQ(test, xen_cases_suites(), (unsigned int)ARRAY_SIZE(run));
	for (i = 0; i < ARRAY_SIZE(run); i++)
		KUNIT_EXPECT_LT(test, suite_index(run[i]), xen_cases_suites());
}

static struct kunit_case table_cases[] = { KUNIT_CASE(every_suite_is_run), {} };
static struct kunit_suite table_suite = {
	.name = "xen_core_table",
	.test_cases = table_cases,
};

kunit_test_suites(&table_suite, &frame_suite, &bits_suite, &endian_suite, &result_suite,
		  &shared_suite, &batch_suite, &batch_fault_suite, &evtchn_suite,
		  &hypercall_counters_suite, &p2m_suite, &contiguity_suite, &xencomm_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of the Xen port's core");
