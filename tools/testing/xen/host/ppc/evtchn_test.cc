// SPDX-License-Identifier: GPL-2.0
/*
 * Events on the port: the operations under Linux's event channels, and the interrupt.
 *
 * Two vcpus, of which the tests run on the first, a page that Xen and the guest share, a
 * hypervisor that knows EVTCHNOP_unmask, and Linux's loop over the events as its contract
 * has it.
 */
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <abi/evtchn.hh>
#include <abi/shared_info.hh>
#include <abi/xencomm.hh>

#include "evtchn.hh"
#include "fake_paca.hh"
#include "hypercall.hh"

/* The host's words of the page are as native as those of the target. */
extern "C" {
alignas(4096) xen::ppc::SharedInfo the_page;
xen::ppc::SharedInfo *HYPERVISOR_shared_info = &the_page;
xen_events_storage xen_events_cpu; /* the first cpu's: the PACA's offset is 0 */
xen::VcpuInfoHead *xen_vcpu = reinterpret_cast<xen::VcpuInfoHead *>(&the_page);
int xen_evtchn_do_upcall() noexcept;
}

namespace {

using namespace xen::ppc;
using std::uint32_t;
using std::uint64_t;

constexpr int irq_of_events = 16;
/* Beside the ABI's last one, in the next row of Linux's table, negative as an int. */
constexpr std::array<uint32_t, 4> absent{4096, 5000, 0x7fffffff, 0xffffffff};

xen_events_storage second_cpu;

struct Linux {
	int irq = irq_of_events;
	unsigned long interrupted_msr = XEN_MSR_EE | XEN_MSR_RI;
	std::map<uint32_t, unsigned int> cpu_of;
	std::vector<uint32_t> handled;
	std::vector<std::string> messages;
	std::map<std::string, unsigned long> shown;
	void (*in_handler)(uint32_t port) = nullptr;
	void (*after_loop)() = nullptr;
} * the_linux;

uint64_t *words(size_t offset)
{
	return reinterpret_cast<uint64_t *>(reinterpret_cast<u8 *>(&the_page) + offset);
}
uint64_t *pending()
{
	return words(offsetof(SharedInfo, evtchn_pending));
}
uint64_t *mask()
{
	return words(offsetof(SharedInfo, evtchn_mask));
}
uint64_t &selector(unsigned int cpu)
{
	return *words(cpu * sizeof(VcpuInfo) + offsetof(VcpuInfo, evtchn_pending_sel));
}
u8 &byte_of(unsigned int cpu)
{
	return the_page.vcpu_info[cpu].evtchn_upcall_pending;
}
bool test(const uint64_t *map, uint32_t port)
{
	return (map[port / 64] >> (port % 64) & 1) != 0;
}
void set(uint64_t *map, uint32_t port)
{
	map[port / 64] |= uint64_t{1} << (port % 64);
}
void reset(uint64_t *map, uint32_t port)
{
	map[port / 64] &= ~(uint64_t{1} << (port % 64));
}

/* As Xen signals a port that is not masked. */
void announce(uint32_t port, unsigned int cpu)
{
	selector(cpu) |= uint64_t{1} << (port / 64);
	byte_of(cpu) = 1;
}
void raise(uint32_t port, unsigned int cpu = 0)
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

TEST_F(Events, an_event_is_one_interrupt)
{
	bind(17);
	EXPECT_EQ(xen_ppc_get_irq(), 0U);
	raise(17);
	EXPECT_EQ(xen_ppc_get_irq(), unsigned{irq_of_events});
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{17}));
	EXPECT_EQ(xen_ppc_get_irq(), 0U);
	EXPECT_FALSE(xen_port_is_pending(17));
	EXPECT_EQ(counter("upcalls"), 1U);
	EXPECT_EQ(counter("events"), 1U);
	EXPECT_EQ(counter("upcalls_spurious"), 0U);
	EXPECT_EQ(xen.entries, 0U);
}

TEST_F(Events, a_second_vcpus_byte_is_not_ours)
{
	bind(17, 1);
	raise(17, 1);
	EXPECT_EQ(xen_ppc_get_irq(), 0U);
}

