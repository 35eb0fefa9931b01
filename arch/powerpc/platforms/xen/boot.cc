// SPDX-License-Identifier: GPL-2.0
/*
 * The first look at the device tree: is there a Xen, and what does it keep for itself?
 *
 * Runs once, in real mode, on the boot cpu, before Linux allocates anything: what Xen
 * keeps in the guest's memory is reserved here, or it would be handed out.  The console
 * comes first, so that everything later can be read.
 *
 * Every value is the hypervisor's and is checked.  A tree that would let the kernel
 * damage memory is refused; what is only strange is reported and left unused.
 */
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include <xen/core/abi.hh>

#include <abi/p2m.hh>
#include <abi/shared_info.hh>
#include <abi/xencomm.hh>

#include "boot.hh"
#include "boot_glue.h"
#include "p2m.hh"
#include "p2m_mode.hh"
#include "p2m_tree.hh"
#include "tree_property.hh"

namespace xen::ppc {

namespace {

constinit Boot facts{};

/* Early messages: a line is one call of Xen's. */
constinit char line[120]{};
constinit unsigned int line_bytes = 0;

constexpr std::pair<const char *, Feature> feature_names[] = {
	{tree::feature_multicall, Feature::Multicall},
	{tree::feature_bulk_remove, Feature::BulkRemove},
	{tree::feature_atomic_hpt, Feature::AtomicHpt},
	{tree::feature_pp0_kept, Feature::Pp0Kept},
	{tree::feature_xencomm_area, Feature::XencommArea},
	{tree::feature_xencomm_area_multi, Feature::XencommAreaMulti},
};

constexpr u64 most_foreign_order = 50; /* of a frame number that an HPTE can hold */

/* What Linux bolts in the segment table: beyond it an interrupt's exit cannot read. */
constexpr u64 bolted_bytes = u64{256} << 20;

/* Does the string list contain @wanted?  The last string may lack its zero. */
bool contains(const Property &list, const char *wanted) noexcept
{
	u32 at = 0;

	while (at < list.bytes) {
		u32 i = 0;

		while (at + i < list.bytes && wanted[i] != 0 &&
		       list.at[at + i] == static_cast<u8>(wanted[i]))
			++i;
		const bool ends = at + i == list.bytes || list.at[at + i] == 0;

		if (ends && wanted[i] == 0)
			return true;
		while (at < list.bytes && list.at[at] != 0)
			++at;
		++at;
	}
	return false;
}

bool is_page_aligned(u64 value) noexcept
{
	return value % page_size == 0;
}

bool usable(const Range &range) noexcept
{
	return range.bytes > 0 && range.start.raw() <= ~u64{0} - range.bytes &&
	       xen_glue_is_memory(range.start.raw(), range.bytes) != 0;
}

void keep(const Range &range) noexcept
{
	const u64 first = range.start.raw() & ~(page_size - 1);
	const u64 end = (range.start.raw() + range.bytes + page_size - 1) & ~(page_size - 1);

	if (!usable(range)) {
		xen_glue_boot_odd("reserved range outside of memory, at", range.start.raw());
		return;
	}
	if (facts.nr_reserved == Boot::max_reserved)
		xen_glue_boot_refused("more reserved ranges than", Boot::max_reserved);
	if (xen_glue_reserve(first, end - first) != 0)
		xen_glue_boot_refused("cannot reserve the range at", first);
	facts.reserved[facts.nr_reserved++] = {PhysAddr{first}, end - first};
}

void find_table(int node) noexcept
{
	facts.table = p2m_read(node, Pfn{facts.ram_pages});
	if (facts.table.bytes != 0)
		keep(facts.table);
}

void find_shared_info(int node) noexcept
{
	const Property shared = property(node, tree::shared_info);
	const Range range = shared.bytes == 16 ? shared.pair(0) : Range{PhysAddr{0}, 0};

	if (!is_page_aligned(range.start.raw()) || range.start.raw() == 0 ||
	    range.bytes < sizeof(SharedInfo) || !usable(range))
		xen_glue_boot_refused("no usable /xen shared-info: ", range.start.raw());
	if (range.start.raw() >= bolted_bytes)
		xen_glue_boot_refused("/xen shared-info lies outside of the first segment:",
				      range.start.raw());
	facts.shared_info = range.start;
	keep(range);
}

void find_reserved(int node) noexcept
{
	const Property list = property(node, tree::reserved);

	if (!list.present())
		return;
	if (!list.is_pairs())
		xen_glue_boot_refused("/xen reserved is no list of pairs, bytes:", list.bytes);
	for (u32 i = 0; i < list.bytes / 16; ++i) {
		const Range range = list.pair(i);

		/* Most often these are shared_info and the table, which are kept already. */
		if (range.start == facts.shared_info && range.bytes <= page_size)
			continue;
		if (range.start != facts.table.start || range.bytes > facts.table.bytes)
			keep(range);
	}
}

void find_window(int node) noexcept
{
	const Property window = property(node, tree::foreign_map);

	if (!window.present())
		return;
	if (window.bytes != 16) {
		xen_glue_boot_odd("/xen foreign-map is no pair, bytes:", window.bytes);
		return;
	}
	const u64 order = window.number(0, 8);
	const u64 pages = window.number(8, 8);

	if (is_direct() && (order != p2m::window_order || pages % p2m::window_granule != 0)) {
		xen_glue_boot_odd("/xen foreign-map is no window of a direct domain, order", order);
		return;
	}
	if (order >= most_foreign_order || pages > u64{1} << order ||
	    u64{1} << order < facts.ram_pages) {
		xen_glue_boot_odd("/xen foreign-map overlaps memory, order", order);
		return;
	}
	facts.foreign_first = Pfn{u64{1} << order};
	facts.foreign_pages = Pages{pages};
}

void find_features(int node) noexcept
{
	const Property list = property(node, tree::features);

	for (const auto &[name, feature] : feature_names)
		if (contains(list, name))
			facts.features |= static_cast<u32>(feature);
}

/* A child with a page and a port (domU) or without (dom0). */
void find_device(const char *name, PhysAddr &page, Port &port) noexcept
{
	const int node = xen_glue_fdt_node(name);

	if (node < 0)
		return;
	const Property reg = property(node, tree::reg);
	const Property interrupts = property(node, tree::interrupts);

	if (reg.bytes == 16 && usable(reg.pair(0)) && is_page_aligned(reg.number(0, 8))) {
		page = PhysAddr{reg.number(0, 8)};
		keep({page, page_size});
	} else if (reg.present()) {
		xen_glue_boot_odd("no usable page of console or store, length of reg", reg.bytes);
	}
	if (interrupts.bytes >= 4 && interrupts.number(0, 4) < nr_ports)
		port = Port{static_cast<u32>(interrupts.number(0, 4))};
	else if (interrupts.present())
		xen_glue_boot_odd("no usable port of console or store, length", interrupts.bytes);
}

void find_domain(int node) noexcept
{
	const Property reg = property(node, tree::reg);
	const Property time = property(node, tree::start_time);

	/* A dom0's is one cell, a domU's two u64. */
	if (reg.bytes != 4 && reg.bytes != 16)
		xen_glue_boot_odd("/xen reg has an odd length:", reg.bytes);
	else if (const u64 number = reg.number(0, reg.bytes == 4 ? 4 : 8);
		 number < domid::first_reserved.raw())
		facts.domain = DomId{static_cast<u16>(number)};
	else
		xen_glue_boot_odd("/xen reg is no domain:", number);
	facts.privileged = property(node, tree::privileged).present();
	facts.initdomain = property(node, tree::initdomain).present();
	facts.power_control = property(node, tree::power_control).present();
	if (time.bytes == 8)
		facts.start_time = time.number(0, 8);
}

void flush_line() noexcept
{
	const unsigned int bytes = line_bytes;

	line_bytes = 0;
	if (bytes > 0)
		xen_console_write(line, bytes);
}

} // namespace

const Boot &boot() noexcept
{
	return facts;
}

} // namespace xen::ppc

using namespace xen::ppc;

void xen_early_init() noexcept
{
	const int node = xen_glue_fdt_node(nullptr);

	if (node < 0)
		return;
	facts.found = true;
	p2m_peek(node);
	xen_glue_on_xen();
	facts.ram_pages = xen_glue_memory_end() >> page_shift;
	find_table(node);
	find_domain(node);
	find_shared_info(node);
	find_reserved(node);
	find_window(node);
	find_features(node);
	find_device(tree::console, facts.console_page, facts.console_port);
	find_device(tree::store, facts.store_page, facts.store_port);
	p2m_check_mode();
	xen_glue_boot_found(facts.shared_info.raw(), facts.domain.raw(), facts.features,
			    facts.nr_reserved, is_direct() ? 1 : 0);
	xen_hpte_early();
}

int xen_boot_found() noexcept
{
	return facts.found ? 1 : 0;
}

void xen_udbg_putc(char c) noexcept
{
	// Other writers than the console take no lock: they may garble a line, not more.
	const unsigned int at = line_bytes < sizeof(line) ? line_bytes : 0;

	line[at] = c;
	line_bytes = at + 1;
	if (c == '\n' || at + 1 == sizeof(line))
		flush_line();
}
