// SPDX-License-Identifier: GPL-2.0
/*
 * Glue of ppc_cases.cc: what it borrows, and what the module of the KUnit suites calls.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>

#include <asm/mmu.h>
#include <asm/page.h>

#include "evtchn_glue.h"
#include "ppc_cases_glue.h"
#include "ppc_kunit_glue.h"

static u8 spare_page[PAGE_SIZE] __page_aligned_bss;

unsigned char *xen_glue_case_page(void)
{
	return spare_page;
}

int xen_glue_case_segment(void)
{
	return mmu_kernel_ssize;
}

int xen_glue_case_linear_size(void)
{
	return mmu_linear_psize;
}

int xen_case_write(void *to, u8 value)
{
	return copy_to_kernel_nofault(to, &value, sizeof(value));
}

#if IS_MODULE(CONFIG_XEN_PPC_KUNIT_TEST)
EXPORT_SYMBOL_NS_GPL(xen_case_write, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_events_ri_lost, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_name, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_run, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_suites, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_events, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_clock, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_contend, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_pp0, XEN_CXX_KUNIT);
EXPORT_SYMBOL_NS_GPL(xen_ppc_case_protection, XEN_CXX_KUNIT);
#endif
