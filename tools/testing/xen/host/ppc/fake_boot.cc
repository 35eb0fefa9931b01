// SPDX-License-Identifier: GPL-2.0
/* The facts of fake_boot.hh. */
#include "fake_boot.hh"

#include <abi/p2m.hh>

namespace host {

xen::ppc::Boot boot_facts;

void announce(xen::ppc::Feature feature)
{
	boot_facts.features |= static_cast<xen::ppc::u32>(feature);
}

void reset_boot()
{
	boot_facts = xen::ppc::Boot{};
	boot_facts.found = true;
	boot_facts.privileged = true;
	boot_facts.initdomain = true;
	boot_facts.ram_pages = xen::ppc::u64{256} << 8;
	boot_facts.shared_info = xen::PhysAddr{0x3fff000};
	boot_facts.foreign_first =
		xen::Pfn{xen::ppc::u64{1} << xen::ppc::p2m::window_order_translated};
	boot_facts.foreign_pages = xen::Pages{xen::ppc::p2m::window_pages_translated};
}

} // namespace host

[[gnu::weak]] const xen::ppc::Boot &xen::ppc::boot() noexcept
{
	return host::boot_facts;
}
