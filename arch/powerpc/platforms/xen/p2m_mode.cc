// SPDX-License-Identifier: GPL-2.0
/*
 * Who keeps the p2m, by the hypervisor's own word: p2m_mode.hh.
 *
 * The device tree decides; here the hypervisor is asked whether it thinks the same
 * (Documentation/xen/p2m-rma.rst, "Negotiation").  The question needs an address, and an
 * address needs the answer: in a domain with a table the machine's is tried first, then,
 * if nothing is found there, the domain's own.
 */
#include "p2m_mode.hh"

#include <xen/core/errno.hh>

#include <abi/version.hh>
#include <abi/xencomm.hh>

#include "boot_glue.h"
#include "hypercall.hh"
#include "p2m.hh"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

constexpr char hypervisor_translates[] =
	"/xen has a p2m-table, but XENVER_get_features says that the hypervisor translates:";

/* What the hypervisor says: a status, and the bits if it is not negative. */
struct Asked {
	s64 status;
	u32 bits;

	[[nodiscard]] bool answered() const noexcept { return status >= 0; }
	[[nodiscard]] bool translated() const noexcept
	{
		return (bits >> feature::auto_translated_physmap & 1) != 0;
	}
};

/* In one page, whatever lies beside it. */
alignas(8) constinit FeatureInfo question{};

Asked ask_by(u64 address) noexcept
{
	question.submap_idx.store(0);
	question.submap.store(0);
	const s64 status =
		xen_call(XenCall::XenVersion, XenVersionOp::GetFeatures, inline_flag | address);

	return {status, question.submap.load()};
}

/* The hypervisor did not take a machine address: is it one that translates? */
void check_by_own_address() noexcept
{
	const Asked asked = ask_by(linear_address(&question).raw());

	if (!asked.answered()) {
		xen_glue_boot_odd("XENVER_get_features is not answered:",
				  static_cast<u64>(-asked.status));
		return;
	}
	/* So that the message gets out. */
	p2m_state.linear_limit = ~u64{0};
	p2m_state.linear_offset = 0;
	xen_glue_boot_refused(hypervisor_translates, asked.bits);
}

} // namespace

void p2m_check_mode() noexcept
{
	const Asked asked = ask_by(machine_address(linear_address(&question)));

	/* No memory of this domain's, says the hypervisor. */
	if (asked.status == -err::fault.number()) {
		if (!is_direct())
			xen_glue_boot_refused(
				"/xen has no p2m-table, but XENVER_get_features takes "
				"no address of the domain's own:",
				linear_address(&question).raw());
		check_by_own_address();
		return;
	}
	if (!asked.answered()) {
		xen_glue_boot_odd("XENVER_get_features is not answered:",
				  static_cast<u64>(-asked.status));
		return;
	}
	if (is_direct() && asked.translated())
		xen_glue_boot_refused(hypervisor_translates, asked.bits);
	if (!is_direct() && !asked.translated())
		xen_glue_boot_refused("/xen has no p2m-table, but XENVER_get_features says that "
				      "the hypervisor does not translate:",
				      asked.bits);
}

} // namespace xen::ppc
