/* SPDX-License-Identifier: GPL-2.0 */
/* The client interface as a guest uses and abuses it. */
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <string>

#include "base/options.hh"
#include "base/rules.hh"
#include "built.hh"
#include "dom/firmware.hh"

namespace {

using namespace rig;

constexpr u32 block_at = 0x10000, text_at = 0x11000, buffer_at = 0x12000;
constexpr u32 none = 0xffffffff;

struct Guest {
	Built built;
	Domain &dom;
	Vcpu &vcpu;

	Guest() : built(), dom(start()), vcpu(dom.vcpu[0]) {}
	Domain &start()
	{
		built.request.start = Start::OpenFirmware;
		return built.build();
	}
	void put(u32 at, const std::string &text)
	{
		std::memcpy(rma(dom, at), text.c_str(), text.size() + 1);
	}
	void cell(u32 at, u32 value) { std::copy_n(be32(value).data(), 4, rma(dom, at)); }
	std::string string(u32 at) { return reinterpret_cast<const char *>(rma(dom, at)); }

	/* call - the service; its result, or nothing if the call failed */
	std::vector<u32> call(const char *service, std::initializer_list<u32> args, u32 returns = 1)
	{
		u32 at = block_at + 12;

		put(block_at + 0x100, service);
		cell(block_at, block_at + 0x100);
		cell(block_at + 4, u32(args.size()));
		cell(block_at + 8, returns);
		for (const u32 arg : args) {
			cell(at, arg);
			at += 4;
		}
		cell(at, 0x77777777);
		vcpu.regs.gpr[4] = block_at;
		firmware::call(vcpu);
		result = u32(load_be(rma(dom, at), 4));
		return vcpu.regs.gpr[3] ? std::vector<u32>{} : std::vector<u32>{result};
	}
	u32 find(const char *path)
	{
		put(text_at, path);
		const auto found = call("finddevice", {text_at});
		return found.empty() ? none : found[0];
	}
	/* The property's bytes, "none" without it. */
	std::string get(u32 package, const char *property)
	{
		put(text_at, property);
		(void)call("getprop", {package, text_at, buffer_at, 0x1000});
		const u32 bytes = result;
		return bytes == none
			       ? "none"
			       : std::string(reinterpret_cast<const char *>(rma(dom, buffer_at)),
					     bytes);
	}
	u32 number(u32 package, const char *property)
	{
		const std::string bytes = get(package, property);
		return u32(load_be(reinterpret_cast<const u8 *>(bytes.data()), 4));
	}
	u32 result = 0;
};

using Cells = std::vector<u32>;

TEST(Firmware, only_its_own_stub_calls)
{
	Guest guest;
	Regs &regs = guest.vcpu.regs;

	/* What the stub at 32 MB does, instruction by instruction. */
	const u64 branch = load_be(rma(guest.dom, 0x02000000), 4);
	ASSERT_EQ(branch & 0xfc000003, 0x48000000u);
	const u64 stub = 0x02000000 + (branch & 0x3fffffc);
	EXPECT_EQ(load_be(rma(guest.dom, stub), 4), 0x7c641b78u);
	EXPECT_EQ(load_be(rma(guest.dom, stub + 4), 4), 0x38600000u);
	EXPECT_EQ(load_be(rma(guest.dom, stub + 8), 4), 0x60630000u | firmware::call_number);
	EXPECT_EQ(load_be(rma(guest.dom, stub + 12), 4), 0x44000022u);
	EXPECT_EQ(load_be(rma(guest.dom, stub + 16), 4), 0x4e800020u);

	regs.gpr[3] = firmware::call_number;
	regs.pc = stub + 16;
	regs.msr = msr::sf;
	EXPECT_TRUE(firmware::is_call(guest.vcpu));
	regs.pc |= 0xc000000000000000;
	EXPECT_TRUE(firmware::is_call(guest.vcpu));
	regs.msr |= msr::ir;
	EXPECT_FALSE(firmware::is_call(guest.vcpu));
	regs.msr = msr::pr;
	EXPECT_FALSE(firmware::is_call(guest.vcpu));
	regs.msr = 0;
	EXPECT_TRUE(firmware::is_call(guest.vcpu));
	regs.pc = stub + 12;
	EXPECT_FALSE(firmware::is_call(guest.vcpu));
	regs.pc = stub + 16;
	regs.gpr[3] = 4;
	EXPECT_FALSE(firmware::is_call(guest.vcpu));
	regs.gpr[3] = firmware::call_number;
	guest.dom.tree = MachAddr{0};
	EXPECT_FALSE(firmware::is_call(guest.vcpu));
}

TEST(Firmware, what_it_adds_to_the_tree)
{
	Guest guest;
	const u32 chosen = guest.find("/chosen"), console = guest.find("/xen/console");

	EXPECT_EQ(guest.get(guest.find("/options"), "real-base"), std::string("0x2000000\0", 10));
	EXPECT_EQ(guest.get(guest.find("/options"), "real-size"), std::string("0x100000\0", 9));
	const u32 out = guest.number(chosen, "stdout");
	EXPECT_EQ(out, guest.number(chosen, "stdin"));
	EXPECT_EQ(guest.call("instance-to-package", {out}), Cells{console});
	EXPECT_EQ(guest.call("instance-to-package", {guest.number(chosen, "cpu")}),
		  Cells{guest.find("/cpus/cpu@0")});
	EXPECT_EQ(guest.call("instance-to-package", {guest.number(chosen, "mmu")}),
		  Cells{guest.find("/cpus/cpu@0")});
	EXPECT_TRUE(guest.call("instance-to-package", {console}).empty());
	EXPECT_EQ(guest.result, none);
	EXPECT_EQ(guest.find("/cpus/cpu@1"), none);
	EXPECT_EQ(guest.get(guest.find("/xen"), "name"), std::string("xen\0", 4));
	EXPECT_EQ(guest.get(guest.find("/memory@4000000"), "name"), std::string("memory\0", 7));
}

/* Until quiesce the firmware's megabyte is not the guest's: words there are put back. */
TEST(Firmware, stores_to_its_image)
{
	Guest guest;
	constexpr u32 words[] = {0x00, 0x10, 0x18, 0x40, 0x44, 0x48, 0x4c, 0x50};
	u64 broken = 0;

	(void)guest.call("peer", {0});
	EXPECT_EQ(violations(Rule::ReservedPageWrite), 0u);
	for (const u32 at : words) {
		const u64 before = load_be(rma(guest.dom, 0x02000000 + at), 4);

		rma(guest.dom, 0x02000000 + at)[3] ^= 1;
		EXPECT_FALSE(guest.call("peer", {0}).empty());
		EXPECT_EQ(violations(Rule::ReservedPageWrite), ++broken) << at;
		EXPECT_EQ(load_be(rma(guest.dom, 0x02000000 + at), 4), before) << at;
	}
	guest.cell(0x02000020, 1); /* where the historical one kept the last block */
	rma(guest.dom, 0x02000040)[0] ^= 1;
	(void)guest.call("quiesce", {}, 0); /* the last look */
	EXPECT_EQ(violations(Rule::ReservedPageWrite), ++broken);
	rma(guest.dom, 0x02000040)[0] ^= 1;
	(void)guest.call("peer", {0});
	EXPECT_EQ(violations(Rule::ReservedPageWrite), broken);
}

/* Every node once, from the root by child and peer, and back by parent. */
TEST(Firmware, walks_the_tree)
{
	Guest guest;
	const u32 root = guest.call("peer", {0})[0];
	std::map<u32, std::string> seen;
	u32 at = root;

	EXPECT_EQ(root, guest.find("/"));
	while (at) {
		EXPECT_EQ(seen.count(at), 0u);
		ASSERT_FALSE(guest.call("package-to-path", {at, buffer_at, 256}).empty());
		rma(guest.dom, buffer_at)[guest.result] = 0;
		seen[at] = guest.string(buffer_at);
		EXPECT_EQ(guest.find(seen[at].c_str()), at) << seen[at];
		u32 next = guest.call("child", {at})[0];
		while (!next && at) {
			next = at == root ? 0 : guest.call("peer", {at})[0];
			if (!next)
				at = guest.call("parent", {at})[0];
		}
		at = next;
	}
	EXPECT_EQ(seen.size(), 10u);
	EXPECT_EQ(guest.call("parent", {root}), Cells{0});
	EXPECT_EQ(guest.call("peer", {root}), Cells{0});
	for (const u32 bad : {0u, 11u, 0x10001u, none}) {
		EXPECT_TRUE(guest.call("child", {bad}).empty()) << bad;
		EXPECT_TRUE(guest.call("parent", {bad}).empty()) << bad;
		if (bad) {
			EXPECT_TRUE(guest.call("peer", {bad}).empty()) << bad;
		}
	}
}

TEST(Firmware, properties)
{
	Guest guest;
	const u32 xen = guest.find("/xen");
	std::map<std::string, std::string> all;
	std::string name;

	for (;;) {
		guest.put(text_at, name);
		const u32 more =
			guest.call("nextprop", {xen, name.empty() ? 0 : text_at, buffer_at})[0];
		ASSERT_LE(more, 1u);
		if (!more)
			break;
		name = guest.string(buffer_at);
		ASSERT_EQ(all.count(name), 0u);
		all[name] = guest.get(xen, name.c_str());
		guest.put(text_at, name);
		EXPECT_EQ(guest.call("getproplen", {xen, text_at}), Cells{u32(all[name].size())});
	}
	EXPECT_EQ(all.count("shared-info") + all.count("privileged") + all.count("name"), 3u);
	EXPECT_EQ(all["privileged"], "");
	guest.put(text_at, "nothing");
	EXPECT_TRUE(guest.call("getproplen", {xen, text_at}).empty());
	EXPECT_EQ(guest.result, none);
	EXPECT_TRUE(guest.call("getprop", {xen, text_at, buffer_at, 10}).empty());
	EXPECT_EQ(guest.result, none);
	EXPECT_EQ(guest.call("nextprop", {xen, text_at, buffer_at}), Cells{none});
	/* A short buffer is filled, and the whole length told. */
	guest.put(text_at, "shared-info");
	guest.cell(buffer_at + 4, 0x55555555);
	EXPECT_EQ(guest.call("getprop", {xen, text_at, buffer_at, 4}), Cells{16});
	EXPECT_EQ(load_be(rma(guest.dom, buffer_at + 4), 4), 0x55555555u);
}

TEST(Firmware, setprop_is_kept)
{
	Guest guest;
	const u32 chosen = guest.find("/chosen"), console = guest.find("/xen/console");

	guest.put(text_at, "linux,test");
	guest.put(buffer_at, "value");
	EXPECT_EQ(guest.call("setprop", {chosen, text_at, buffer_at, 6}), Cells{6});
	EXPECT_EQ(guest.get(chosen, "linux,test"), std::string("value\0", 6));
	EXPECT_EQ(guest.find("/xen/console"), console);
	guest.put(text_at, "linux,test");
	EXPECT_EQ(guest.call("setprop", {chosen, text_at, buffer_at, 0}), Cells{0});
	EXPECT_EQ(guest.get(chosen, "linux,test"), "");
	guest.put(text_at, "");
	EXPECT_EQ(guest.call("setprop", {chosen, text_at, buffer_at, 1}), Cells{none});
	guest.put(text_at, "large");
	EXPECT_EQ(guest.call("setprop", {chosen, text_at, buffer_at, 0x30000}), Cells{none});
	EXPECT_TRUE(guest.call("setprop", {99, text_at, buffer_at, 1}).empty());
	EXPECT_EQ(guest.call("setprop", {chosen, text_at, 0x3fffff0, 17}), Cells{none});
	/* Until the room is used up; then the tree is still whole. */
	u32 count = 0;
	for (; count < 1000; ++count) {
		guest.put(text_at, "p" + std::to_string(count));
		if (guest.call("setprop", {chosen, text_at, buffer_at, 1000})[0] == none)
			break;
	}
	EXPECT_GT(count, 100u);
	EXPECT_LT(count, 135u);
	EXPECT_EQ(guest.get(chosen, "p99").size(), 1000u);
}

TEST(Firmware, paths)
{
	Guest guest;

	EXPECT_EQ(guest.find("/nowhere"), none);
	EXPECT_EQ(guest.result, none);
	EXPECT_NE(guest.find("/xen/console:9600"), none);
	guest.put(text_at, "/cpus/cpu");
	ASSERT_EQ(guest.call("canon", {text_at, buffer_at, 64}), Cells{11});
	EXPECT_EQ(std::string(reinterpret_cast<char *>(rma(guest.dom, buffer_at)), 11),
		  "/cpus/cpu@0");
	guest.put(text_at, "/xen");
	const u32 handle = guest.call("open", {text_at})[0];
	EXPECT_EQ(guest.call("instance-to-path", {handle, buffer_at, 64}), Cells{4});
	guest.put(text_at, "/nowhere");
	EXPECT_TRUE(guest.call("open", {text_at}).empty());
}

TEST(Firmware, console)
{
	Guest guest;
	const u32 out = guest.number(guest.find("/chosen"), "stdout");

	guest.put(buffer_at, "hello\n");
	EXPECT_EQ(guest.call("write", {out, buffer_at, 6}), Cells{6});
	EXPECT_NE(machine.console.find("hello\n"), std::string::npos);
	options.historical = true;
	EXPECT_EQ(guest.call("write", {out, buffer_at, 6}), Cells{none});
	EXPECT_TRUE(guest.call("write", {1, buffer_at, 6}).empty());
	EXPECT_TRUE(guest.call("write", {out, 0x4000000, 6}).empty());
	machine.input = {'a', 'b'};
	EXPECT_EQ(guest.call("read", {out, buffer_at, 10}), Cells{2});
	EXPECT_EQ(*rma(guest.dom, buffer_at + 1), 'b');
	EXPECT_EQ(guest.call("read", {out, buffer_at, 10}), Cells{0});
}

TEST(Firmware, claims)
{
	Guest guest;

	EXPECT_EQ(guest.call("claim", {0x100000, 0x1000, 0}), Cells{0x100000});
	EXPECT_TRUE(guest.call("claim", {0x200000, 0x1000, 1}).empty());
	EXPECT_EQ(guest.result, none);
	EXPECT_TRUE(guest.call("claim", {0x01fff000, 0x1001, 0}).empty());
	EXPECT_TRUE(guest.call("claim", {0x020fffff, 1, 0}).empty());
	EXPECT_EQ(guest.call("claim", {0x01fff000, 0x1000, 0}), Cells{0x01fff000});
	EXPECT_EQ(guest.call("claim", {0x02100000, 0x1000, 0}), Cells{0x02100000});
	/* What begins or ends inside of another, or ends where that begins. */
	for (const u32 at : {0x100000u, 0x100fffu, 0xff800u, 0xff000u})
		EXPECT_TRUE(guest.call("claim", {at, 0x1000, 0}).empty()) << at;
	EXPECT_EQ(guest.call("claim", {0x101000, 0x1000, 0}), Cells{0x101000});
	EXPECT_EQ(guest.call("claim", {0xfeff0, 0x1000, 0}), Cells{0xfeff0});
	EXPECT_TRUE(guest.call("claim", {0x300000, 0, 0}).empty());
	for (u32 i = 5; i < 64; ++i)
		EXPECT_EQ(guest.call("claim", {i * 0x1000000, 1, 0}), Cells{i * 0x1000000});
	EXPECT_TRUE(guest.call("claim", {0x500, 1, 0}).empty());
	EXPECT_TRUE(guest.call("release", {0x100000, 0x2000}, 0).empty());
	EXPECT_FALSE(guest.call("release", {0x100000, 0x1000}, 0).empty());
	EXPECT_FALSE(guest.call("claim", {0x500, 1, 0}).empty());
	/* Nobody looked at what lies inside: both ends decide, and one byte on is free. */
	EXPECT_FALSE(guest.call("release", {0x500, 1}, 0).empty());
	EXPECT_FALSE(guest.call("claim", {0x100800, 0x1800, 0}).empty());
}

TEST(Firmware, the_rest_fails)
{
	Guest guest;

	for (const char *service :
	     {"close", "seek", "boot", "enter", "chain", "start-cpu", "interpret", "call-method",
	      "milliseconds", "map", "nonsense", ""})
		EXPECT_TRUE(guest.call(service, {0, 0, 0, 0}).empty()) << service;
	guest.put(text_at, "getprop");
	EXPECT_EQ(guest.call("test", {text_at}), Cells{0});
	guest.put(text_at, "interpret");
	EXPECT_EQ(guest.call("test", {text_at}), Cells{none});
	EXPECT_FALSE(guest.call("quiesce", {}, 0).empty());
	EXPECT_TRUE(guest.call("getprop", {1, text_at}).empty()); /* too few arguments */
	EXPECT_TRUE(guest.call("child", {1, 1}).empty());
	EXPECT_TRUE(guest.call("child", {1}, 2).empty());
	EXPECT_FALSE(guest.call("child", {1}).empty());
	EXPECT_THROW((void)guest.call("exit", {}, 0), PoweredOff);
}

TEST(Firmware, blocks_that_lie)
{
	Guest guest;
	u64 &r3 = guest.vcpu.regs.gpr[3];

	(void)guest.call("quiesce", {}, 0);
	const auto at = [&](u64 block) {
		guest.vcpu.regs.gpr[4] = block;
		firmware::call(guest.vcpu);
		return r3 == 0;
	};
	EXPECT_TRUE(at(block_at));
	for (const u64 block : {0x4000000u, 0x3fffff8u, 0xfffffffcu, 0xffffffffu, block_at + 1})
		EXPECT_FALSE(at(block)) << block;
	guest.cell(block_at + 4, 0xffffffff);
	EXPECT_FALSE(at(block_at));
	guest.cell(block_at + 4, 11);
	EXPECT_FALSE(at(block_at));
	guest.cell(block_at + 4, 0);
	guest.cell(block_at + 8, 0xffffffff);
	EXPECT_FALSE(at(block_at));
	guest.cell(block_at, 0x3ffffff); /* a name without an end */
	*rma(guest.dom, 0x3ffffff) = 'q';
	EXPECT_FALSE(at(block_at));
	/* Results that do not fit the RMA. */
	guest.put(0x100, "peer");
	guest.cell(0x3fffff0, 0x100);
	guest.cell(0x3fffff4, 1);
	guest.cell(0x3fffff8, 1);
	guest.cell(0x3fffffc, 0);
	EXPECT_FALSE(at(0x3fffff0));
}

/* Whatever is asked: refhv survives, and the tree stays a tree. */
TEST(Firmware, nonsense)
{
	Guest guest;
	std::mt19937 random(1);
	const char *services[] = {"peer",
				  "child",
				  "parent",
				  "getprop",
				  "getproplen",
				  "nextprop",
				  "setprop",
				  "canon",
				  "finddevice",
				  "open",
				  "package-to-path",
				  "claim",
				  "instance-to-path",
				  "release",
				  "read",
				  "test"};
	const u32 values[] = {0,	 1,	2,	    5,		 12,	    13,
			      0x10003,	 none,	text_at,    buffer_at,	 0x3ffffff, 0x4000000,
			      0x3ffff00, 0x100, 0x7fffffff, 0x80000000u, 4096,	    0x20000};
	const auto value = [&] {
		return values[random() % std::size(values)];
	};
	const std::string name = "shared-info";

	for (int i = 0; i < 20000; ++i) {
		guest.put(text_at, name.substr(random() % 11));
		(void)guest.call(services[random() % std::size(services)],
				 {value(), value(), value(), value()});
	}
	EXPECT_NE(guest.find("/xen/console"), none);
}

} // namespace
