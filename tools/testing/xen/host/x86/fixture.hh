/* SPDX-License-Identifier: GPL-2.0 */
/* What every test of the x86 units starts from and ends with. */
#ifndef HOST_X86_FIXTURE_HH
#define HOST_X86_FIXTURE_HH

#include <gtest/gtest.h>

#include "cpus.hh"
#include "fake_xen.hh"
#include "services.hh"
#include "tracepoints.hh"

extern "C" {
unsigned long xen_save_fl_direct() noexcept;
void xen_irq_disable_direct() noexcept;
void xen_irq_enable_direct() noexcept;
void xen_force_evtchn_callback() noexcept;

extern bool xen_mc_debug;
}

namespace host {

/* The interrupt flag in rflags. */
inline constexpr unsigned long interrupts_on = 0x200;

/**
 * class Unit - processor 0 runs with events masked, nothing pending, nothing queued,
 * nobody listening
 */
class Unit : public ::testing::Test {
protected:
	void SetUp() override
	{
		reset_cpus();
		fake = FakeXen{};
		services = Services{};
		xen_mc_debug = false;
		for (int event = 0; event < event_count; ++event)
			listen(static_cast<Event>(event), false);
	}

	void TearDown() override
	{
		EXPECT_TRUE(template_untouched()) << "per-cpu data was used without its segment";
		EXPECT_TRUE(fake.upcalls_masked);
	}
};

/* No event may be left waiting once events are let in. */
inline void expect_no_event_lost()
{
	EXPECT_FALSE(pending_byte() != 0 && mask_byte() == 0)
		<< "an event is pending, unmasked, and nobody will deliver it";
}

} // namespace host

#endif
