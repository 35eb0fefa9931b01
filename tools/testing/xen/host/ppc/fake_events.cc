// SPDX-License-Identifier: GPL-2.0
/* The page, the second cpu and Linux of fake_events.hh; weak, for tests with their own. */
#include "fake_events.hh"

namespace host::events {

alignas(4096) SharedInfo the_page;
xen_events_storage second_cpu;
Linux *the_linux;

} // namespace host::events

using namespace host::events;

extern "C" {
[[gnu::weak]] SharedInfo *HYPERVISOR_shared_info = &the_page;
[[gnu::weak]] xen_events_storage xen_events_cpu; /* the first cpu's: the PACA's offset is 0 */
[[gnu::weak]] xen::VcpuInfoHead *xen_vcpu = reinterpret_cast<xen::VcpuInfoHead *>(&the_page);
int xen_evtchn_do_upcall() noexcept;
}

[[gnu::weak]] int xen_evtchn_do_upcall() noexcept
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

[[gnu::weak]] void xen_glue_port_event(unsigned int port, evtchn_loop_ctrl *) noexcept
{
	the_linux->handled.push_back(port);
	xen_port_clear_pending(port);
	if (the_linux->in_handler != nullptr)
		the_linux->in_handler(port);
}

[[gnu::weak]] xen_events_storage *xen_glue_events(unsigned int cpu) noexcept
{
	EXPECT_LT(cpu, 2U);
	return cpu == 0 ? &xen_events_cpu : &second_cpu;
}

[[gnu::weak]] int xen_glue_events_next_cpu(int cpu) noexcept
{
	return cpu < 1 ? cpu + 1 : -1;
}

[[gnu::weak]] unsigned int xen_glue_this_cpu() noexcept
{
	return 0;
}

[[gnu::weak]] void xen_glue_rescan_on(unsigned int cpu) noexcept
{
	the_linux->rescans.push_back(cpu);
}

[[gnu::weak]] unsigned int xen_glue_port_cpu(unsigned int port) noexcept
{
	return the_linux->cpu_of[port];
}

[[gnu::weak]] int xen_glue_init_irq() noexcept
{
	return the_linux->irq;
}

[[gnu::weak]] unsigned long xen_glue_irq_msr() noexcept
{
	return the_linux->interrupted_msr;
}

[[gnu::weak]] void xen_glue_events_show(xen_events_sink *, const char *name, int cpu,
					unsigned long value) noexcept
{
	the_linux->shown[cpu < 0 ? name : name + std::to_string(cpu)] = value;
}

[[gnu::weak]] void xen_glue_unmask_refused(unsigned int port, long error) noexcept
{
	the_linux->messages.push_back("refused " + std::to_string(port) + " " +
				      std::to_string(error));
}

[[gnu::weak]] void xen_glue_port_absent(const char *what, unsigned int port) noexcept
{
	the_linux->messages.push_back(std::to_string(port) + " " + what);
}

[[gnu::weak]] void xen_glue_ri_lost(unsigned long) noexcept
{
	the_linux->messages.push_back("ri lost");
}

[[gnu::weak]] void xen_glue_no_event_irq(int error) noexcept
{
	the_linux->messages.push_back("no irq " + std::to_string(error));
}
