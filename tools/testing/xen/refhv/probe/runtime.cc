/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The start of a probe, and what it knows of its domain: mode, features, memory, time.
 *
 * Everything is read from the tree once, before the first line: in direct mode not even
 * the console works without the p2m table (protocol 4).
 */
#include <abi/p2m.hh>
#include <abi/tree.hh>

#include "probe/cpu.hh"

namespace probe {

extern "C" {
Cpu probe_cpus[MAX_VCPUS];
}

namespace {

constexpr u64 pool_pages = 512;
alignas(page_bytes) u8 pool[pool_pages * page_bytes];

struct Known {
	tree::Node xen;
	u64 shared_info, rma, memory, hz;
	abi::p2m::Entry *p2m;
	u64 p2m_entries;
	u64 rma_number; /* what hypercalls take for pfn 0; the real-mode area is one run */
	u64 pages_used;
	char args[256];
	bool no_feature;
};
constinit Known known{};

void read_memory()
{
	static constinit char type[16]{};

	for (tree::Node n = tree::child(tree::root()); n != tree::none; n = tree::peer(n)) {
		fill(type, 0, sizeof(type));
		if (tree::get(n, "device_type", type, sizeof(type) - 1) < 0 ||
		    !same(type, "memory"))
			continue;
		if (tree::u64_at(n, "reg", 0) == 0)
			known.rma = tree::u64_at(n, "reg", 1);
		known.memory += tree::u64_at(n, "reg", 1);
	}
}

} // namespace

tree::Node cpu_node()
{
	static constinit char type[16]{};

	for (tree::Node n = tree::child(tree::find("/cpus")); n != tree::none; n = tree::peer(n)) {
		fill(type, 0, sizeof(type));
		if (tree::get(n, "device_type", type, sizeof(type) - 1) >= 0 && same(type, "cpu"))
			return n;
	}
	return tree::none;
}

void read_tree()
{
	known.xen = tree::find(abi::tree::node_path);
	if (known.xen == tree::none)
		for (;;)
			; /* not Xen: there is nobody to tell */
	known.shared_info = tree::u64_at(known.xen, abi::tree::shared_info, 0);
	known.no_feature = tree::length(known.xen, abi::tree::features) <= 0;
	if (tree::length(known.xen, abi::tree::p2m_table) >= 0) {
		known.p2m = reinterpret_cast<abi::p2m::Entry *>(
			tree::u64_at(known.xen, abi::tree::p2m_table, 0));
		known.p2m_entries = tree::u64_at(known.xen, abi::tree::p2m_entries, 0);
	}
	known.rma_number = frame_number(0);
	read_memory();
	known.hz = tree::u32_at(cpu_node(), "timebase-frequency", 0, 0);
	tree::get(tree::find("/chosen"), "bootargs", known.args, sizeof(known.args) - 1);
	if (!known.hz)
		fail("no timebase-frequency");
	if (!known.rma)
		fail("no memory at 0");
}

bool of_start()
{
	return probe_entry.gpr[5] != 0;
}

bool direct_mode()
{
	return known.p2m != nullptr;
}

bool has(const char *feature)
{
	return tree::has_string(known.xen, abi::tree::features, feature);
}

bool historical()
{
	return known.no_feature;
}

const char *bootargs()
{
	return known.args;
}

bool option(const char *word)
{
	const u64 bytes = length(word);

	for (const char *p = known.args; *p;) {
		u64 n = 0;

		while (p[n] && p[n] != ' ')
			n++;
		if (n == bytes && same(p, word, n))
			return true;
		p += n;
		while (*p == ' ')
			p++;
	}
	return false;
}

u8 *pages(u64 count)
{
	u8 *at = pool + known.pages_used * page_bytes;

	if (count > pool_pages - known.pages_used)
		fail("probe is out of pages", count);
	known.pages_used += count;
	fill(at, 0, count * page_bytes);
	return at;
}

u8 *page()
{
	return pages(1);
}

bool pool_was_zero()
{
	for (u64 i = known.pages_used * page_bytes / 8; i < sizeof(pool) / 8; i++)
		if (reinterpret_cast<const volatile u64 *>(pool)[i])
			return false;
	return true;
}

u64 rma_bytes()
{
	return known.rma;
}

u64 memory_bytes()
{
	return known.memory;
}

u64 high_pfn(u64 index)
{
	u64 left = index;

	for (tree::Node n = tree::child(tree::root()); n != tree::none; n = tree::peer(n)) {
		const u64 start = tree::u64_at(n, "reg", 0), bytes = tree::u64_at(n, "reg", 1);
		char type[16]{};

		if (tree::get(n, "device_type", type, sizeof(type) - 1) < 0 ||
		    !same(type, "memory") || start == 0)
			continue;
		if (left < bytes / page_bytes)
			return start / page_bytes + left;
		left -= bytes / page_bytes;
	}
	return ~u64{0};
}

u64 pfn_of(const volatile void *at)
{
	return reinterpret_cast<u64>(at) / page_bytes;
}

u64 frame_number(u64 pfn)
{
	if (!direct_mode())
		return pfn;
	if (pfn >= known.p2m_entries)
		return ~u64{0};
	const u32 entry = known.p2m[pfn].load();

	return entry == abi::p2m::invalid ? ~u64{0} : abi::p2m::FrameField::get(entry);
}

void set_frame_number(u64 pfn, u64 number)
{
	if (direct_mode() && pfn < known.p2m_entries)
		known.p2m[pfn].store(static_cast<u32>(number));
}

u64 address_of(const volatile void *at)
{
	/* Not by the table, which translated mode does not reach. */
	return known.rma_number * page_bytes + reinterpret_cast<u64>(at);
}

volatile abi::SharedInfo &shared_info()
{
	return *reinterpret_cast<volatile abi::SharedInfo *>(known.shared_info);
}

u64 descriptor_at(void *where, const u64 *address, u32 count)
{
	auto *words = static_cast<u32 *>(where);
	auto *addresses = static_cast<u64 *>(where) + 1;

	words[0] = abi::xencomm_magic;
	words[1] = count;
	for (u32 i = 0; i < count; i++)
		addresses[i] = address[i];
	asm volatile("" ::: "memory");
	return address_of(where);
}

u64 describe(const volatile void *at, u64 bytes)
{
	auto *where = reinterpret_cast<u64 *>(page());
	u64 next = reinterpret_cast<u64>(at);
	const u64 end = next + bytes;
	u32 count = 0;

	for (; next < end; next = (next | (page_bytes - 1)) + 1, count++) {
		if (count == abi::max_addrs_in_page)
			fail("descriptor is too long", bytes);
		where[1 + count] = address_of(reinterpret_cast<const void *>(next));
	}
	return descriptor_at(where, where + 1, count);
}

s64 xen_call(u32 number, u64 a, u64 b, u64 c, u64 d, u64 e)
{
	Regs regs{abi::xen_mark | number, a, b, c, d, e, 0, 0, 0};

	probe_sc1(&regs);
	return static_cast<s64>(regs.r3);
}

Regs papr(u64 token, u64 a, u64 b, u64 c, u64 d)
{
	Regs regs{token, a, b, c, d, 0, 0, 0, 0};

	probe_sc1(&regs);
	return regs;
}

u64 timebase_hz()
{
	return known.hz;
}

u64 xen_ns()
{
	return timebase() * (1'000'000'000 / known.hz);
}

u64 ticks_of_us(u64 us)
{
	return us * known.hz / 1'000'000;
}

void spin_us(u64 us)
{
	const u64 end = timebase() + ticks_of_us(us);

	while (timebase() < end)
		;
}

/* The first C++ on vcpu 0; EE is off. */
extern "C" void probe_start()
{
	read_tree();
	set_dec(dec_never);
	probe_main();
	power_off();
}

} // namespace probe