TEST_F(Events, all_ports_at_once_are_handled_in_one_interrupt)
{
	for (uint32_t port = 0; port < 4096; ++port) {
		bind(port);
		raise(port);
	}
	xen_upcall();

	std::set<uint32_t> once(kernel.handled.begin(), kernel.handled.end());

	EXPECT_EQ(kernel.handled.size(), 4096U);
	EXPECT_EQ(once.size(), 4096U);
	EXPECT_EQ(byte_of(0), 0);
	EXPECT_EQ(counter("passes"), 16U);
	EXPECT_EQ(counter("passes_resumed"), 15U);
	EXPECT_EQ(counter("events_cpu0"), 4096U);
	EXPECT_EQ(counter("events_cpu1"), 0U);
}

TEST_F(Events, an_event_raised_by_a_handler_is_handled_before_the_interrupt_ends)
{
	bind(8);
	bind(4);
	kernel.in_handler = [](uint32_t port) {
		if (port == 8)
			raise(4);
	};
	raise(8);
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{8, 4}));
}

TEST_F(Events, unmasking_an_idle_port_is_no_hypercall)
{
	bind(70);
	xen_port_mask(70);
	xen_port_unmask(70);
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(xen.entries, 0U);
	EXPECT_EQ(byte_of(0), 0);
}

TEST_F(Events, unmasking_a_pending_port_has_it_replayed)
{
	bind(70);
	xen_port_mask(70);
	raise(70);
	EXPECT_EQ(byte_of(0), 0);
	xen_port_unmask(70);
	EXPECT_EQ(xen.unmasked, (std::vector<uint32_t>{70}));
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{70}));
	EXPECT_EQ(counter("unmask_calls"), 1U);
	EXPECT_EQ(counter("unmask_failed"), 0U);
}

TEST_F(Events, unmasking_another_cpus_port_tells_that_cpu)
{
	bind(200, 1);
	xen_port_mask(200);
	raise(200, 1);
	xen_port_unmask(200);
	EXPECT_EQ(xen.unmasked, (std::vector<uint32_t>{200}));
	EXPECT_EQ(byte_of(1), 1);
	EXPECT_EQ(selector(1), 1U << 3);
	EXPECT_EQ(byte_of(0), 0);
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS);
	/* Pending or not: whether it is can change until Xen looks. */
	reset(pending(), 200);
	xen_port_mask(200);
	xen_port_unmask(200);
	EXPECT_EQ(xen.unmasked.size(), 2U);
}

TEST_F(Events, a_refused_unmask_loses_nothing)
{
	bind(70);
	xen_port_mask(70);
	raise(70);
	xen.refusal = -1;
	xen_port_unmask(70);
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	ASSERT_EQ(kernel.messages.size(), 1U);
	EXPECT_EQ(kernel.messages[0], "refused 70 -1");
	xen_upcall();
	EXPECT_EQ(kernel.handled, (std::vector<uint32_t>{70}));
	EXPECT_EQ(counter("unmask_failed"), 1U);
}

TEST_F(Events, a_refused_unmask_for_another_cpu_is_announced_to_it)
{
	bind(70, 1);
	xen_port_mask(70);
	raise(70, 1);
	for (const s64 refusal : {s64{-38}, s64{1}, s64{1} << 40}) {
		byte_of(1) = 0;
		selector(1) = 0;
		xen_port_mask(70);
		xen.refusal = refusal;
		xen_port_unmask(70);
		EXPECT_FALSE(test(mask(), 70));
		EXPECT_EQ(byte_of(1), 1);
		EXPECT_EQ(selector(1), 2U);
		EXPECT_EQ(byte_of(0), 0);
	}
	EXPECT_EQ(kernel.messages.size(), 3U);
}

TEST_F(Events, a_refused_unmask_of_an_idle_port_announces_nothing)
{
	bind(70, 1);
	xen_port_mask(70);
	xen.refusal = -1;
	xen_port_unmask(70);
	EXPECT_FALSE(test(mask(), 70));
	EXPECT_EQ(byte_of(1), 0);
	EXPECT_EQ(selector(1), 0U);
}

