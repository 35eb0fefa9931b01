/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A domain's device tree: dom0's as the historical firmware or a flat start has it, any
 * other domain's as the tools built it (ABI 2.3, 2.4; protocol 3).
 *
 * Written front to back, so that nodes and properties stand in the order of this file.
 * A tree for the client interface is opened afterwards: properties may then be added.
 */
#include "dom/tree.hh"

#include <libfdt.h>

#include <abi/p2m.hh>
#include <abi/tree.hh>

#include <bit>

#include "dom/firmware.hh"
#include "machine/cpu.hh"
#include "mm/frames.hh"

namespace refhv {

namespace {

namespace name = xen::ppc::tree;

constexpr u32 power5 = 0x0f000001; /* cpu-version: architected level nearest to a 970 */
constexpr u32 line_bytes = 128, cache_bytes = 0x8000, core_hz = 1'000'000'000;

/* The sequential writer with its first error; after one nothing is written any more. */
class Writer {
public:
	Writer(void *into, u64 room, bool names) : fdt_(into), names_(names)
	{
		run(fdt_create, static_cast<int>(room));
	}
	[[nodiscard]] int error() const { return error_; }
	/* run - a function of libfdt with the tree as its first argument */
	template <class F, class... T> void run(F *function, T... argument)
	{
		if (!error_)
			error_ = function(fdt_, argument...);
	}
	/* begin - open node @node, with @unit behind an @ unless that is none; its package */
	u32 begin(const char *node, u64 unit = all_ones)
	{
		char full[32];
		u32 n = 0;

		for (; node[n]; n++)
			full[n] = node[n];
		if (unit != all_ones) {
			full[n++] = '@';
			for (int shift = unit ? (63 - std::countl_zero(unit)) & ~3 : 0; shift >= 0;
			     shift -= 4)
				full[n++] = "0123456789abcdef"[(unit >> shift) & 15];
		}
		full[n] = 0;
		run(fdt_begin_node, full);
		if (names_)
			text("name", node);
		return ++packages_;
	}
	void end() { run(fdt_end_node); }
	void bytes(const char *property, const void *data, u64 count)
	{
		run(fdt_property, property, data, static_cast<int>(count));
	}
	void empty(const char *property) { bytes(property, "", 0); }
	void text(const char *property, const char *value)
	{
		bytes(property, value, __builtin_strlen(value) + 1);
	}
	template <class... T> void cells(const char *property, T... value)
	{
		const Be<u32> cell[] = {Be<u32>{static_cast<u32>(value)}...};

		bytes(property, cell, sizeof(cell));
	}
	template <class... T> void pairs(const char *property, T... value)
	{
		const Be<u64> cell[] = {Be<u64>{static_cast<u64>(value)}...};

		bytes(property, cell, sizeof(cell));
	}

private:
	void *fdt_;
	bool names_;
	u32 packages_ = 0;
	int error_ = 0;
};

u64 table_at(const Domain &dom)
{
	return dom.p2m.table.raw() << page_shift;
}

u64 table_bytes(const Domain &dom)
{
	return round_up(dom.p2m.entries * sizeof(xen::ppc::p2m::Entry), page_bytes);
}

u64 shared_info_at(const Domain &dom)
{
	return dom.rma_bytes - page_bytes;
}

/* @console, @cpu: packages, of which the client interface has instances */
void write_chosen(Writer &to, const TreeRequest &request, u32 console, u32 cpu)
{
	to.begin("chosen");
	to.text("bootargs", request.command_line);
	/* The historical firmware said no more of the initrd than r3. */
	if (request.initrd_end && (request.flat || !options.historical)) {
		to.pairs("linux,initrd-start", request.initrd_start);
		to.pairs("linux,initrd-end", request.initrd_end);
	}
	if (request.dom.privileged)
		to.text("bootpath", "");
	if (request.flat) {
		to.text("linux,stdout-path", "/xen/console");
	} else {
		to.cells("stdin", console | firmware::instance);
		to.cells("stdout", console | firmware::instance);
		to.cells("cpu", cpu | firmware::instance);
		to.cells("mmu", cpu | firmware::instance);
	}
	if (!request.dom.privileged) {
		to.cells("cpu", 0);
		to.cells("memory", 2);
		to.cells("interrupt-controller", 1);
	}
	to.end();
}

void write_features(Writer &to)
{
	const char *const feature[] = {
		name::feature_multicall,
		name::feature_bulk_remove,
		name::feature_pp0_kept,
		name::feature_xencomm_area,
		name::feature_xencomm_area_multi,
		options.race == Race::Hpt ? nullptr : name::feature_atomic_hpt,
	};
	char list[160];
	u64 n = 0;

	if (options.historical)
		return;
	for (const char *each : feature)
		for (bool end = !each; !end; n++, each++)
			end = !(list[n] = *each);
	to.bytes(name::features, list, n);
}

void write_direct(Writer &to, const Domain &dom)
{
	namespace p2m = xen::ppc::p2m;

	to.pairs(name::p2m_table, table_at(dom), table_bytes(dom));
	to.cells(name::p2m_format, p2m::format_version, p2m::format_entry_order);
	to.pairs(name::p2m_entries, dom.p2m.entries);
	to.cells(name::p2m_contig_order, p2m::default_contig_order);
	to.pairs(name::max_mfn, frames::count());
	to.pairs(name::io_hole, io_hole_first, io_hole_pages);
	to.pairs(name::reserved, shared_info_at(dom), page_bytes, table_at(dom), table_bytes(dom));
}

void write_privileged(Writer &to, const Domain &dom)
{
	to.cells(name::reg, dom.id.raw());
	to.text(name::version, options.historical ? "Xen-3.0-unstable" : "Xen-3.0-refhv");
	to.empty(name::privileged);
	to.empty(name::initdomain);
	to.empty(name::power_control);
	to.pairs(name::foreign_map, std::countr_zero(p2m::window_base(dom)),
		 p2m::window_pages(dom));
	if (dom.direct)
		write_direct(to, dom);
	else
		to.pairs(name::reserved, shared_info_at(dom), page_bytes);
	if (const u64 start = options.historical ? 0 : board::rtc_seconds())
		to.pairs(name::start_time, start);
}

/* write_ring - the page with the @below-th number under shared_info */
void write_ring(Writer &to, const Domain &dom, u64 below, u32 port)
{
	to.pairs(name::reg, shared_info_at(dom) - below * page_bytes, page_bytes);
	to.cells(name::interrupts, port, 0);
	to.end();
}

/* write_xen - returns the console's package */
u32 write_xen(Writer &to, const Domain &dom)
{
	to.begin(name::node);
	to.pairs(name::shared_info, shared_info_at(dom), page_bytes);
	write_features(to);
	if (dom.privileged) {
		write_privileged(to, dom);
	} else {
		to.text(name::compatible, "Xen-3.0-unstable");
		to.pairs(name::reg, dom.id.raw(), 0);
		to.cells("linux,phandle", 1);
		to.begin(name::store);
		write_ring(to, dom, 2, tree::store_port);
	}
	const u32 console = to.begin(name::console);
	if (dom.privileged) {
		to.pairs(name::interrupts, 0);
		to.end();
	} else {
		write_ring(to, dom, 1, tree::console_port);
	}
	to.end();
	return console;
}

void write_memory(Writer &to, const Domain &dom)
{
	const u64 all = dom.max_pages << page_shift, hole = io_hole_first << page_shift;
	const u64 low = dom.direct && all > hole ? hole : all;
	const u64 after = hole + (io_hole_pages << page_shift);
	const struct {
		u64 at, bytes;
	} part[] = {{0, dom.rma_bytes}, {dom.rma_bytes, low - dom.rma_bytes}, {after, all - low}};

	for (const auto &[at, bytes] : part) {
		if (!bytes)
			continue;
		to.begin("memory", at);
		to.text("device_type", "memory");
		to.pairs("reg", at, bytes);
		if (!at && !dom.privileged)
			to.cells("linux,phandle", 2);
		to.end();
	}
}

u32 write_cpu(Writer &to, const Domain &dom, u32 number)
{
	const u32 package = to.begin("cpu", number);

	to.text("device_type", "cpu");
	to.cells("reg", number);
	to.text("status", "okay");
	to.cells("cpu-version", power5);
	to.cells("clock-frequency", core_hz);
	to.cells("timebase-frequency", cpu::timebase_hz());
	for (const char *line :
	     {"d-cache-line-size", "i-cache-line-size", "d-cache-block-size", "i-cache-block-size"})
		to.cells(line, line_bytes);
	to.cells("d-cache-size", cache_bytes);
	to.cells("i-cache-size", cache_bytes);
	to.cells("slb-size", 32);
	to.empty("64-bit");
	to.cells("ibm,pft-size", 0, dom.hpt.log2_bytes);
	/* The tools left the host's own "ibm," properties out. */
	if (dom.privileged) {
		to.cells("ibm,ppc-interrupt-server#s", number);
		to.cells("ibm,vmx", 1);
	} else {
		to.cells("linux,phandle", 0);
	}
	to.end();
	return package;
}

/* write_cpus - returns the boot cpu's package */
u32 write_cpus(Writer &to, const TreeRequest &request)
{
	to.begin("cpus");
	to.cells("#address-cells", 1);
	to.cells("#size-cells", request.flat ? 0 : 1);
	to.empty("smp-enabled");
	const u32 boot_cpu = write_cpu(to, request.dom, 0);
	for (u32 i = 1; request.flat && request.dom.privileged && i < request.dom.nr_vcpus; i++)
		write_cpu(to, request.dom, i);
	to.end();
	return boot_cpu;
}

void write_reservations(Writer &to, const TreeRequest &request)
{
	const Domain &dom = request.dom;
	const struct {
		u64 at, bytes;
	} range[] = {
		{shared_info_at(dom), page_bytes},
		{table_at(dom), dom.direct ? table_bytes(dom) : 0},
		{shared_info_at(dom) - 2 * page_bytes, dom.privileged ? 0 : 2 * page_bytes},
		{request.initrd_start, request.initrd_end - request.initrd_start},
	};

	for (const auto &[at, bytes] : range)
		if (request.flat && bytes)
			to.run(fdt_add_reservemap_entry, at, bytes);
	to.run(fdt_finish_reservemap);
}

void write_root(Writer &to, const TreeRequest &request)
{
	const Domain &dom = request.dom;

	to.begin("");
	to.cells("#address-cells", 2);
	to.cells("#size-cells", 2);
	to.text("device_type", dom.privileged ? "chrp" : "chrp-but-not-really");
	to.text("model", dom.privileged ? "Xen,refhv" : "Momentum,Maple-D");
	to.text("compatible", dom.privileged ? "Xen,refhv" : "Momentum,Maple");
	if (dom.privileged) {
		to.cells("ibm,partition-no", dom.id.raw());
		to.text("ibm,partition-name", "dom0");
		to.begin("openprom");
		to.text("model", "IBM,XenOF0.1");
		to.text("ibm,fw-vernum_encoded", "IBM,XenOF0.1");
		to.empty("relative-addressing");
		to.end();
		to.begin("options");
		to.text("auto-boot?", "true");
		if (!request.flat) {
			to.text("real-base", "0x2000000");
			to.text("real-size", "0x100000");
		}
		to.end();
	}
	const u32 console = write_xen(to, dom);
	write_memory(to, dom);
	const u32 boot_cpu = write_cpus(to, request);
	write_chosen(to, request, console, boot_cpu);
	to.end();
}

} // namespace

const char *tree::build(const TreeRequest &request, void *into, u64 room)
{
	Writer to(into, room, !request.flat);

	write_reservations(to, request);
	write_root(to, request);
	to.run(fdt_finish);
	if (!request.flat)
		to.run(fdt_open_into, into, static_cast<int>(room));
	return to.error() ? "device tree does not fit" : nullptr;
}

} // namespace refhv
