// SPDX-License-Identifier: GPL-2.0
/*
 * The suites of the port's cases behind the functions that the KUnit module calls, and
 * what its own tests want to know of the port.
 *
 * Present only where the suites are configured.  A new suite is an include and a line
 * here, and a suite in ppc_kunit_glue.c, which notices when one is missing.
 */
#include <abi/shared_info.hh>

#include "calls_cases.hh"
#include "clock_cases.hh"
#include "evtchn.hh"
#include "live_cases.hh"
#include "live_frame_cases.hh"
#include "marshal_cases.hh"
#include "pagetable_cases.hh"
#include "ppc_cases_glue.h"

extern "C" xen::ppc::SharedInfo *HYPERVISOR_shared_info;

namespace {

using namespace xen::ppc;
using xen::cases::Case;
using xen::cases::Suite;

constexpr const Suite *suites[] = {
	&xen::cases::calls::suite,    &xen::cases::ppc_clock::suite,
	&xen::cases::marshal::suite,  &xen::cases::pagetable::suite,
	&xen::cases::ppc_live::suite, &xen::cases::ppc_live_frames::suite,
};

bool same(const char *left, const char *right) noexcept
{
	for (; *left != 0 && *left == *right; ++left)
		++right;
	return *left == *right;
}

const Case *find(const char *name, unsigned int index) noexcept
{
	for (const Suite *suite : suites)
		if (same(suite->name, name) && index < suite->cases.size())
			return &suite->cases[index];
	return nullptr;
}

u64 read(const u64 &counter) noexcept
{
	return *static_cast<const volatile u64 *>(&counter);
}

} // namespace

const char *xen_ppc_case_name(const char *suite, unsigned int index) noexcept
{
	const Case *const found = find(suite, index);

	return found != nullptr ? found->name : nullptr;
}

unsigned long xen_ppc_case_run(const char *suite, unsigned int index, xen_case_report report,
			       void *cookie) noexcept
{
	const Case *const found = find(suite, index);

	if (found == nullptr)
		return 0;

	xen::cases::Context cx{report, cookie};

	found->run(cx);
	return cx.checks();
}

unsigned int xen_ppc_case_suites() noexcept
{
	return sizeof(suites) / sizeof(suites[0]);
}

void xen_ppc_case_events(unsigned int cpu, xen_case_events *events) noexcept
{
	const EventCpu &counted = event_cpu(cpu);

	events->upcalls = read(counted.upcalls);
	events->replayed = read(counted.replayed);
	events->events = counted.scanner.counters().snapshot().events;
}

void xen_ppc_case_clock(xen_case_clock *clock) noexcept
{
	const SharedInfo &info = *HYPERVISOR_shared_info;

	clock->version = info.wc_version.load();
	clock->seconds = info.wc_sec.load();
	clock->nanoseconds = info.wc_nsec.load();
	clock->timebase = info.boot_timebase.load();
}

int xen_ppc_case_pp0() noexcept
{
	return table.pp0 ? 1 : 0;
}

int xen_ppc_case_protection(unsigned long address) noexcept
{
	const auto size =
		xen_glue_case_linear_size() == XEN_MMU_PAGE_16M ? PageSize::Large : PageSize::Small;
	const auto entry = xen::cases::ppc_live::bolted_entry(address, size);

	if (!entry)
		return -1;
	return static_cast<int>(low::PpField::get(entry->low)) + (entry->pp0() ? 4 : 0);
}

/* The page's complement has the other's primary group for its secondary one. */
unsigned long xen_ppc_case_contend(unsigned int who, unsigned int rounds) noexcept
{
	const bool second = who != 0;
	const xen::cases::ppc_live::Spare spare{second ? 0xfe97U : 0x168U};
	unsigned long lost = 0;

	for (unsigned int i = 0; i < rounds; ++i) {
		const u64 slot = spare.enter(second, xen::cases::ppc_live::kernel_only);

		if (slot == ~u64{0}) {
			++lost;
			continue;
		}
		if (!same_page(h_read(slot).out[0], spare.wanted()))
			++lost;
		spare.remove(slot);
	}
	return lost;
}
