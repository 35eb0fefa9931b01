/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about the device tree (ABI 2.3, 2.4; protocol 3): every property that the contract
 * names, and none of the others.
 */
#include <abi/p2m.hh>
#include <abi/tree.hh>

#include "probe/facts.hh"
#include "probe/of_tree.hh"

namespace probe {

namespace {

namespace at = abi::tree;
using tree::Node;

constexpr u32 text_room = 256;

/* text - a property as text, or "absent" */
const char *text(Node of, const char *property)
{
	static constinit char value[text_room]{};
	const s64 bytes = tree::get(of, property, value, sizeof(value) - 1);

	if (bytes < 0)
		return "absent";
	value[static_cast<u64>(bytes) < sizeof(value) ? bytes : s64{sizeof(value) - 1}] = 0;
	return value;
}

/* presence - "empty", a number of bytes, or "absent" */
void presence(const char *name, Node of, const char *property)
{
	const s64 bytes = tree::length(of, property);

	if (bytes > 0)
		fact(name, bytes, " bytes");
	else
		fact(name, bytes < 0 ? "absent" : "empty");
}

/* numbers - all cells of @cell bytes of a property */
void numbers(const char *name, Node of, const char *property, u32 cell)
{
	const s64 bytes = tree::length(of, property);

	if (bytes < 0)
		return absent(name);
	put(name);
	put(':');
	for (u32 i = 0; i * cell < static_cast<u64>(bytes); i++) {
		put(' ');
		put(hex(cell == 4 ? tree::u32_at(of, property, i) : tree::u64_at(of, property, i)));
	}
	put('\n');
}

void xen_node(Node xen)
{
	const char *version = text(xen, at::version);

	numbers("tree.xen.reg", xen, at::reg, 4);
	fact("tree.xen.version", same(version, "Xen-3.0", 7) ? "Xen-3.0" : version);
	fact("tree.xen.compatible", text(xen, at::compatible));
	numbers("tree.xen.shared-info", xen, at::shared_info, 8);
	numbers("tree.xen.reserved", xen, at::reserved, 8);
	presence("tree.xen.privileged", xen, at::privileged);
	presence("tree.xen.initdomain", xen, at::initdomain);
	presence("tree.xen.power-control", xen, at::power_control);
	numbers("tree.xen.foreign-map", xen, at::foreign_map, 8);
	presence("tree.xen.start-info", xen, "start-info");
	presence("tree.xen.mfn-flag", xen, "mfn-flag");
	presence("tree.xen.start-time", xen, at::start_time);
	numbers("tree.xen.console.interrupts", tree::find("/xen/console"), at::interrupts, 8);
	presence("tree.xen.console.reg", tree::find("/xen/console"), "reg");
}

void features()
{
	fact("tree.feature.multicall", has(at::feature_multicall));
	fact("tree.feature.bulk-remove", has(at::feature_bulk_remove));
	fact("tree.feature.atomic-hpt", has(at::feature_atomic_hpt));
	fact("tree.feature.pp0-kept", has(at::feature_pp0_kept));
	fact("tree.feature.xencomm-area", has(at::feature_xencomm_area));
	fact("tree.feature.xencomm-area-multi", has(at::feature_xencomm_area_multi));
}

/* p2m - its properties, and what the table holds at the start */
void p2m(Node xen)
{
	numbers("tree.p2m.table", xen, at::p2m_table, 8);
	numbers("tree.p2m.format", xen, at::p2m_format, 4);
	numbers("tree.p2m.entries", xen, at::p2m_entries, 8);
	numbers("tree.p2m.contig-order", xen, at::p2m_contig_order, 4);
	numbers("tree.p2m.io-hole", xen, at::io_hole, 8);
	if (!direct_mode()) {
		absent("tree.p2m.max-mfn");
		absent("tree.p2m.rma");
		absent("tree.p2m.rest");
		return absent("tree.p2m.outside");
	}

	const u64 first = frame_number(0), rma_pages = rma_bytes() / page_bytes;
	const u64 end = memory_bytes() / page_bytes;
	const u64 max = tree::u64_at(xen, at::max_mfn, 0);
	bool whole = first % rma_pages == 0, runs = true, inside = true;

	for (u64 pfn = 0; pfn < end; pfn++) {
		const u64 run = pfn < rma_pages ? 0 : pfn & ~u64{0xfff};

		inside = inside && frame_number(pfn) < max;
		if (frame_number(pfn) != frame_number(run) + pfn - run)
			(pfn < rma_pages ? whole : runs) = false;
		if (pfn >= rma_pages && pfn == run && frame_number(pfn) % 4096)
			runs = false;
	}
	fact("tree.p2m.max-mfn", max == static_cast<u64>(xen_call(abi::XenCall::MemoryOp, 2))
					 ? "maximum_ram_page"
					 : "another");
	fact("tree.p2m.rma", whole ? "contiguous and aligned" : "scattered");
	fact("tree.p2m.rest", runs ? "runs of 16 MB" : "scattered");
	fact("tree.p2m.outside", inside ? "none" : "frame beyond max-mfn");
}

/* children_named - how many children have this name before any unit address */
u32 children_named(Node of, const char *name)
{
	char own[64];
	u32 count = 0;

	for (Node n = tree::child(of); n != tree::none; n = tree::peer(n)) {
		tree::name(n, own, sizeof(own));
		count += same(own, name, length(name)) &&
			 (own[length(name)] == 0 || own[length(name)] == '@');
	}
	return count;
}

void memory()
{
	u32 count = 0;
	char own[64];

	fact("tree.memory.nodes", children_named(tree::root(), "memory"));
	for (Node n = tree::child(tree::root()); n != tree::none; n = tree::peer(n)) {
		tree::name(n, own, sizeof(own));
		if (!same(own, "memory", 6))
			continue;
		put("tree.memory.");
		put(count++);
		put(": ");
		put(own);
		put(' ');
		put(hex(tree::u64_at(n, "reg", 0)));
		put(' ');
		put(hex(tree::u64_at(n, "reg", 1)));
		put('\n');
	}
}

void cpus()
{
	const Node cpus = tree::find("/cpus"), cpu = cpu_node();
	u32 count = 0;

	for (Node n = tree::child(cpus); n != tree::none; n = tree::peer(n))
		count += same(text(n, "device_type"), "cpu");
	fact("tree.cpus.nodes", count);
	numbers("tree.cpus.address-cells", cpus, "#address-cells", 4);
	numbers("tree.cpus.size-cells", cpus, "#size-cells", 4);
	presence("tree.cpus.smp-enabled", cpus, "smp-enabled");
	numbers("tree.cpu.pft-size", cpu, "ibm,pft-size", 4);
	fact("tree.cpu.timebase",
	     tree::u32_at(cpu, "timebase-frequency", 0, 0) ? "present" : "absent");
	presence("tree.cpu.cpu#", cpu, "cpu#");
}

void others()
{
	const Node root = tree::root(), chosen = tree::find("/chosen");
	const Node prom = tree::find("/openprom");

	numbers("tree.root.partition-no", root, "ibm,partition-no", 4);
	fact("tree.root.partition-name", text(root, "ibm,partition-name"));
	numbers("tree.root.address-cells", root, "#address-cells", 4);
	numbers("tree.root.size-cells", root, "#size-cells", 4);
	fact("tree.openprom.model", text(prom, "model"));
	fact("tree.openprom.fw-vernum", text(prom, "ibm,fw-vernum_encoded"));
	presence("tree.openprom.relative-addressing", prom, "relative-addressing");
	fact("tree.options.auto-boot?", text(tree::find("/options"), "auto-boot?"));
	fact("tree.chosen.bootpath", tree::length(chosen, "bootpath") <= 1 ? "empty" : "not empty");
	fact("tree.rtas", tree::find("/rtas") == tree::none ? "absent" : "present");
	fact("tree.dart", tree::find("/dart") == tree::none ? "absent" : "present");
	fact("tree.vty", tree::find("/vdevice/vty@0") == tree::none ? "absent" : "present");
}

/* flat start: the reserve map, and what the tools wrote besides */
void flat_only()
{
	u32 n = 0;

	if (of_start())
		return;
	for (flat::Range range = flat::reserved(0); range.bytes; range = flat::reserved(++n)) {
		put("tree.reserve.");
		put(n);
		put(": ");
		put(hex(range.start));
		put(' ');
		put(hex(range.bytes));
		put('\n');
	}
	fact("tree.reserve.count", n);
	fact("tree.chosen.stdout-path", text(tree::find("/chosen"), "linux,stdout-path"));
}

} // namespace

void facts_tree()
{
	const Node xen = tree::find(at::node_path);

	xen_node(xen);
	features();
	p2m(xen);
	memory();
	cpus();
	others();
	flat_only();
}

} // namespace probe
