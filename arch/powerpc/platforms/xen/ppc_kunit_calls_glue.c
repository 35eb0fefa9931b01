// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit cases of the hypercalls in a live domain: where their arguments may lie, and which
 * ones are refused before Xen sees them.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <asm/xen/hypercall.h>

#include <xen/interface/event_channel.h>
#include <xen/interface/memory.h>
#include <xen/interface/sched.h>
#include <xen/interface/version.h>
#include <xen/interface/xen.h>

#include "ppc_kunit.h"

/* Not in the linear map: modules are in vmalloc space. */
static char module_data[XEN_EXTRAVERSION_LEN];

void arguments_may_be_anywhere_in_the_kernel(struct kunit *test)
{
	char *linear = kunit_kzalloc(test, XEN_EXTRAVERSION_LEN, GFP_KERNEL);
	char *pages = vzalloc(2 * PAGE_SIZE);
	char *across = pages + PAGE_SIZE - 3;
	struct xen_changeset_info *whole = kunit_kzalloc(test, sizeof(*whole), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, linear);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	KUNIT_ASSERT_NOT_NULL(test, pages);
	KUNIT_ASSERT_FALSE(test, virt_addr_valid(module_data));
	memset(module_data, 0x55, sizeof(module_data));
	memset(pages, 0x55, 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_extraversion, linear), 0);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_extraversion, module_data), 0);
	KUNIT_EXPECT_STREQ(test, module_data, linear);
	/* An object in two pages, which need not be neighbours. */
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_changeset, whole), 0);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_changeset, across), 0);
	KUNIT_EXPECT_EQ(test, memcmp(across, whole, sizeof(*whole)), 0);
	KUNIT_EXPECT_EQ(test, (int)across[-1], 0x55);
	KUNIT_EXPECT_EQ(test, (int)across[sizeof(*whole)], 0x55);
	vfree(pages);
}

void user_addresses_never_reach_xen(struct kunit *test)
{
	void *user = (void *)0x10000000UL;

	KUNIT_EXPECT_EQ(test, HYPERVISOR_xen_version(XENVER_extraversion, user), -EFAULT);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_memory_op(XENMEM_populate_physmap, user), -EFAULT);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_sched_op(SCHEDOP_poll, user), -EFAULT);
	KUNIT_EXPECT_EQ(test, HYPERVISOR_event_channel_op(EVTCHNOP_send, user), -EFAULT);
}

/* Neither what nobody has, nor the kernel's own memory, is the caller's. */
void privcmd_refuses_pointers(struct kunit *test)
{
	char *linear = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	const unsigned long places[] = { 8, (unsigned long)linear,
					 (unsigned long)module_data };
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, linear);
	KUNIT_EXPECT_GT(test, privcmd_call(__HYPERVISOR_xen_version, XENVER_version, 0, 0, 0, 0),
			0L);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		const unsigned long at = places[i];

		KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_xen_version, XENVER_extraversion,
						   at, 0, 0, 0), (long)-EFAULT);
		KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_sysctl, at, 0, 0, 0, 0),
				(long)-EFAULT);
		KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_event_channel_op, EVTCHNOP_send, at,
						   0, 0, 0), (long)-EFAULT);
		KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_sched_op, SCHEDOP_poll, at, 0, 0,
						   0), (long)-EOPNOTSUPP);
		KUNIT_EXPECT_EQ(test, privcmd_call(__HYPERVISOR_sched_op, SCHEDOP_shutdown, at, 0,
						   0, 0), (long)-EOPNOTSUPP);
	}
	KUNIT_EXPECT_NULL(test, memchr_inv(linear, 0, PAGE_SIZE));
}
