// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of the window that no grant may be mapped at.
 *
 * Linux takes whole sections of the window; the historical hypervisor's is half of one,
 * and a grant mapped behind its end would stop it.  Linux's allocator hands the last pages
 * of a section out first: they are taken once, before anybody else asks, and kept.
 *
 * Runs once, in an initcall: no locking.
 */
#include <abi/wire.hh>

#include "window_glue.h"
#include "window_map.hh"

using namespace xen::ppc;
using xen::Pages;
using xen::Pfn;

void xen_window_keep_tail() noexcept
{
	const WindowFrames window = window_frames();
	const Pfn end = window.first + window.pages;
	u64 behind = 0;

	while (behind < window.pages.raw() && !grant_frame_fits(end - Pages{behind + 1}))
		++behind;
	for (u64 kept = 0; kept < behind; ++kept) {
		const u64 frame = xen_glue_window_take();

		if (frame == 0) {
			xen_glue_window_message("no page of the window to be had, kept", kept, 0);
			return;
		}
		/* Another order than was expected: grants that get a wrong page fail, no more. */
		if (grant_frame_fits(Pfn{frame})) {
			xen_glue_window_give(frame);
			xen_glue_window_message("the window's pages come in another order:", frame, 0);
			return;
		}
	}
}
