/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the balloon start from: a domain with all of its memory, in either mode.
 */
#ifndef HOST_PPC_BALLOON_RIG_HH
#define HOST_PPC_BALLOON_RIG_HH

#include <gtest/gtest.h>

#include "fake_balloon.hh"
#include "fake_boot.hh"
#include "p2m.hh"

namespace host {

/* The parameter: does the domain keep the table itself? */
class Balloon : public ::testing::TestWithParam<bool> {
protected:
	Balloon() : world(GetParam()), before_(xen::ppc::p2m_state)
	{
		using xen::ppc::p2m_state;

		reset_calls();
		announce(xen::ppc::Feature::Multicall);
		boot_facts.ram_pages = all_sections * section;
		hypervisor = &world;
		p2m_state.direct = world.direct;
		p2m_state.table = xen::ppc::P2mTable{
			reinterpret_cast<xen::ppc::p2m::Entry *>(world.table.data()),
			world.direct ? all_sections * section : 0};
		p2m_state.ram_end = all_sections * section;
		p2m_state.max_mfn = machine_sections * section;
		p2m_state.linear_limit = ~u64{0};
		p2m_state.linear_offset = 0;
	}
	~Balloon() override { xen::ppc::p2m_state = before_; }
	void SetUp() override { ASSERT_EQ(xen_ppc_balloon_init(), 0); }

	World world;

private:
	const xen::ppc::P2m before_;
};

} // namespace host

#endif