TEST_F(Events, a_port_goes_to_another_cpu)
{
	bind(33);
	bind(33, 1);
	raise(33);
	xen_upcall();
	EXPECT_TRUE(kernel.handled.empty());
	bind(33, 0);
	announce(33, 0);
	xen_upcall();
	EXPECT_EQ(kernel.handled.size(), 1U);
	xen_port_remove(33, 0);
	raise(33);
	xen_upcall();
	EXPECT_EQ(kernel.handled.size(), 1U);
	EXPECT_EQ(counter("upcalls_spurious"), 2U);
}

TEST_F(Events, cpus_go_offline_and_domains_resume_with_nothing_bound)
{
	bind(33);
	bind(34, 1);
	EXPECT_EQ(xen_port_percpu_deinit(1), 0);
	EXPECT_FALSE(event_cpu(1).scanner.bound(xen::Port{34}));
	EXPECT_TRUE(event_cpu(0).scanner.bound(xen::Port{33}));
	bind(34, 1);
	xen_port_resume();
	EXPECT_FALSE(event_cpu(1).scanner.bound(xen::Port{34}));
	EXPECT_FALSE(event_cpu(0).scanner.bound(xen::Port{33}));
}

TEST_F(Events, the_highest_port_works)
{
	EXPECT_EQ(xen_port_max(), 4096U);
	bind(4095);
	xen_port_set_pending(4095);
	EXPECT_TRUE(xen_port_is_pending(4095));
	EXPECT_EQ(pending()[63], uint64_t{1} << 63);
	xen_port_mask(4095);
	EXPECT_EQ(mask()[63], uint64_t{1} << 63);
	xen_port_clear_pending(4095);
	EXPECT_FALSE(xen_port_is_pending(4095));
}

/* Xen's answer to a bind goes into some of these before Linux looks at it. */
TEST_F(Events, ports_that_do_not_exist_touch_nothing)
{
	SharedInfo before;
	const xen_events_storage first = xen_events_cpu;
	const xen_events_storage second = second_cpu;

	std::memcpy(static_cast<void *>(&before), &the_page, sizeof before);
	for (const uint32_t port : absent) {
		xen_port_bind_to_cpu(port, 0, 1);
		xen_port_remove(port, 1);
		xen_port_set_pending(port);
		xen_port_clear_pending(port);
		EXPECT_FALSE(xen_port_is_pending(port));
		xen_port_mask(port);
		xen_port_unmask(port);
	}
	EXPECT_EQ(std::memcmp(&before, &the_page, sizeof before), 0);
	EXPECT_EQ(std::memcmp(&first, &xen_events_cpu, sizeof first), 0);
	EXPECT_EQ(std::memcmp(&second, &second_cpu, sizeof second), 0);
	EXPECT_EQ(xen.entries, 0U);
	EXPECT_EQ(kernel.messages.size(), 7 * absent.size());
}

TEST_F(Events, what_was_marked_for_replay_and_handled_is_not_replayed)
{
	bind(9);
	raise(9);
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS);
	EXPECT_EQ(counter("replays_saved"), 1U);
}

TEST_F(Events, what_came_after_the_loop_is_replayed)
{
	bind(9);
	raise(9);
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	kernel.after_loop = [] {
		raise(9);
	};
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_EE);
	EXPECT_EQ(counter("replays_saved"), 0U);
}

TEST_F(Events, with_interrupts_hard_enabled_the_mark_is_not_touched)
{
	bind(9);
	raise(9);
	xen_host_msr = XEN_MSR_EE | XEN_MSR_RI;
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_EE);
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_EE);
}

TEST_F(Events, replays_and_interrupts_without_events_are_counted)
{
	bind(9);
	raise(9);
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS | XEN_IRQ_REPLAYING);
	xen_upcall();
	EXPECT_EQ(happened(), XEN_IRQ_HARD_DIS | XEN_IRQ_REPLAYING);
	raise(9);
	xen_upcall();
	host::paca_set<u8>(XEN_PACA_IRQ_HAPPENED, XEN_IRQ_HARD_DIS);
	byte_of(0) = 1;
	xen_upcall();
	EXPECT_EQ(counter("upcalls"), 3U);
	EXPECT_EQ(counter("upcalls_replayed"), 2U);
	EXPECT_EQ(counter("upcalls_spurious"), 1U);
	EXPECT_EQ(counter("passes_empty"), 1U);
}

