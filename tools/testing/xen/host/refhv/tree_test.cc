/* SPDX-License-Identifier: GPL-2.0 */
/* The device trees that domains get, and what refhv reads from the machine's. */
#include <gtest/gtest.h>

#include <libfdt.h>

#include <memory>
#include <string>
#include <vector>

#include "base/options.hh"
#include "built.hh"
#include "dom/tree.hh"

namespace {

using namespace rig;

constexpr u64 flat_at = 0x02100000;

struct Tree {
	const void *fdt;

	explicit Tree(const Domain &dom) : fdt(rma(dom, flat_at))
	{
		EXPECT_EQ(fdt_check_header(fdt), 0);
		EXPECT_LE(fdt_totalsize(fdt), tree_room);
	}
	bool has(const char *path, const char *property = nullptr) const
	{
		const int node = fdt_path_offset(fdt, path);

		return node >= 0 && (!property || fdt_getprop(fdt, node, property, nullptr));
	}
	/* The property's bytes; "none" if there is no such property. */
	std::string get(const char *path, const char *property) const
	{
		const int node = fdt_path_offset(fdt, path);
		int bytes = 0;
		const void *at = node < 0 ? nullptr : fdt_getprop(fdt, node, property, &bytes);

		return at ? std::string(static_cast<const char *>(at), size_t(bytes)) : "none";
	}
	/* The same as numbers of @width bytes. */
	std::vector<u64> numbers(const char *path, const char *property, unsigned width) const
	{
		const std::string bytes = get(path, property);
		std::vector<u64> all;

		for (size_t i = 0; i + width <= bytes.size(); i += width)
			all.push_back(load_be(reinterpret_cast<const u8 *>(&bytes[i]), width));
		return all;
	}
	std::vector<u64> reserved() const
	{
		std::vector<u64> all;

		for (int i = 0; i < fdt_num_mem_rsv(fdt); ++i) {
			u64 pair[2];

			EXPECT_EQ(fdt_get_mem_rsv(fdt, i, reinterpret_cast<uint64_t *>(&pair[0]),
						  reinterpret_cast<uint64_t *>(&pair[1])),
				  0);
			all.insert(all.end(), {pair[0], pair[1]});
		}
		return all;
	}
};

using List = std::vector<u64>;

TEST(Tree, dom0_translated)
{
	Built built;

	machine.rtc = 1234567890;
	const Tree tree(built.build());
	ASSERT_EQ(built.why, nullptr);
	EXPECT_EQ(tree.numbers("/memory@0", "reg", 8), (List{0, 0x4000000}));
	EXPECT_EQ(tree.numbers("/memory@4000000", "reg", 8), (List{0x4000000, 0x8000000}));
	EXPECT_EQ(tree.numbers("/xen", "shared-info", 8), (List{0x3fff000, 4096}));
	EXPECT_EQ(tree.numbers("/xen", "reserved", 8), (List{0x3fff000, 4096}));
	EXPECT_EQ(tree.numbers("/xen", "reg", 4), (List{0}));
	EXPECT_EQ(tree.numbers("/xen", "foreign-map", 8), (List{22, 65536}));
	EXPECT_EQ(tree.numbers("/xen", "start-time", 8), (List{1234567890}));
	EXPECT_EQ(tree.get("/xen", "version").substr(0, 8), "Xen-3.0-");
	for (const char *flag : {"privileged", "initdomain", "power-control"})
		EXPECT_EQ(tree.get("/xen", flag), "") << flag;
	EXPECT_FALSE(tree.has("/xen", "p2m-table") || tree.has("/xen", "io-hole"));
	EXPECT_EQ(tree.get("/xen", "features"),
		  std::string("multicall\0bulk-remove\0pp0-kept\0xencomm-area\0xencomm-area-multi\0"
			      "atomic-hpt\0",
			      74));
	EXPECT_EQ(tree.numbers("/xen/console", "interrupts", 8), (List{0}));
	EXPECT_FALSE(tree.has("/xen/console", "reg"));
	EXPECT_EQ(tree.get("/chosen", "bootargs"), std::string("console=hvc0 quiet\0", 19));
	EXPECT_EQ(tree.numbers("/chosen", "linux,initrd-start", 8), (List{0x1000}));
	EXPECT_EQ(tree.numbers("/chosen", "linux,initrd-end", 8), (List{0x1000 + 5000}));
	EXPECT_EQ(tree.reserved(), (List{0x3fff000, 4096, 0x1000, 5000}));
	for (const char *cpu : {"/cpus/cpu@0", "/cpus/cpu@1"}) {
		EXPECT_EQ(tree.numbers(cpu, "cpu-version", 4), (List{0x0f000001}));
		EXPECT_EQ(tree.numbers(cpu, "timebase-frequency", 4), (List{512'000'000}));
		EXPECT_EQ(tree.numbers(cpu, "ibm,pft-size", 4), (List{0, 22}));
		EXPECT_EQ(tree.numbers(cpu, "slb-size", 4), (List{32}));
		EXPECT_FALSE(tree.has(cpu, "ibm,segment-page-sizes"));
	}
	EXPECT_FALSE(tree.has("/cpus/cpu@2"));
	EXPECT_FALSE(tree.has("/rtas"));
}

TEST(Tree, dom0_direct)
{
	Built built;

	built.request.mode = Mode::Direct;
	built.request.initrd = {};
	const Tree tree(built.build());
	ASSERT_EQ(built.why, nullptr);
	EXPECT_EQ(tree.numbers("/xen", "p2m-table", 8), (List{0x3fc0000, 0x30000}));
	EXPECT_EQ(tree.numbers("/xen", "p2m-format", 4), (List{1, 2}));
	EXPECT_EQ(tree.numbers("/xen", "p2m-entries", 8), (List{49152}));
	EXPECT_EQ(tree.numbers("/xen", "p2m-contig-order", 4), (List{12}));
	EXPECT_EQ(tree.numbers("/xen", "max-mfn", 8), (List{0x20000}));
	EXPECT_EQ(tree.numbers("/xen", "io-hole", 8), (List{0x80000, 0x80000}));
	EXPECT_EQ(tree.numbers("/xen", "foreign-map", 8), (List{30, 65536}));
	EXPECT_EQ(tree.numbers("/xen", "reserved", 8), (List{0x3fff000, 4096, 0x3fc0000, 0x30000}));
	EXPECT_EQ(tree.reserved(), (List{0x3fff000, 4096, 0x3fc0000, 0x30000}));
	EXPECT_FALSE(tree.has("/chosen", "linux,initrd-start"));
	EXPECT_FALSE(tree.has("/xen", "start-time"));
}

/* Memory above 2 GB, which the builder cannot have here: the tree of a domain that has it. */
TEST(Tree, memory_around_the_hole)
{
	Built built;

	built.request.mode = Mode::Direct;
	Domain &dom = built.build();
	dom.max_pages = 0x200000;
	ASSERT_EQ(tree::build({dom, "", 0, 0, true}, rma(dom, flat_at), tree_room), nullptr);
	const Tree tree(dom);
	EXPECT_EQ(tree.numbers("/memory@0", "reg", 8), (List{0, 0x4000000}));
	EXPECT_EQ(tree.numbers("/memory@4000000", "reg", 8), (List{0x4000000, 0x7c000000}));
	EXPECT_EQ(tree.numbers("/memory@100000000", "reg", 8), (List{0x100000000, 0x180000000}));
}

TEST(Tree, historical)
{
	Built built;

	options.historical = true;
	machine.rtc = 5;
	const Tree tree(built.build());
	EXPECT_FALSE(tree.has("/xen", "features") || tree.has("/xen", "start-time"));
	EXPECT_EQ(tree.numbers("/xen", "foreign-map", 8), (List{22, 2048}));

	Built racing;
	options.race = Race::Hpt;
	EXPECT_EQ(Tree(racing.build()).get("/xen", "features").find("atomic-hpt"),
		  std::string::npos);
}

TEST(Tree, second_domain)
{
	Built built;

	(void)built.build();
	const Tree tree(built.add());
	ASSERT_EQ(built.why, nullptr);
	EXPECT_EQ(tree.get("/", "compatible"), std::string("Momentum,Maple\0", 15));
	EXPECT_EQ(tree.get("/xen", "compatible").substr(0, 7), "Xen-3.0");
	EXPECT_EQ(tree.numbers("/xen", "reg", 8), (List{1, 0}));
	EXPECT_EQ(tree.numbers("/xen/console", "reg", 8), (List{0x3ffe000, 4096}));
	EXPECT_EQ(tree.numbers("/xen/store", "reg", 8), (List{0x3ffd000, 4096}));
	EXPECT_EQ(tree.numbers("/xen/store", "interrupts", 4), (List{1, 0}));
	EXPECT_EQ(tree.numbers("/xen/console", "interrupts", 4), (List{2, 0}));
	for (const char *none : {"privileged", "initdomain", "reserved", "foreign-map", "version"})
		EXPECT_FALSE(tree.has("/xen", none)) << none;
	EXPECT_TRUE(tree.has("/memory@0"));
	EXPECT_FALSE(tree.has("/memory@4000000") || tree.has("/cpus/cpu@1"));
	EXPECT_EQ(tree.reserved(), (List{0x3fff000, 4096, 0x3ffd000, 0x2000, 0x1000, 5000}));
}

TEST(Tree, too_small_a_room)
{
	Built built;
	const Domain &dom = built.build();
	std::vector<u8> room(tree_room);

	for (u64 size = 0; size < 3000; size += 8) {
		std::unique_ptr<u8[]> exact(new u8[size]);

		if (!tree::build({dom, "x", 0, 0, true}, exact.get(), size)) {
			EXPECT_GT(size, 1000u);
			break;
		}
	}
}

TEST(Tree, of_the_machine)
{
	std::vector<u8> room(0x4000);
	void *fdt = room.data();
	tree::Machine found{};
	const auto memory = [&](const char *name, u64 at, u64 bytes) {
		const int node = fdt_add_subnode(fdt, 0, name);

		EXPECT_EQ(fdt_setprop_string(fdt, node, "device_type", "memory"), 0);
		EXPECT_EQ(fdt_setprop_u64(fdt, node, "reg", at), 0);
		EXPECT_EQ(fdt_appendprop_u64(fdt, node, "reg", bytes), 0);
	};

	EXPECT_NE(tree::read_machine(fdt, found), nullptr);
	ASSERT_EQ(fdt_create(fdt, int(room.size())) | fdt_finish_reservemap(fdt) |
			  fdt_begin_node(fdt, "") | fdt_end_node(fdt) | fdt_finish(fdt) |
			  fdt_open_into(fdt, fdt, int(room.size())),
		  0);
	EXPECT_NE(tree::read_machine(fdt, found), nullptr);
	memory("memory@200000000", 0x200000000, 0x1000);
	memory("memory@0", 0, 0x40000000);
	for (const char *name : {"a", "b"}) {
		const int node = fdt_add_subnode(fdt, 0, name);

		ASSERT_EQ(fdt_setprop_string(fdt, node, "device_type", "cpu"), 0);
		ASSERT_EQ(fdt_setprop_u32(fdt, node, "timebase-frequency", 512), 0);
	}
	ASSERT_EQ(tree::read_machine(fdt, found), nullptr);
	EXPECT_EQ(found.ram_bytes, 0x40000000u);
	EXPECT_EQ(found.cpus, 2u);
	EXPECT_EQ(found.timebase_hz, 512u);
	EXPECT_STREQ(found.bootargs, "");

	const int chosen = fdt_add_subnode(fdt, 0, "chosen");
	ASSERT_EQ(fdt_setprop_string(fdt, chosen, "bootargs", "mode=direct"), 0);
	ASSERT_EQ(fdt_setprop_u64(fdt, chosen, "linux,initrd-start", 0x28000000), 0);
	ASSERT_EQ(fdt_setprop_u32(fdt, chosen, "linux,initrd-end", 0x28000005), 0);
	ASSERT_EQ(tree::read_machine(fdt, found), nullptr);
	EXPECT_STREQ(found.bootargs, "mode=direct");
	EXPECT_EQ(found.initrd_start, 0x28000000u);
	EXPECT_EQ(found.initrd_end, 0x28000005u);
	ASSERT_EQ(fdt_setprop_u32(fdt, chosen, "linux,initrd-end", 5), 0);
	EXPECT_NE(tree::read_machine(fdt, found), nullptr);
}

} // namespace
