/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events for the units: two vcpus, of which the tests run on the first, the page that Xen
 * and the guest share, a hypervisor that knows EVTCHNOP_unmask, and Linux's loop over the
 * events as its contract has it.
 *
 * The host's words of the page are as native as those of the target.
 */
#ifndef HOST_PPC_FAKE_EVENTS_HH
#define HOST_PPC_FAKE_EVENTS_HH

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <abi/evtchn.hh>
#include <abi/shared_info.hh>
#include <abi/xencomm.hh>

#include "evtchn.hh"
#include "fake_paca.hh"
#include "hypercall.hh"

extern "C" xen::ppc::SharedInfo *HYPERVISOR_shared_info;

namespace host::events {

using namespace xen::ppc;
using std::size_t;
using std::uint32_t;
using std::uint64_t;

extern SharedInfo the_page;
extern xen_events_storage second_cpu;

inline constexpr int irq_of_events = 16;

/* What Linux was told, and what its handlers are to do. */
struct Linux {
	int irq = irq_of_events;
	unsigned long interrupted_msr = XEN_MSR_EE | XEN_MSR_RI;
	std::map<uint32_t, unsigned int> cpu_of;
	std::vector<uint32_t> handled;
	std::vector<std::string> messages;
	std::map<std::string, unsigned long> shown;
	void (*in_handler)(uint32_t port) = nullptr;
	void (*after_loop)() = nullptr;
	std::vector<unsigned int> rescans; /* cpus that were told to */
};

extern Linux *the_linux;

inline uint64_t *words(size_t offset)
{
	return reinterpret_cast<uint64_t *>(reinterpret_cast<u8 *>(&the_page) + offset);
}
inline uint64_t *pending()
{
	return words(offsetof(SharedInfo, evtchn_pending));
}
inline uint64_t *mask()
{
	return words(offsetof(SharedInfo, evtchn_mask));
}
inline uint64_t &selector(unsigned int cpu)
{
	return *words(cpu * sizeof(VcpuInfo) + offsetof(VcpuInfo, evtchn_pending_sel));
}
inline u8 &byte_of(unsigned int cpu)
{
	return the_page.vcpu_info[cpu].evtchn_upcall_pending;
}
inline bool test(const uint64_t *map, uint32_t port)
{
	return (map[port / 64] >> (port % 64) & 1) != 0;
}
inline void set(uint64_t *map, uint32_t port)
{
	map[port / 64] |= uint64_t{1} << (port % 64);
}
inline void reset(uint64_t *map, uint32_t port)
{
	map[port / 64] &= ~(uint64_t{1} << (port % 64));
}

/* As Xen signals a port that is not masked. */
inline void announce(uint32_t port, unsigned int cpu)
{
	selector(cpu) |= uint64_t{1} << (port / 64);
	byte_of(cpu) = 1;
}
inline void raise_port(uint32_t port, unsigned int cpu = 0)
{
	set(pending(), port);
	if (!test(mask(), port))
		announce(port, cpu);
}

/* Knows two calls, and refuses the first on request. */
struct Xen : host::Hypervisor {
	s64 refusal = 0;
	std::vector<uint32_t> unmasked;
	unsigned int entries = 0;

	void trap(u64 *r) override
	{
		++entries;
		if (r[0] == (xen_mark | static_cast<u64>(XenCall::XenVersion))) {
			r[0] = 0x30000;
			return;
		}
		ASSERT_EQ(r[0], xen_mark | static_cast<u64>(XenCall::EventChannelOp));
		ASSERT_EQ(r[1], static_cast<u64>(EvtchnOp::Unmask));
		ASSERT_NE(r[2] & inline_flag, 0U);
		if (refusal != 0) {
			r[0] = static_cast<u64>(refusal);
			return;
		}

		const auto *argument =
			reinterpret_cast<const EvtchnUnmask *>(r[2] & ~u64{inline_flag});
		const uint32_t port = argument->port.load();

		unmasked.push_back(port);
		ASSERT_LT(port, 4096U);
		if (test(mask(), port) && test(pending(), port))
			announce(port, the_linux->cpu_of[port]);
		reset(mask(), port);
		r[0] = 0;
	}
};

/* On the first vcpu, interrupts masked as in a handler, nothing bound. */
class Events : public ::testing::Test {
protected:
	void SetUp() override
	{
		the_linux = &kernel;
		host::reset_cpu();
		host::hypervisor = &xen;
		host::paca_set<const u8 *>(XEN_PACA_UPCALL_PENDING, &byte_of(0));
		std::memset(static_cast<void *>(&the_page), 0, sizeof the_page);
		std::memset(&xen_events_cpu, 0, sizeof xen_events_cpu);
		std::memset(&second_cpu, 0, sizeof second_cpu);
		xen_ppc_init_irq();
		mask_interrupts();
	}

	/* As in a handler, or behind local_irq_disable() and an interrupt. */
	static void mask_interrupts()
	{
		xen_host_msr = XEN_MSR_RI;
		host::paca_set<u8>(XEN_PACA_SOFT_MASK, XEN_IRQS_DISABLED);
		host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS);
	}

	void bind(uint32_t port, unsigned int cpu = 0)
	{
		xen_port_bind_to_cpu(port, cpu, kernel.cpu_of[port]);
		kernel.cpu_of[port] = cpu;
	}

	const std::map<std::string, unsigned long> &counters()
	{
		kernel.shown.clear();
		xen_events_show(nullptr);
		return kernel.shown;
	}
	unsigned long counter(const char *name)
	{
		const auto &all = counters();
		const auto found = all.find(name);

		EXPECT_NE(found, all.end()) << name;
		return found != all.end() ? found->second : ~0UL;
	}

	[[nodiscard]] static u8 happened() { return host::paca_get<u8>(XEN_PACA_IRQ_HAPPENED); }

	Linux kernel;
	Xen xen;
};

} // namespace host::events

#endif
