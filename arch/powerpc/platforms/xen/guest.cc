// SPDX-License-Identifier: GPL-2.0
/*
 * The domain as Linux's drivers for Xen see it: an auto-translated, HVM-like guest.
 *
 * That type keeps the drivers from assumptions about x86 page tables and makes them ask
 * for what only the device tree knows here (version_calls.cc).  Everything is set once,
 * before interrupts; cpus are added before they start.
 */
#include <abi/shared_info.hh>

#include <xen/core/contract.hh>

#include "boot.hh"
#include "guest_glue.h"
#include "layout.h"
#include "window_map.hh"

using namespace xen::ppc;

namespace {

/* Where the linear region shows shared_info. */
SharedInfo *shared_page() noexcept
{
	return reinterpret_cast<SharedInfo *>(boot().shared_info.raw() |
					      static_cast<u64>(XEN_LINEAR_BASE));
}

} // namespace

void xen_guest_init() noexcept
{
	const Boot &b = boot();
	const xen_guest_facts facts{
		.ram_pages = b.ram_pages,
		.shared_info = b.shared_info.raw(),
		.store_frame = b.store_page.raw() >> page_shift,
		.console_frame = b.console_page.raw() >> page_shift,
		.store_port = b.store_port.raw(),
		.console_port = b.console_port.raw(),
		.privileged = b.privileged,
		.initdomain = b.initdomain,
	};

	window_setup();
	xen_glue_guest_publish(&facts);
	xen_guest_init_cpu(xen_glue_boot_cpu());
	xen_glue_features();
}

void xen_guest_init_cpu(unsigned int cpu) noexcept
{
	xen::contract(cpu < max_vcpus, "shared_info has room for the vcpu");
	xen_glue_guest_cpu(cpu, cpu, &shared_page()->vcpu_info[cpu]);
}

void xen_guest_window(unsigned long *first, unsigned long *last) noexcept
{
	const WindowFrames window = window_frames();

	if (window.pages.raw() == 0) {
		*first = 1;
		*last = 0;
		return;
	}
	*first = window.first.raw() << page_shift;
	*last = ((window.first + window.pages).raw() << page_shift) - 1;
}
