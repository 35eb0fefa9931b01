/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The layout of a domain (ABI 2.1, 2.4; protocol 2): numbers only, no memory is touched.
 *
 * Kernel and initrd lie below 32 MB, where the firmware starts; the flat tree lies at
 * 33 MB; the p2m table ends below the special pages at the RMA's end and never begins
 * below 34 MB, which leaves the firmware's megabyte and one of slack.
 */
#include <abi/elfnote.hh>
#include <abi/p2m.hh>

#include <bit>

#include "dom/build.hh"
#include "dom/firmware.hh"

namespace refhv {

namespace {

constexpr u64 megabyte = 1 << 20;
constexpr u64 translated_limit = io_hole_first << page_shift;
constexpr u64 largest_rma = 256 * megabyte;
constexpr u64 table_floor = 0x02200000;
constexpr u64 least_hpt = 1 << 18;
static_assert(flat_tree + tree_room <= table_floor);

/* memory_bytes - not less than the RMA, and a multiple of a large page */
u64 memory_bytes(const BuildRequest &request, u64 rma)
{
	const u64 asked = request.mem_mb * megabyte;

	return round_up(asked < rma ? rma : asked, large_bytes);
}

/* place_table - memory with the guest's p2m in an RMA of @rma bytes; false if that does not fit */
bool place_table(const BuildRequest &request, Plan &plan, u64 rma)
{
	const u64 top = rma - page_bytes; /* shared_info */

	plan.mem_bytes = memory_bytes(request, rma);
	plan.pfns = plan.mem_bytes >> page_shift;
	if (plan.pfns > io_hole_first)
		plan.pfns += io_hole_pages;
	plan.table_bytes = round_up(plan.pfns * sizeof(xen::ppc::p2m::Entry), page_bytes);
	if (plan.table_bytes > top - table_floor)
		return false;
	plan.table = (top - plan.table_bytes) & ~(xen::ppc::p2m::base_align - 1);
	return plan.table >= table_floor;
}

/* plan_direct - with the smallest RMA that has room for the table; else a note why not */
void plan_direct(const BuildRequest &request, const Image &image, Plan &plan)
{
	if (!(image.modes & xen::ppc::ppc_mode::direct)) {
		plan.note = "kernel does not announce direct mode: translated";
		return;
	}
	plan.note = "p2m table does not fit the real-mode area: translated";
	for (u64 rma = plan.rma_bytes; rma <= largest_rma && !plan.direct; rma *= 2) {
		if (!place_table(request, plan, rma))
			continue;
		plan.note =
			rma == plan.rma_bytes ? nullptr : "p2m table needs a larger real-mode area";
		plan.rma_bytes = rma;
		plan.direct = true;
	}
}

} // namespace

const char *plan_domain(const BuildRequest &request, const Image &image, Plan &plan)
{
	const u64 initrd = round_up(image.high, page_bytes);
	const u64 image_end = request.initrd.bytes ? initrd + request.initrd.bytes : image.high;

	plan = {};
	plan.rma_bytes = request.rma_mb * megabyte;
	plan.initrd = request.initrd.bytes ? initrd : 0;
	if (request.rma_mb != 64 && request.rma_mb != 128 && request.rma_mb != 256)
		return "real-mode area is none of 64, 128, 256 MB";
	if (request.mem_mb > 1 << 20)
		return "more than 1 TB of memory";
	if (request.initrd.bytes > firmware::entry || image_end > firmware::entry)
		return "kernel and initrd do not end below 32 MB";
	if (request.mode == Mode::Direct && options.historical)
		return "mode=direct and quirks=historical: there was no direct mode";

	/* Other domains stay translated, whatever dom0 is (protocol 1). */
	if (request.mode == Mode::Direct && request.privileged)
		plan_direct(request, image, plan);
	if (!plan.direct) {
		if (!(image.modes & xen::ppc::ppc_mode::translated))
			return "kernel cannot run translated";
		plan.mem_bytes = memory_bytes(request, plan.rma_bytes);
		if (plan.mem_bytes > translated_limit) {
			plan.mem_bytes = translated_limit;
			if (!plan.note)
				plan.note = "memory is limited to the 2 GB below the I/O hole";
		}
		plan.pfns = plan.mem_bytes >> page_shift;
		plan.table = plan.table_bytes = 0;
	}

	const u64 hpt = std::bit_ceil(plan.mem_bytes / 64);
	plan.hpt_log2 = static_cast<u32>(std::countr_zero(hpt < least_hpt ? least_hpt : hpt));
	return nullptr;
}

} // namespace refhv
