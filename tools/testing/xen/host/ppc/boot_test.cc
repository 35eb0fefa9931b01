// SPDX-License-Identifier: GPL-2.0
/*
 * The early scan of the device tree: good trees of either hypervisor, and bad ones.
 *
 * A refusal, after which the kernel would not go on, ends the process.
 */
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "boot.hh"
#include "boot_glue.h"
#include "fake_tree.hh"
#include "p2m.hh"
#include "p2m_mode.hh"

namespace {

using namespace xen::ppc;
using host::pair;
using host::Tree;
using host::word;

Tree historical()
{
	return host::historical_tree();
}

/*
 * The unit keeps what it found, so each tree is scanned in a process of its own, whose
 * exit status is the verdict: 0 if all holds, 2 after a refusal.
 */
constexpr int refused_status = 2;

#define SCAN(given, ...)                                                                           \
	EXPECT_EXIT(                                                                               \
		{                                                                                  \
			Tree m = given;                                                            \
			host::tree = &m;                                                           \
			bool ok = true;                                                            \
			const auto expect = [&ok](bool holds, const char *what) {                  \
				if (!holds)                                                        \
					std::fprintf(stderr, "not so: %s\n", what);                \
				ok = ok && holds;                                                  \
			};                                                                         \
			xen_early_init();                                                          \
			__VA_ARGS__                                                                \
			std::_Exit(ok ? 0 : 1);                                                    \
		},                                                                                 \
		::testing::ExitedWithCode(0), "")
#define REFUSED(given, message)                                                                    \
	EXPECT_EXIT(                                                                               \
		{                                                                                  \
			Tree m = given;                                                            \
			host::tree = &m;                                                           \
			xen_early_init();                                                          \
			std::_Exit(0);                                                             \
		},                                                                                 \
		::testing::ExitedWithCode(refused_status), message)
#define HOLDS(condition) expect(condition, #condition)

Tree with(const Tree &m, const char *node, const char *name, std::string value)
{
	return m.with(name, std::move(value), node);
}

Tree without(const Tree &m, const char *node, const char *name)
{
	return m.without(name, node);
}

/* A refusal ends the process that the tree is scanned in. */
[[maybe_unused]] const bool ends_the_process = [] {
	host::on_refusal = [](const char *message) {
		std::fprintf(stderr, "%s\n", message);
		std::_Exit(refused_status);
	};
	return true;
}();

TEST(Boot, leaves_other_machines_alone)
{
	SCAN(Tree{}, {
		HOLDS(!boot().found);
		HOLDS(m.on_xen == 0 && m.hpte_early == 0 && m.reserved.empty());
	});
}

TEST(Boot, reads_the_historical_tree)
{
	SCAN(historical(), {
		HOLDS(boot().found && boot().privileged && boot().initdomain &&
		      boot().power_control);
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

TEST(Boot, keeps_the_table_of_a_direct_domain)
{
	SCAN(host::direct_tree({}), {
		HOLDS(is_direct() && m.direct == 1 && m.mode_checked == 1);
		HOLDS(boot().ram_pages == 0xc000);
		HOLDS(boot().table.start == xen::PhysAddr{0x3fc0000});
		HOLDS(boot().table.bytes == 0x30000);
		HOLDS(m.reserved == (std::vector<std::pair<u64, u64>>{{0x3fc0000, 0x30000},
								      {0x3fff000, 0x1000}}));
		HOLDS(boot().foreign_first == xen::Pfn{1 << 30});
		HOLDS(boot().foreign_pages == xen::Pages{65536});
		HOLDS(m.odd.empty() && m.hpte_early == 1);
	});
	SCAN(historical(), { HOLDS(!is_direct() && m.direct == 0 && m.mode_checked == 1); });
}

TEST(Boot, keeps_the_table_also_if_reserved_does_not_name_it)
{
	SCAN(without(host::direct_tree({}), "xen", "reserved"), {
		HOLDS(m.reserved == (std::vector<std::pair<u64, u64>>{{0x3fc0000, 0x30000},
								      {0x3fff000, 0x1000}}));
	});
	/* A longer range from the same page on is another one. */
	SCAN(with(host::direct_tree({}), "xen", "reserved", pair(0x3fc0000, 0x31000)),
	     { HOLDS(m.reserved.size() == 3); });
}

TEST(Boot, has_one_kind_of_window_in_a_direct_domain)
{
	for (const auto &window : {pair(22, 4096), pair(31, 4096), pair(30, 2048), pair(30, 4097)})
		SCAN(with(host::direct_tree({}), "xen", "foreign-map", window),
		     { HOLDS(m.odd.size() == 1 && boot().foreign_pages == xen::Pages{0}); });
	SCAN(with(host::direct_tree({}), "xen", "foreign-map", pair(30, 4096)),
	     { HOLDS(m.odd.empty() && boot().foreign_pages == xen::Pages{4096}); });
}

TEST(Boot, refuses_a_direct_domain_before_it_goes_on)
{
	Tree full = host::direct_tree({});

	full.full = true;
	REFUSED(full, "cannot reserve");
	REFUSED(without(host::direct_tree({}), "xen", "p2m-format"), "p2m-format");
	/* So large that it would lie on the firmware. */
	REFUSED(with(host::direct_tree({}), "xen", "p2m-table", pair(0x2000000, 0x1ff0000)),
		"real-mode area is too small");
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
		     HOLDS(m.reserved == (std::vector<std::pair<u64, u64>>{{0x3fff000, 0x1000},
									   {0x2000000, 0x2000},
									   {0x5000000, 0x1000}}));
		     HOLDS(boot().nr_reserved == 3);
	     });
}

TEST(Boot, reads_the_tree_of_a_domu)
{
	Tree domu = historical();

	domu.nodes["xen"]["reg"] = pair(7, 0);
	domu.nodes["console"] = {{"reg", pair(0x3ffe000, 4096)},
				 {"interrupts", word(5, 4) + word(0, 4)}};
	domu.nodes["store"] = {{"reg", pair(0x3ffd000, 4096)},
			       {"interrupts", word(6, 4) + word(0, 4)}};
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

	Tree large = with(historical(), "xen", "shared-info", pair(0x3ffff000, 4096));

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

	Tree full = historical();

	full.full = true;
	REFUSED(full, "cannot reserve");
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
	Tree m = historical();
	const std::string text(200, 'x');

	host::tree = &m;
	for (const char c : std::string("one\ntwo") + text + "\n")
		xen_udbg_putc(c);
	ASSERT_EQ(m.console.size(), 3u);
	EXPECT_EQ(m.console[0], "one\n");
	EXPECT_EQ(m.console[1].size(), 120u);
	EXPECT_EQ(m.console[1] + m.console[2], "two" + text + "\n");
}

} // namespace

void xen_hpte_early() noexcept
{
	++host::tree->hpte_early;
}

void xen_console_write(const char *text, unsigned int bytes) noexcept
{
	host::tree->console.emplace_back(text, bytes);
}

void xen::ppc::p2m_check_mode() noexcept
{
	++host::tree->mode_checked;
}
