// SPDX-License-Identifier: GPL-2.0
/*
 * The early scan of the device tree: good trees of either hypervisor, and bad ones.
 *
 * A tree is a map of properties here; memory is a list of ranges, and what is reserved
 * is written down.  A refusal, after which the kernel would not go on, ends the process.
 */
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "boot.hh"
#include "boot_glue.h"

namespace {

using namespace xen::ppc;

struct Machine {
	std::map<std::string, std::map<std::string, std::string>> nodes;
	std::vector<std::pair<u64, u64>> memory, reserved;
	std::vector<std::string> odd, console;
	unsigned int on_xen = 0, hpte_early = 0, found = 0;
	bool full = false; /* nothing more can be reserved */
};

Machine *machine;

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

/* A dom0 as the historical hypervisor describes it. */
Machine historical()
{
	Machine m;

	m.memory = {{0, 0x4000000}, {0x4000000, 0x8000000}};
	m.nodes["xen"] = {{"reg", word(0, 4)},
			  {"version", std::string("Xen-3.0-unstable\0", 17)},
			  {"shared-info", pair(0x3fff000, 4096)},
			  {"reserved", pair(0x3fff000, 4096)},
			  {"privileged", ""},
			  {"initdomain", ""},
			  {"power-control", ""},
			  {"foreign-map", pair(22, 2048)}};
	m.nodes["console"] = {{"interrupts", word(0, 8)}};
	return m;
}

/*
 * The unit keeps what it found, so each tree is scanned in a process of its own, whose
 * exit status is the verdict: 0 if all holds, 2 after a refusal.
 */
constexpr int refused_status = 2;

#define SCAN(tree, ...)                                                                        \
	EXPECT_EXIT(                                                                           \
		{                                                                              \
			Machine m = tree;                                                      \
			machine = &m;                                                          \
			bool ok = true;                                                        \
			const auto expect = [&ok](bool holds, const char *what) {              \
				if (!holds)                                                    \
					std::fprintf(stderr, "not so: %s\n", what);            \
				ok = ok && holds;                                              \
			};                                                                     \
			xen_early_init();                                                      \
			__VA_ARGS__                                                            \
			std::_Exit(ok ? 0 : 1);                                                \
		},                                                                             \
		::testing::ExitedWithCode(0), "")
#define REFUSED(tree, message)                                                                 \
	EXPECT_EXIT(                                                                           \
		{                                                                              \
			Machine m = tree;                                                      \
			machine = &m;                                                          \
			xen_early_init();                                                      \
			std::_Exit(0);                                                         \
		},                                                                             \
		::testing::ExitedWithCode(refused_status), message)
#define HOLDS(condition) expect(condition, #condition)

Machine with(Machine m, const char *node, const char *name, std::string value)
{
	m.nodes[node][name] = std::move(value);
	return m;
}

Machine without(Machine m, const char *node, const char *name)
{
	m.nodes[node].erase(name);
	return m;
}

TEST(Boot, leaves_other_machines_alone)
{
	SCAN(Machine{}, {
		HOLDS(!boot().found);
		HOLDS(m.on_xen == 0 && m.hpte_early == 0 && m.reserved.empty());
	});
}

TEST(Boot, reads_the_historical_tree)
{
	SCAN(historical(), {
		HOLDS(boot().found && boot().privileged && boot().initdomain && boot().power_control);
		HOLDS(boot().domain == xen::DomId{0} && boot().features == 0);
		HOLDS(boot().shared_info == xen::PhysAddr{0x3fff000});
		HOLDS(boot().ram_pages == 0xc000);
		HOLDS(boot().foreign_first == xen::Pfn{1 << 22});
		HOLDS(boot().foreign_pages == xen::Pages{2048});
		HOLDS(boot().start_time == 0 && boot().console_port == xen::Port{0});
		HOLDS(m.reserved == (std::vector<std::pair<u64, u64>>{{0x3fff000, 0x1000}}));
		HOLDS(m.on_xen == 1 && m.found == 1 && m.hpte_early == 1 && m.odd.empty());
	});
}

TEST(Boot, reads_features_by_their_whole_names)
{
	SCAN(with(historical(), "xen", "features",
		  std::string("atomic-hptx\0bulk-remove\0multi\0xencomm-area-multi", 49)),
	     {
		     HOLDS(boot().features == (static_cast<u32>(Feature::BulkRemove) |
					       static_cast<u32>(Feature::XencommAreaMulti)));
		     HOLDS(has(Feature::BulkRemove) && !has(Feature::AtomicHpt) &&
			   !has(Feature::Multicall) && !has(Feature::XencommArea));
	     });
}

TEST(Boot, reserves_every_pair_once_in_whole_pages)
{
	SCAN(with(historical(), "xen", "reserved",
		  pair(0x3fff000, 4096) + pair(0x2000010, 0x1000) + pair(0x5000000, 1)),
	     {
		     HOLDS(m.reserved == (std::vector<std::pair<u64, u64>>{
						 {0x3fff000, 0x1000}, {0x2000000, 0x2000}, {0x5000000, 0x1000}}));
		     HOLDS(boot().nr_reserved == 3);
	     });
}

TEST(Boot, reads_the_tree_of_a_domu)
{
	Machine domu = historical();

	domu.nodes["xen"]["reg"] = pair(7, 0);
	domu.nodes["console"] = {{"reg", pair(0x3ffe000, 4096)}, {"interrupts", word(5, 4) + word(0, 4)}};
	domu.nodes["store"] = {{"reg", pair(0x3ffd000, 4096)}, {"interrupts", word(6, 4) + word(0, 4)}};
	SCAN(domu, {
		HOLDS(boot().domain == xen::DomId{7});
		HOLDS(boot().console_port == xen::Port{5} && boot().store_port == xen::Port{6});
		HOLDS(boot().console_page == xen::PhysAddr{0x3ffe000});
		HOLDS(boot().store_page == xen::PhysAddr{0x3ffd000});
		HOLDS(m.reserved.size() == 3);
	});
}

TEST(Boot, knows_the_start_time)
{
	SCAN(with(historical(), "xen", "start-time", word(1790000000, 8)),
	     { HOLDS(boot().start_time == 1790000000); });
}

TEST(Boot, refuses_a_shared_info_that_it_cannot_use)
{
	REFUSED(without(historical(), "xen", "shared-info"), "shared-info");
	REFUSED(with(historical(), "xen", "shared-info", pair(0x3fff008, 4096)), "shared-info");
	REFUSED(with(historical(), "xen", "shared-info", pair(0x3fff000, 2583)), "shared-info");
	REFUSED(with(historical(), "xen", "shared-info", pair(0xc000000, 4096)), "shared-info");
	REFUSED(with(historical(), "xen", "shared-info", pair(~0xfffull, 4096)), "shared-info");
	REFUSED(with(historical(), "xen", "shared-info", pair(0, 4096)), "shared-info");
	REFUSED(with(historical(), "xen", "shared-info", word(0x3fff000, 8)), "shared-info");

	Machine large = with(historical(), "xen", "shared-info", pair(0x3ffff000, 4096));

	large.memory = {{0, 0x40000000}};
	REFUSED(large, "outside of the first segment");
}

TEST(Boot, refuses_what_would_be_handed_out)
{
	std::string many;

	for (u64 i = 0; i < 17; ++i)
		many += pair(0x1000000 + 0x10000 * i, 4096);
	REFUSED(with(historical(), "xen", "reserved", many), "more reserved ranges");
	REFUSED(with(historical(), "xen", "reserved", std::string(15, 1)), "no list of pairs");

	Machine full = historical();

	full.full = true;
	REFUSED(full, "cannot reserve");
	REFUSED(with(historical(), "xen", "p2m-table", pair(0x3000000, 0x10000)), "p2m table");
}

TEST(Boot, reports_what_is_odd_and_does_not_use_it)
{
	SCAN(with(historical(), "xen", "reserved", pair(~0ull, 4096)),
	     { HOLDS(m.odd.size() == 1 && boot().nr_reserved == 1); });
	SCAN(with(historical(), "xen", "reserved", pair(0x1000, ~0ull)),
	     { HOLDS(m.odd.size() == 1 && boot().nr_reserved == 1); });
	SCAN(with(historical(), "xen", "foreign-map", pair(64, 2048)),
	     { HOLDS(m.odd.size() == 1 && boot().foreign_pages == xen::Pages{0}); });
	SCAN(with(historical(), "xen", "foreign-map", pair(12, 16)),
	     { HOLDS(m.odd.size() == 1 && boot().foreign_pages == xen::Pages{0}); });
	SCAN(with(historical(), "xen", "foreign-map", pair(22, u64{1} << 23)),
	     { HOLDS(m.odd.size() == 1 && boot().foreign_pages == xen::Pages{0}); });
	SCAN(with(historical(), "xen", "foreign-map", word(22, 8)), { HOLDS(m.odd.size() == 1); });
	SCAN(with(historical(), "xen", "reg", word(0, 2)), { HOLDS(m.odd.size() == 1); });
	SCAN(with(historical(), "xen", "reg", word(0x7ff0, 4)), { HOLDS(m.odd.size() == 1); });
	SCAN(with(historical(), "xen", "reg", pair(0x10000, 0)), { HOLDS(m.odd.size() == 1); });
	SCAN(with(historical(), "console", "interrupts", word(4096, 4)),
	     { HOLDS(boot().console_port == xen::Port{0} && m.odd.size() == 1); });
	SCAN(with(historical(), "console", "reg", pair(0x3ffe001, 4096)),
	     { HOLDS(boot().console_page == xen::PhysAddr{0} && m.odd.size() == 1); });
}

TEST(Boot, writes_early_messages_by_lines)
{
	Machine m = historical();
	const std::string text(200, 'x');

	machine = &m;
	for (const char c : std::string("one\ntwo") + text + "\n")
		xen_udbg_putc(c);
	ASSERT_EQ(m.console.size(), 3u);
	EXPECT_EQ(m.console[0], "one\n");
	EXPECT_EQ(m.console[1].size(), 120u);
	EXPECT_EQ(m.console[1] + m.console[2], "two" + text + "\n");
}

} // namespace

