// SPDX-License-Identifier: GPL-2.0
/* The trees of fake_tree.hh, and early boot's services on top of them. */
#include "fake_tree.hh"

#include <cstdio>
#include <cstdlib>

#include "boot_glue.h"
#include "fake_boot.hh"

namespace host {

Tree *tree;
void (*on_refusal)(const char *message);

std::string word(u64 value, unsigned int bytes)
{
	std::string text;

	for (unsigned int i = bytes; i-- > 0;)
		text += static_cast<char>(value >> (8 * i) & 0xff);
	return text;
}

std::string pair(u64 first, u64 second)
{
	return word(first, 8) + word(second, 8);
}

Tree Tree::with(const char *name, std::string value, const char *node) const
{
	Tree copy = *this;

	copy.nodes[node][name] = std::move(value);
	return copy;
}

Tree Tree::without(const char *name, const char *node) const
{
	Tree copy = *this;

	copy.nodes[node].erase(name);
	return copy;
}

Tree historical_tree()
{
	Tree t;

	t.memory = {{0, 0x4000000}, {0x4000000, 0x8000000}};
	t.nodes["xen"] = {{"reg", word(0, 4)},
			  {"version", std::string("Xen-3.0-unstable\0", 17)},
			  {"shared-info", pair(0x3fff000, 4096)},
			  {"reserved", pair(0x3fff000, 4096)},
			  {"privileged", ""},
			  {"initdomain", ""},
			  {"power-control", ""},
			  {"foreign-map", pair(22, 2048)}};
	t.nodes["console"] = {{"interrupts", word(0, 8)}};
	return t;
}

Tree direct_tree(const DirectPlan &plan)
{
	constexpr u64 mb = 1 << 20, hole = u64{2} << 30, block = 16 * mb, page = 4096;
	const u64 rma = plan.rma_mb * mb, all = plan.memory_mb * mb;
	const u64 below = all < hole ? all : hole, above = all - below;
	const u64 pfns = (above != 0 ? 2 * hole + above : below) / page;
	const u64 bytes = (pfns * 4 + page - 1) / page * page;
	const u64 at = (rma - page - bytes) / 0x10000 * 0x10000;
	const u64 blocks = (all - rma) / block;
	Tree t = historical_tree();

	t.memory = {{0, rma}, {rma, below - rma}, {2 * hole, above}};
	t.nodes["xen"]["shared-info"] = pair(rma - page, page);
	t.nodes["xen"]["reserved"] = pair(rma - page, page) + pair(at, bytes);
	t.nodes["xen"]["foreign-map"] = pair(30, 65536);
	t.nodes["xen"]["p2m-table"] = pair(at, bytes);
	t.nodes["xen"]["p2m-format"] = word(1, 4) + word(2, 4);
	t.nodes["xen"]["p2m-entries"] = word(pfns, 8);
	t.nodes["xen"]["p2m-contig-order"] = word(12, 4);
	t.nodes["xen"]["max-mfn"] = word(0x40000 + plan.rma_mfn + all / page, 8);
	t.nodes["xen"]["io-hole"] = pair(hole / page, hole / page);
	t.table_at = at;
	t.table.assign(bytes / 4, xen::Be<u32>{0xffffffff});
	for (u64 i = 0; i < rma / page; ++i)
		t.enter(i, static_cast<u32>(plan.rma_mfn + i));
	for (u64 i = 0; i < blocks; ++i) {
		const u64 start = rma + i * block;
		const u64 pfn = (start < hole ? start : start + hole) / page;
		const u64 mfn = 0x40000 + plan.rma_mfn + (blocks - 1 - i) * (block / page);

		for (u64 j = 0; j < block / page; ++j)
			t.enter(pfn + j, static_cast<u32>(mfn + j));
	}
	for (u64 i = hole / page; i < 2 * hole / page && i < pfns; ++i)
		t.enter(i, static_cast<u32>(0x40000000 | i));
	return t;
}

namespace {

unsigned char something[4096] = {0xc0, 0xff, 0xee};

const std::vector<std::pair<u64, u64>> &memory()
{
	static std::vector<std::pair<u64, u64>> all;

	if (tree != nullptr)
		return tree->memory;
	all = {{0, boot_facts.ram_pages << 12}};
	return all;
}

} // namespace

} // namespace host

using host::tree;

extern "C" {

[[gnu::weak]] int xen_glue_fdt_node(const char *name) noexcept
{
	int number = 0;

	for (const auto &[node, properties] : tree->nodes) {
		if (node == (name != nullptr ? name : "xen"))
			return number;
		++number;
	}
	return -1;
}

[[gnu::weak]] const void *xen_glue_fdt_property(int node, const char *name, int *bytes) noexcept
{
	auto at = tree->nodes.begin();

	std::advance(at, node);
	const auto found = at->second.find(name);

	if (found == at->second.end())
		return nullptr;
	*bytes = static_cast<int>(found->second.size());
	return found->second.data();
}

[[gnu::weak]] unsigned long xen_glue_memory_end() noexcept
{
	unsigned long end = 0;

	for (const auto &[first, size] : host::memory())
		if (size != 0 && first + size > end)
			end = first + size;
	return end;
}

[[gnu::weak]] unsigned long xen_glue_memory_bytes() noexcept
{
	unsigned long sum = 0;

	for (const auto &[first, size] : host::memory())
		sum += size;
	return sum;
}

[[gnu::weak]] int xen_glue_has_memory(unsigned long start, unsigned long bytes) noexcept
{
	for (const auto &[first, size] : host::memory())
		if (first < start + bytes && start < first + size)
			return 1;
	return 0;
}

/* Ranges that touch are one, as in memblock. */
[[gnu::weak]] int xen_glue_is_memory(unsigned long start, unsigned long bytes) noexcept
{
	for (const auto &[first, size] : host::memory()) {
		if (start < first || start - first >= size)
			continue;
		const unsigned long rest = size - (start - first);

		if (bytes <= rest)
			return 1;
		start += rest;
		bytes -= rest;
	}
	return 0;
}

[[gnu::weak]] unsigned long xen_glue_rma_end() noexcept
{
	return host::memory().front().second;
}

[[gnu::weak]] unsigned long xen_glue_kernel_end() noexcept
{
	return tree->kernel_end;
}

/* Only the table has contents; elsewhere there is a page of something. */
[[gnu::weak]] void *xen_glue_linear(unsigned long address) noexcept
{
	if (address < tree->table_at || address - tree->table_at >= 4 * tree->table.size())
		return host::something;
	return reinterpret_cast<char *>(tree->table.data()) + (address - tree->table_at);
}

[[gnu::weak]] int xen_glue_reserve(unsigned long start, unsigned long bytes) noexcept
{
	if (tree->full)
		return -12;
	tree->reserved.emplace_back(start, bytes);
	return 0;
}

[[gnu::weak]] void xen_glue_on_xen() noexcept
{
	++tree->on_xen;
}

[[gnu::weak]] void xen_glue_boot_refused(const char *why, unsigned long value) noexcept
{
	char text[200];

	std::snprintf(text, sizeof(text), "%s %#lx", why, value);
	if (host::on_refusal)
		host::on_refusal(text);
	std::fprintf(stderr, "%s\n", text);
	std::abort();
}

[[gnu::weak]] void xen_glue_boot_odd(const char *what, unsigned long) noexcept
{
	tree->odd.emplace_back(what);
}

[[gnu::weak]] void xen_glue_boot_found(unsigned long, unsigned int, unsigned int, unsigned int,
				       int direct) noexcept
{
	++tree->found;
	tree->direct = direct;
}

} // extern "C"
