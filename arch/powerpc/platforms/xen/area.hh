/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An area of /dev/xen/xencomm: pages in which the hypervisor follows plain pointers.
 *
 * Page 0 begins with the header (abi/xencomm.hh), which tells the hypervisor where the
 * area's pages are; behind it the kernel puts the argument of a call.  User space reads
 * that page and never writes it, and no pointer of a call may lead into it, because what
 * the hypervisor writes there it would later follow.  All other pages are the user's.
 */
#ifndef ARCH_POWERPC_XEN_AREA_HH
#define ARCH_POWERPC_XEN_AREA_HH

#include <xen/core/result.hh>

#include <abi/xencomm.hh>

#include "area_glue.h"

namespace xen::ppc {

static_assert(XEN_AREA_PAGES == max_area_pages);

/** area_header_bytes - of the header and the addresses behind it */
[[nodiscard]] constexpr u64 area_header_bytes(u64 nr_pages) noexcept
{
	return sizeof(AreaHeader) + (nr_pages - 1) * sizeof(u64);
}
static_assert(area_header_bytes(max_area_pages) <= page_size / 2 + sizeof(AreaHeader),
	      "arguments have nearly half a page at least");

/** area_ready - is everything mapped?  Then virt_base and owner are set for good. */
[[nodiscard]] bool area_ready(const xen_area &area) noexcept;

} // namespace xen::ppc

#endif
