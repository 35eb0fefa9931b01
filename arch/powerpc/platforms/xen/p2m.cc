// SPDX-License-Identifier: GPL-2.0
/*
 * What is behind a frame of the guest's, in both kinds of domain.
 *
 * The common case, the domain's own memory, is inline in translate.hh; here is the rest.
 * Everything but the window's part runs in real mode too.
 */
#include "p2m.hh"

#include <xen/core/contract.hh>

#include "translate.hh"
#include "window.hh"

namespace xen::ppc {

/* Until the device tree was read: a translated domain, in which every number is its own. */
constinit P2m p2m_state{
	.direct = false,
	.table = {},
	.ram_end = ~u64{0},
	.hole_first = 0,
	.hole_pages = 0,
	.max_mfn = 0,
	.linear_limit = ~u64{0},
	.linear_offset = 0,
	.blocks = {},
	.blank = {},
	.moving = {Mfn{0}, Pages{0}},
};

void p2m_note_blank(Pfn block) noexcept
{
	for (u64 i = 0; i < P2mBlocks::block_pages; ++i)
		if (p2m_state.table.ram(block + Pages{i}))
			return;
	p2m_state.blank.set(block);
}

P2mEntry what_is(Pfn pfn) noexcept
{
	const u64 frame = pfn.raw();

	if (in_window(pfn))
		return window_entry(pfn);
	if (frame - p2m_state.hole_first < p2m_state.hole_pages)
		return P2mEntry::io(Mfn{frame});
	if (is_direct())
		return p2m_state.table.lookup(pfn);
	/* Above its memory a translated domain finds devices and its grant table. */
	return frame < p2m_state.ram_end ? P2mEntry::ram(Mfn{frame}) : P2mEntry::io(Mfn{frame});
}

namespace {

/* In a block whose frames follow each other; on its way out it may have none any more. */
Result<Pfn> find_in_row(Pfn block, Gfn gfn) noexcept
{
	const Result<Mfn> first = p2m_state.table.ram(block);

	if (!first || gfn.raw() - first.value().raw() >= P2mBlocks::block_pages)
		return err::noent;
	return block + Pages{gfn.raw() - first.value().raw()};
}

/* In one block of a direct domain's table. */
Result<Pfn> find_in_block(Pfn block, Gfn gfn) noexcept
{
	if (p2m_state.blocks.holds(block))
		return find_in_row(block, gfn);
	if (p2m_state.blank.holds(block))
		return err::noent;
	for (u64 i = 0; i < P2mBlocks::block_pages; ++i) {
		const Result<Mfn> mfn = p2m_state.table.ram(block + Pages{i});

		if (mfn && mfn.value().raw() == gfn.raw())
			return block + Pages{i};
	}
	return err::noent;
}

} // namespace

Result<Pfn> own_frame_of(Gfn gfn) noexcept
{
	if (!is_direct())
		return gfn.raw() < p2m_state.ram_end ? Result<Pfn>{Pfn{gfn.raw()}} : err::noent;
	for (Pfn block{0}; block.raw() < p2m_state.table.entries();
	     block += Pages{P2mBlocks::block_pages})
		if (const Result<Pfn> found = find_in_block(block, gfn))
			return found;
	return err::noent;
}

bool contiguous(Pfn pfn, Pages pages) noexcept
{
	Result<Gfn> first = err::fault;

	for (u64 i = 0; i < pages.raw(); ++i) {
		const Result<Gfn> gfn = translate(pfn + Pages{i});

		if (!gfn)
			return false;
		if (i == 0)
			first = gfn;
		else if (gfn.value() != first.value() + Pages{i})
			return false;
	}
	return true;
}

u64 machine_address_above_rma(PhysAddr addr) noexcept
{
	const Result<u64> address = translate(addr);

	contract(static_cast<bool>(address), "kernel memory is the domain's own");
	return address.value();
}

} // namespace xen::ppc
