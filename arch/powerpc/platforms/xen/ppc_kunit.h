/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the module xen_ppc_kunit share: where a case may run, how long it
 * tries, and the suites and cases that one file defines and another one lists.
 */
#ifndef ARCH_POWERPC_XEN_PPC_KUNIT_H
#define ARCH_POWERPC_XEN_PPC_KUNIT_H

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/time64.h>

#include <xen/xen.h>

#define ROUNDS		50
#define PATIENCE_NS	(2 * NSEC_PER_SEC)

static inline int in_domain(struct kunit *test)
{
	if (!xen_domain())
		kunit_skip(test, "not a domain on Xen");
	return 0;
}

static inline int on_first_cpu(struct kunit *test)
{
	in_domain(test);
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	return 0;
}

static inline void on_any_cpu(struct kunit *test)
{
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/* ppc_kunit_events_glue.c */
extern struct kunit_suite xen_ppc_event_suite;

/* ppc_kunit_domain_glue.c */
extern struct kunit_suite xen_ppc_domain_suite;

/* ppc_kunit_calls_glue.c: cases of the domain's suite */
void arguments_may_be_anywhere_in_the_kernel(struct kunit *test);
void user_addresses_never_reach_xen(struct kunit *test);
void privcmd_refuses_pointers(struct kunit *test);

/* ppc_kunit_pagetable_glue.c: cases of the domain's suite */
void read_only_pages_cannot_be_written(struct kunit *test);
void users_have_no_access_to_the_kernel(struct kunit *test);
void groups_are_changed_by_one_cpu_at_a_time(struct kunit *test);

#endif
