/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether this domain keeps its own map of frames, and that map.
 *
 * In a translated domain the hypervisor keeps the p2m and wants the domain's own frame
 * numbers; in a direct one the builder left a table in the real-mode area and the
 * hypervisor wants machine frames (Documentation/xen/p2m-rma.rst).  Which one it is says
 * the device tree, once, before anything is mapped; translate.hh hides the difference.
 *
 * Written by p2m_read() in real mode (p2m_tree.hh); afterwards only entries of memory that comes
 * and goes change, and what is said of them, by the one thread that moves it (balloon.cc).
 */
#ifndef ARCH_POWERPC_XEN_P2M_HH
#define ARCH_POWERPC_XEN_P2M_HH

#include <xen/core/contiguity.hh>
#include <xen/core/frame.hh>

#include "p2m_format.hh"

namespace xen::ppc {

/*
 * Blocks of 16 MB, a large page's, for 256 GB: as many entries as a table has that lies in
 * the largest real-mode area, which is 256 MB.
 */
inline constexpr unsigned int p2m_block_order = 12;
inline constexpr u64 p2m_blocks = 16384;
using P2mBlocks = Contiguity<p2m_block_order, p2m_blocks>;
static_assert(P2mBlocks::end * sizeof(p2m::Entry) == u64{256} << 20);

/*
 * Blocks of which it is known that none of their entries is the domain's memory, so that a
 * search need not look at each of them.  A clear bit is always safe: it means "perhaps".
 *
 * The bit is set when the last such entry has gone, and cleared before the first one comes.
 */
using BlankBlocks = BlockBits<p2m_block_order, p2m_blocks>;

/* A range of machine frames. */
struct MachineFrames {
	Mfn first;
	Pages pages; /* 0: none */

	[[nodiscard]] constexpr bool holds(Mfn frame) const noexcept
	{
		return frame.raw() - first.raw() < pages.raw();
	}
};

struct P2m {
	bool direct;
	P2mTable table; /* direct; without entries in a translated domain */
	u64 ram_end;	/* frames of the domain's memory, holes included; none above is its own */
	u64 hole_first; /* frames of devices, which are the machine's own numbers */
	u64 hole_pages; /* 0: there is none */
	u64 max_mfn;	/* direct: exclusive, of the machine's memory */

	/*
	 * Guest-physical addresses below linear_limit, the real-mode area, are contiguous in
	 * the machine: linear_offset leads there.  All of them in a translated domain.
	 */
	u64 linear_limit;
	u64 linear_offset;

	/*
	 * direct: what large pages may map.  Every block of memory was looked at before the
	 * first was mapped; afterwards who changes the entries of one tells (balloon.cc).
	 */
	P2mBlocks blocks;
	BlankBlocks blank; /* direct: what a search may leave out */

	/*
	 * direct: frames on their way into the domain or out of it.  Neither the table nor the
	 * hypervisor says yet whose they will be, so that no tool may have them mapped.  Read
	 * and written under the window's lock (window_map.hh).
	 */
	MachineFrames moving;
};

extern P2m p2m_state;

/**
 * p2m_note_blank - remember it if no entry of a block is the domain's memory
 * @block: its first frame
 *
 * Context: any, real mode included; nobody changes the block's entries.
 */
void p2m_note_blank(Pfn block) noexcept;

/** is_direct - does this domain translate its own frames? any context */
[[nodiscard, gnu::always_inline]] inline bool is_direct() noexcept
{
	return p2m_state.direct;
}

} // namespace xen::ppc

#endif
