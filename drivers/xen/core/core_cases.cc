// SPDX-License-Identifier: GPL-2.0
/*
 * All suites of the Xen core behind the C table of cases.h.  A new suite is an
 * include and a line here; every runner finds it by itself.
 */
#include "cases.h"

#include "batch_cases.hh"
#include "batch_fault_cases.hh"
#include "bits_cases.hh"
#include "contiguity_cases.hh"
#include "endian_cases.hh"
#include "evtchn_cases.hh"
#include "frame_cases.hh"
#include "hypercall_counters_cases.hh"
#include "p2m_cases.hh"
#include "result_cases.hh"
#include "shared_cases.hh"
#include "xencomm_cases.hh"

namespace xen::cases {
namespace {

constexpr const Suite *suites[] = {
	&frame::suite,	     &bits::suite,	  &endian::suite,
	&result::suite,	     &shared::suite,	  &batch::suite,
	&batch_fault::suite, &evtchn_scan::suite, &hypercall_counters::suite,
	&p2m::suite,	     &contiguity::suite,	  &xencomm_pages::suite,
};
constexpr unsigned int suite_count = sizeof(suites) / sizeof(suites[0]);

const Case *find(unsigned int suite, unsigned int index) noexcept
{
	if (suite >= suite_count || index >= suites[suite]->cases.size())
		return nullptr;
	return &suites[suite]->cases[index];
}

} // namespace
} // namespace xen::cases

using xen::cases::Case;

unsigned int xen_cases_suites() noexcept
{
	return xen::cases::suite_count;
}

const char *xen_cases_suite_name(unsigned int suite) noexcept
{
	return suite < xen::cases::suite_count ? xen::cases::suites[suite]->name : nullptr;
}

unsigned int xen_cases_count(unsigned int suite) noexcept
{
	if (suite >= xen::cases::suite_count)
		return 0;
	return static_cast<unsigned int>(xen::cases::suites[suite]->cases.size());
}

const char *xen_cases_name(unsigned int suite, unsigned int index) noexcept
{
	const Case *found = xen::cases::find(suite, index);

	return found != nullptr ? found->name : nullptr;
}

const unsigned char *xen_cases_seed(unsigned int suite, unsigned int index,
				    unsigned long *size) noexcept
{
	const Case *found = xen::cases::find(suite, index);

	*size = found != nullptr ? found->seed.size() : 0;
	return *size > 0 ? found->seed.data() : nullptr;
}

unsigned long xen_cases_run(unsigned int suite, unsigned int index, xen_case_report report,
			    void *cookie) noexcept
{
	const Case *found = xen::cases::find(suite, index);

	if (found == nullptr)
		return 0;

	xen::cases::Context cx{report, cookie};

	found->run(cx);
	return cx.checks();
}