int xen_glue_fdt_node(const char *name) noexcept
{
	int number = 0;

	for (const auto &[node, properties] : machine->nodes) {
		if (node == (name != nullptr ? name : "xen"))
			return number;
		++number;
	}
	return -1;
}

const void *xen_glue_fdt_property(int node, const char *name, int *bytes) noexcept
{
	auto at = machine->nodes.begin();

	std::advance(at, node);
	const auto found = at->second.find(name);

	if (found == at->second.end())
		return nullptr;
	*bytes = static_cast<int>(found->second.size());
	return found->second.data();
}

unsigned long xen_glue_memory_end() noexcept
{
	return machine->memory.back().first + machine->memory.back().second;
}

int xen_glue_is_memory(unsigned long start, unsigned long bytes) noexcept
{
	for (const auto &[first, size] : machine->memory)
		if (start >= first && start - first < size && bytes <= size - (start - first))
			return 1;
	return 0;
}

int xen_glue_reserve(unsigned long start, unsigned long bytes) noexcept
{
	if (machine->full)
		return -12;
	machine->reserved.emplace_back(start, bytes);
	return 0;
}

void xen_glue_on_xen() noexcept
{
	++machine->on_xen;
}

void xen_glue_boot_refused(const char *why, unsigned long value) noexcept
{
	std::fprintf(stderr, "%s %#lx\n", why, value);
	std::_Exit(refused_status);
}

void xen_glue_boot_odd(const char *what, unsigned long) noexcept
{
	machine->odd.emplace_back(what);
}

void xen_glue_boot_found(unsigned long, unsigned int, unsigned int, unsigned int) noexcept
{
	++machine->found;
}

void xen_hpte_early() noexcept
{
	++machine->hpte_early;
}

void xen_console_write(const char *text, unsigned int bytes) noexcept
{
	machine->console.emplace_back(text, bytes);
}