TEST_F(Events, ee_without_ri_is_noticed)
{
	const struct {
		unsigned long msr;
		bool ok;
	} rows[] = {
		{XEN_MSR_EE | XEN_MSR_RI, true},
		{XEN_MSR_RI, true},
		{0, true},
		{XEN_MSR_EE, false},
	};

	for (const auto &row : rows) {
		kernel.interrupted_msr = row.msr;
		EXPECT_EQ(xen_upcall_ri_ok(), row.ok) << row.msr;
	}
	EXPECT_EQ(xen_events_ri_lost(), 1U);
	EXPECT_EQ(counter("ri_lost"), 1U);
	raise(9);
	xen_upcall();
	EXPECT_EQ(xen_events_ri_lost(), 2U);
	EXPECT_EQ(kernel.messages, (std::vector<std::string>{"ri lost", "ri lost"}));
}

TEST_F(Events, counters_are_those_of_all_cpus)
{
	event_cpu(1).upcalls = 5;
	event_cpu(0).upcalls = 7;
	EXPECT_EQ(counter("upcalls"), 12U);
	EXPECT_EQ(counters().size(), 13U);
}

TEST_F(Events, a_missing_irq_is_said)
{
	kernel.irq = -12;
	xen_ppc_init_irq();
	EXPECT_EQ(kernel.messages, (std::vector<std::string>{"no irq -12"}));
}

} // namespace

/* ---- Linux ---- */

int xen_evtchn_do_upcall() noexcept
{
	unsigned int passes = 0;

	do {
		byte_of(0) = 0;
		xen_port_handle(0, nullptr);
	} while (byte_of(0) != 0 && ++passes < 10000);
	if (the_linux->after_loop != nullptr)
		the_linux->after_loop();
	return 1;
}

void xen_glue_port_event(unsigned int port, evtchn_loop_ctrl *) noexcept
{
	the_linux->handled.push_back(port);
	xen_port_clear_pending(port);
	if (the_linux->in_handler != nullptr)
		the_linux->in_handler(port);
}

xen_events_storage *xen_glue_events(unsigned int cpu) noexcept
{
	EXPECT_LT(cpu, 2U);
	return cpu == 0 ? &xen_events_cpu : &second_cpu;
}

int xen_glue_events_next_cpu(int cpu) noexcept
{
	return cpu < 1 ? cpu + 1 : -1;
}

unsigned int xen_glue_this_cpu() noexcept
{
	return 0;
}

xen::VcpuInfoHead *xen_glue_vcpu_info(unsigned int cpu) noexcept
{
	return reinterpret_cast<xen::VcpuInfoHead *>(&the_page.vcpu_info[cpu]);
}

unsigned int xen_glue_port_cpu(unsigned int port) noexcept
{
	return the_linux->cpu_of[port];
}

int xen_glue_init_irq() noexcept
{
	return the_linux->irq;
}

unsigned long xen_glue_irq_msr() noexcept
{
	return the_linux->interrupted_msr;
}

void xen_glue_events_show(xen_events_sink *, const char *name, int cpu,
			  unsigned long value) noexcept
{
	the_linux->shown[cpu < 0 ? name : name + std::to_string(cpu)] = value;
}

void xen_glue_unmask_refused(unsigned int port, long error) noexcept
{
	the_linux->messages.push_back("refused " + std::to_string(port) + " " +
				      std::to_string(error));
}

void xen_glue_port_absent(const char *what, unsigned int port) noexcept
{
	the_linux->messages.push_back(std::to_string(port) + " " + what);
}

void xen_glue_ri_lost(unsigned long) noexcept
{
	the_linux->messages.push_back("ri lost");
}

void xen_glue_no_event_irq(int error) noexcept
{
	the_linux->messages.push_back("no irq " + std::to_string(error));
}
