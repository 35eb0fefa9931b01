// SPDX-License-Identifier: GPL-2.0
/* The cpu of fake_paca.hh. */
#include <atomic>
#include <cstdio>

#include <gtest/gtest.h>

#include "fake_paca.hh"
#include "hypercall.hh"

namespace {

constexpr std::size_t paca_bytes = 256;

alignas(64) thread_local xen::ppc::u8 the_paca[paca_bytes];
std::atomic<unsigned long> trap_count;

} // namespace

extern "C" {
__thread xen::ppc::u8 *xen_local_paca;
__thread xen::ppc::u64 xen_host_msr;

/* Weak: a test of the counters links with the real ones. */
[[gnu::weak]] xen_hypercall_counters xen_hypercall_counts[XEN_NR_CPUS];
}

namespace host {

Hypervisor *hypervisor;

Hypervisor::~Hypervisor() = default;

unsigned long traps()
{
	return trap_count;
}

void be_a_cpu()
{
	std::memset(the_paca, 0, sizeof the_paca);
	xen_local_paca = the_paca;
	xen_host_msr = XEN_MSR_EE | XEN_MSR_RI | XEN_MSR_TRANSLATION;
}

void reset_cpu()
{
	be_a_cpu();
	hypervisor = nullptr;
	trap_count = 0;
}

} // namespace host

extern "C" void xen_host_trap(xen::ppc::u64 *r)
{
	++trap_count;
	if (host::hypervisor == nullptr) {
		ADD_FAILURE() << "hypercall " << std::hex << r[0] << " without a hypervisor";
		r[0] = static_cast<xen::ppc::u64>(xen::ppc::h::hardware);
		return;
	}
	host::hypervisor->trap(r);
}
