/* SPDX-License-Identifier: GPL-2.0 */
/* What getdomaininfo says of the own domain, by sysctl and domctl alike. */
#ifndef PROBE_DOMAIN_INFO_HH
#define PROBE_DOMAIN_INFO_HH

#include <abi/domctl.hh>

#include "probe/view.hh"

namespace probe {

/* plausible - @i describes the own domain as the tree does, and as running */
inline bool plausible(const abi::DomctlGetdomaininfo &i)
{
	return i.domain.load() == own_domid() &&
	       i.tot_pages.load() == memory_bytes() / page_bytes && i.nr_online_vcpus.load() >= 1 &&
	       i.max_vcpu_id.load() == vcpus() - 1 &&
	       !(i.flags.load() & (abi::dominf::dying | abi::dominf::shutdown |
				   abi::dominf::paused | abi::dominf::hvm_guest));
}

} // namespace probe

#endif
