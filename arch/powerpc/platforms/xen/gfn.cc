// SPDX-License-Identifier: GPL-2.0
/*
 * Frame numbers as Linux's drivers exchange them with other domains.
 *
 * A grant's entry, or a copy's page, names memory by the number that the hypervisor takes:
 * the machine's in a direct domain.  Pages of the window keep their own number, which is
 * how the drivers say where something is to be mapped; only the port reads those.
 */
#include <xen/core/frame.hh>

#include "guest_glue.h"
#include "p2m.hh"
#include "translate.hh"
#include "window.hh"

using namespace xen::ppc;
using xen::Gfn;
using xen::Mfn;
using xen::P2mEntry;
using xen::Pfn;
using xen::Result;

namespace {

constexpr unsigned long no_frame = ~0UL;

} // namespace

unsigned long xen_frame_to_gfn(unsigned long pfn) noexcept
{
	if (in_window(Pfn{pfn})) [[unlikely]]
		return pfn;

	const Result<Gfn> gfn = translate(Pfn{pfn});

	return gfn ? gfn.value().raw() : no_frame;
}

unsigned long xen_frame_to_bfn(unsigned long pfn) noexcept
{
	const P2mEntry entry = what_is(Pfn{pfn});

	return entry.present() ? entry.mfn().raw() : no_frame;
}

/* Linux asks for it when a grant is not given back in time and nobody remembers the page. */
unsigned long xen_gfn_to_frame(unsigned long gfn) noexcept
{
	if (!is_direct() || in_window(Pfn{gfn}))
		return gfn;

	const Result<Pfn> pfn = own_frame_of(Gfn{gfn});

	return pfn ? pfn.value().raw() : no_frame;
}
