// SPDX-License-Identifier: GPL-2.0
/*
 * What is decided about the hashed page table before it is used: page sizes, whether PP0
 * protects anything, and which of the hypervisor's offers are taken.
 *
 * Everything runs in real mode on the boot cpu.  What the hypervisor announces is taken at
 * its word where a lie shows by itself (bulk removal); PP0 is tried, because a kernel page
 * that should be read-only would be writable for users and nobody would notice.
 */
#include <xen/core/errno.hh>

#include "boot_glue.h"
#include "p2m.hh"
#include "pagetable.hh"
#include "translate.hh"

namespace xen::ppc {

constinit Table table{};

namespace {

/* xen_linear= on the command line. */
enum class LinearMap { ByMemory, Small, Large };

constinit LinearMap wanted_linear = LinearMap::ByMemory;

/*
 * Most RAM whose linear map is in small pages by default: foreign frames then have kernel
 * addresses, for one entry and one call for each 4 KB of RAM.
 */
constexpr u64 most_small_pages = u64{4} << (30 - page_shift);

constexpr u64 large_bytes = u64{1} << large_page_shift;
static_assert(large_bytes == P2mBlocks::block_pages << page_shift);

/* log2 of the bytes that a table may have: the architecture's bounds. */
constexpr u64 max_htab_shift = 46;
constexpr unsigned int hpte_shift = 4;

[[nodiscard]] bool same(const char *left, const char *right) noexcept
{
	for (; *left != 0 && *left == *right; ++left)
		++right;
	return *left == *right;
}

/* Is PP0 of @slot as it should be? */
[[nodiscard]] bool shows_pp0(u64 slot, bool expected) noexcept
{
	const auto [code, out] = h_read(slot);
	const HpteWords words{out[0], out[1]};

	if (code != h::success) {
		xen_glue_hpt_failed("H_READ for PP0", slot, code);
		return false;
	}
	if (words.valid() && words.pp0() == expected)
		return true;
	xen_glue_hpt_odd("the hypervisor announces pp0-kept and does not keep PP0, slot", slot);
	return false;
}

[[nodiscard]] bool protects(u64 slot, u64 protection, u64 wanted) noexcept
{
	const s64 code = h_protect(protect_flags(protection), slot, wanted);

	if (code == h::success)
		return true;
	xen_glue_hpt_failed("H_PROTECT for PP0", slot, code);
	return false;
}

/*
 * Does the hypervisor keep PP0, in H_ENTER and in H_PROTECT?  An entry of our own is made
 * in the first group, for a virtual page that Linux never uses: its VSID is 0.
 */
[[nodiscard]] bool try_pp0() noexcept
{
	constexpr u64 read_only = hpte_low::pp0 | 2;
	constexpr u64 wanted = avpn(Vpn{0}, PageSize::Small, Segment::Megabytes256);
	/* The start of memory, by the number that the hypervisor takes. */
	const HpteWords words{wanted | hpte_high::valid,
			      low_word(machine_address(PhysAddr{0}), PageSize::Small,
				       hpte_low::referenced | hpte_low::coherent | read_only)};
	const auto [code, out] = h_enter(0, 0, words);
	const u64 slot = out[0];

	if (code != h::success || slot >= pteg_size) {
		xen_glue_hpt_failed("H_ENTER for PP0", slot, code);
		return false;
	}
	const bool kept = shows_pp0(slot, true) && protects(slot, 0, wanted) &&
			  shows_pp0(slot, false) && protects(slot, read_only, wanted) &&
			  shows_pp0(slot, true);

	remove_for_good(slot, wanted);
	return kept;
}

/*
 * Are all blocks of memory such that a large page can map them?  Of one that memory fills in
 * part, as with mem= on the command line, Linux would leave the memory unmapped.
 */
[[nodiscard]] bool large_possible() noexcept
{
	for (u64 pfn = 0; pfn < boot().ram_pages; pfn += P2mBlocks::block_pages) {
		const u64 start = pfn << page_shift;

		if (xen_glue_has_memory(start, large_bytes) == 0)
			continue;
		if (xen_glue_is_memory(start, large_bytes) == 0 ||
		    (is_direct() && !p2m_state.blocks.holds(Pfn{pfn})))
			return false;
	}
	return true;
}

[[nodiscard]] bool choose_linear_map() noexcept
{
	const bool large = wanted_linear == LinearMap::ByMemory
				   ? xen_glue_memory_bytes() >> page_shift > most_small_pages
				   : wanted_linear == LinearMap::Large;

	if (!large || large_possible())
		return large;
	xen_glue_hpt_odd("memory is no whole, contiguous blocks for large pages, of", large_bytes);
	return false;
}

} // namespace

bool learn_slots() noexcept
{
	const u64 shift = xen_glue_hpt_shift();

	if (shift < min_htab_shift || shift > max_htab_shift) {
		xen_glue_hpt_odd("no usable size in the device tree, log2", shift);
		return false;
	}
	table.slots = u64{1} << (shift - hpte_shift);
	return true;
}

} // namespace xen::ppc

using namespace xen::ppc;

void xen_hpte_early() noexcept
{
	const bool large = choose_linear_map();

	table.large_linear = large;
	table.pp0 = has(Feature::Pp0Kept) && try_pp0();
	if (!table.pp0)
		xen_glue_no_kernel_ro();
	/* Linux chooses its page sizes from those left over. */
	for (int size = 0; size < XEN_MMU_PAGE_COUNT; ++size)
		if (size != XEN_MMU_PAGE_4K && !(size == XEN_MMU_PAGE_16M && large))
			xen_glue_no_page_size(size);
	if (!large)
		xen_glue_no_large_pages();
}

int xen_linear_option(char *word) noexcept
{
	if (word != nullptr && (same(word, "4k") || same(word, "4K")))
		wanted_linear = LinearMap::Small;
	else if (word != nullptr && (same(word, "16m") || same(word, "16M")))
		wanted_linear = LinearMap::Large;
	else
		return -xen::err::inval.number();
	return 0;
}

int xen_hpte_start() noexcept
{
	table.locks = !has(Feature::AtomicHpt);
	table.bulk = has(Feature::BulkRemove) && !table.locks;
	table.refused_flags = ~(usual_flags | (table.pp0 ? hpte_low::pp0 : 0));
	table.memory_end = boot().ram_pages << page_shift;
	table.p2m = p2m_state.table;
	xen_glue_hpt_found(table.large_linear ? 1 : 0, table.pp0 ? 1 : 0, table.locks ? 1 : 0,
			   table.bulk ? 1 : 0);
	return is_direct() ? 1 : 0;
}
