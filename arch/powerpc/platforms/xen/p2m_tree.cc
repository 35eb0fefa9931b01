// SPDX-License-Identifier: GPL-2.0
/*
 * The start of the p2m: p2m_tree.hh.
 *
 * The table is the builder's and is judged before it is used: where it lies, what it says
 * of itself, and each entry of memory.  The look at the entries takes one load for each
 * 4 KB, with the caches on; it also finds the blocks that may be mapped by large pages.
 */
#include "p2m_tree.hh"

#include "boot_glue.h"
#include "p2m.hh"
#include "tree_property.hh"

namespace xen::ppc {

namespace {

/* Below it are the kernel, its initrd and the firmware, with some room. */
constexpr u64 table_floor = 0x2200000;

/* Linux's stacks are handed to the hypervisor: 16 KB, aligned. */
constexpr u64 least_contig_order = 2;
constexpr u64 least_run = u64{1} << least_contig_order;

constexpr u64 pages_of_bytes(u64 bytes) noexcept
{
	return bytes >> page_shift;
}

/* One that must be there, with this length. */
Property required(int node, const char *name, u32 bytes, const char *otherwise) noexcept
{
	const Property found = property(node, name);

	if (found.bytes != bytes)
		xen_glue_boot_refused(otherwise, found.bytes);
	return found;
}

p2m::Entry *words_at(u64 address) noexcept
{
	return static_cast<p2m::Entry *>(xen_glue_linear(address));
}

/* A table in memory that is read in real mode. */
bool readable(const Range &range) noexcept
{
	const u64 rma = xen_glue_rma_end();

	return range.start.raw() % sizeof(p2m::Entry) == 0 && range.bytes >= sizeof(p2m::Entry) &&
	       range.bytes <= rma && range.start.raw() <= rma - range.bytes &&
	       xen_glue_is_memory(range.start.raw(), range.bytes) != 0;
}

void check_place(const Range &range) noexcept
{
	const u64 start = range.start.raw();

	if (!readable(range))
		xen_glue_boot_refused("/xen p2m-table lies outside of the real-mode area:", start);
	if (start % p2m::base_align != 0)
		xen_glue_boot_refused("/xen p2m-table is not aligned:", start);
	if (start < table_floor || start < xen_glue_kernel_end())
		xen_glue_boot_refused("/xen p2m-table takes memory that kernel and firmware need, "
				      "the real-mode area is too small:",
				      start);
}

void check_format(int node) noexcept
{
	const Property format =
		required(node, tree::p2m_format, 8, "/xen p2m-format is missing or odd, bytes:");

	if (format.number(0, 4) != p2m::format_version)
		xen_glue_boot_refused("/xen p2m-format has an unknown version:",
				      format.number(0, 4));
	if (format.number(4, 4) != p2m::format_entry_order)
		xen_glue_boot_refused("/xen p2m-format has entries of unknown size, log2",
				      format.number(4, 4));
}

u64 entries_of(int node, const Range &table, Pfn ram_end) noexcept
{
	const u64 entries =
		required(node, tree::p2m_entries, 8, "/xen p2m-entries is missing or odd, bytes:")
			.number(0, 8);

	if (entries > table.bytes / sizeof(p2m::Entry))
		xen_glue_boot_refused("/xen p2m-table has no room for p2m-entries:", entries);
	if (entries > P2mBlocks::end)
		xen_glue_boot_refused("/xen p2m-entries are more than a kernel can use:", entries);
	if (entries < ram_end.raw())
		xen_glue_boot_refused("/xen p2m-entries do not reach the end of memory:", entries);
	return entries;
}

u64 contig_order_of(int node) noexcept
{
	const u64 order = required(node, tree::p2m_contig_order, 4,
				   "/xen p2m-contig-order is missing or odd, bytes:")
				  .number(0, 4);

	/* Runs of more than a block are not looked for. */
	if (order < least_contig_order)
		xen_glue_boot_refused("/xen p2m-contig-order is too small for a stack:", order);
	return order < p2m::default_contig_order ? order : p2m::default_contig_order;
}

void read_hole(int node) noexcept
{
	const Property hole = property(node, tree::io_hole);

	if (!hole.present())
		return;
	if (hole.bytes != 16)
		xen_glue_boot_refused("/xen io-hole is no pair, bytes:", hole.bytes);
	const u64 first = hole.number(0, 8), pages = hole.number(8, 8);

	if (pages == 0 || first > p2m::max_frame || pages > p2m::max_frame + 1 - first)
		xen_glue_boot_refused("/xen io-hole is no range of frames:", first);
	if (first >> p2m::window_order != 0 || pages > (u64{1} << p2m::window_order) - first)
		xen_glue_boot_refused("/xen io-hole reaches into the window:", first);
	/* The lowest frames are the kernel's, wherever memory ends. */
	if (first < pages_of_bytes(xen_glue_rma_end()))
		xen_glue_boot_refused("/xen io-hole overlaps the real-mode area:", first);
	p2m_state.hole_first = first;
	p2m_state.hole_pages = pages;
}

/* Linux knows no such frames; but a tree in which they mean two things is wrong. */
void check_mfn_flag(int node, u64 entries) noexcept
{
	const Property flag = property(node, tree::mfn_flag);

	if (!flag.present())
		return;
	if (flag.bytes != 8)
		xen_glue_boot_refused("/xen mfn-flag is no number, bytes:", flag.bytes);
	const u64 bit = flag.number(0, 8);

	if (bit >= 64 || entries > u64{1} << bit)
		xen_glue_boot_refused("/xen mfn-flag is a bit of the domain's own frames:", bit);

	const Property window = property(node, tree::foreign_map);

	if (window.bytes != 16)
		return;
	const u64 order = window.number(0, 8), pages = window.number(8, 8);

	if (bit == order || (bit < order && pages > u64{1} << bit))
		xen_glue_boot_refused("/xen mfn-flag is a bit of the window's frames:", bit);
}

bool in_hole(Pfn pfn) noexcept
{
	return pfn.raw() - p2m_state.hole_first < p2m_state.hole_pages;
}

/* The machine frame of what must be memory. */
Mfn memory_at(Pfn pfn) noexcept
{
	const Result<Mfn> mfn = p2m_state.table.ram(pfn);

	if (!mfn || in_hole(pfn))
		xen_glue_boot_refused("/xen p2m-table has no memory for frame", pfn.raw());
	if (mfn.value().raw() >= p2m_state.max_mfn)
		xen_glue_boot_refused("/xen p2m-table leads behind max-mfn, frame", pfn.raw());
	return mfn.value();
}

/* @pages from @first on are memory, in aligned runs of 2^@order. */
void check_runs(Pfn first, u64 pages, u64 order) noexcept
{
	const u64 offset = (u64{1} << order) - 1;
	Mfn next{0};

	for (u64 i = 0; i < pages; ++i) {
		const Pfn pfn = first + Pages{i};
		const Mfn mfn = memory_at(pfn);

		if ((pfn.raw() & offset) == 0 ? (mfn.raw() & offset) != 0 : mfn != next)
			xen_glue_boot_refused("/xen p2m-table breaks p2m-contig-order, frame",
					      pfn.raw());
		next = mfn + Pages{1};
	}
}

/* A run of the least order, or what there is of it. */
void check_part(Pfn first) noexcept
{
	const u64 start = first.raw() << page_shift;

	if (xen_glue_is_memory(start, least_run << page_shift) != 0)
		return check_runs(first, least_run, least_contig_order);
	for (u64 i = 0; i < least_run; ++i)
		if (xen_glue_is_memory(start + (i << page_shift), page_size) != 0)
			check_runs(first + Pages{i}, 1, 0);
}

/* Holes between the ranges of memory are nobody's business. */
void check_memory(Pfn end, u64 order) noexcept
{
	constexpr u64 block_bytes = P2mBlocks::block_pages << page_shift;
	const auto ram = [](Pfn pfn) noexcept {
		return p2m_state.table.ram(pfn);
	};

	for (Pfn block{0}; block < end; block += Pages{P2mBlocks::block_pages}) {
		const u64 start = block.raw() << page_shift;

		if (xen_glue_is_memory(start, block_bytes) != 0) {
			check_runs(block, P2mBlocks::block_pages, order);
			p2m_state.blocks.examine(block, ram);
			continue;
		}
		/* A block that memory fills in part; stacks are in runs of the least order. */
		for (u64 i = 0; i < P2mBlocks::block_pages; i += least_run)
			check_part(block + Pages{i});
		p2m_note_blank(block);
	}
}

/* Linux takes addresses in it for the machine's, plus an offset. */
void check_real_mode_area() noexcept
{
	const u64 pages = pages_of_bytes(xen_glue_rma_end());
	const Mfn first = memory_at(Pfn{0});

	for (u64 i = 1; i < pages; ++i)
		if (memory_at(Pfn{i}) != first + Pages{i})
			xen_glue_boot_refused("the real-mode area is not contiguous, frame", i);
	p2m_state.linear_limit = pages << page_shift;
	p2m_state.linear_offset = first.raw() << page_shift;
}

} // namespace

void p2m_peek(int node) noexcept
{
	const Property table = property(node, tree::p2m_table);

	if (table.bytes != 16 || !readable(table.pair(0)))
		return;
	const P2mTable view{words_at(table.number(0, 8)), 1};

	if (const Result<Mfn> first = view.ram(Pfn{0})) {
		p2m_state.linear_limit = xen_glue_rma_end();
		p2m_state.linear_offset = first.value().raw() << page_shift;
	}
}

Range p2m_read(int node, Pfn ram_end) noexcept
{
	const Property table = property(node, tree::p2m_table);

	p2m_state.ram_end = ram_end.raw();
	if (!table.present())
		return {PhysAddr{0}, 0};
	if (table.bytes != 16)
		xen_glue_boot_refused("/xen p2m-table is no pair, bytes:", table.bytes);

	const Range range = table.pair(0);

	check_place(range);
	check_format(node);

	const u64 entries = entries_of(node, range, ram_end);
	const u64 order = contig_order_of(node);
	const u64 max_mfn =
		required(node, tree::max_mfn, 8, "/xen max-mfn is missing or odd, bytes:")
			.number(0, 8);

	if (max_mfn > p2m::max_frame + u64{1})
		xen_glue_boot_refused("/xen max-mfn does not fit an entry:", max_mfn);
	p2m_state.max_mfn = max_mfn;
	read_hole(node);
	check_mfn_flag(node, entries);
	p2m_state.table = P2mTable{words_at(range.start.raw()), entries};
	check_real_mode_area();
	check_memory(ram_end, order);
	p2m_state.direct = true;
	return range;
}

} // namespace xen::ppc
