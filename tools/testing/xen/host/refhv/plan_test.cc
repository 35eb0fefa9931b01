/* SPDX-License-Identifier: GPL-2.0 */
/* Where a domain's parts lie, up to sizes that no test machine has; and that building does it. */
#include <gtest/gtest.h>

#include <cstring>

#include "base/options.hh"
#include "built.hh"
#include "call/hypercall.hh"
#include "dom/firmware.hh"
#include "ev/upcall.hh"

namespace {

using namespace rig;

constexpr u64 mb = 1 << 20, gb = 1 << 30;

struct Case {
	u64 mem_mb;
	u64 rma_mb;		/* got, 64 asked for */
	u64 table, table_bytes; /* 0: translated instead */
};

/*
 * Worked out by hand: 4 bytes a pfn, 2 GB of pfns more above 2 GB, 64 KB steps, not below 34 MB.
 * 28656, 94192 and 225264 MB are the most that an RMA of 64, 128 and 256 MB has a table for.
 */
constexpr Case cases[] = {
	{64, 64, 0x3fe0000, 0x10000},		{192, 64, 0x3fc0000, 0x30000},
	{2048, 64, 0x3df0000, 0x200000},	{2064, 64, 0x3bf0000, 0x404000},
	{4096, 64, 0x39f0000, 0x600000},	{8192, 64, 0x35f0000, 0xa00000},
	{16384, 64, 0x2df0000, 0x1200000},	{24576, 64, 0x25f0000, 0x1a00000},
	{28656, 64, 0x2200000, 0x1dfc000},	{28672, 128, 0x61f0000, 0x1e00000},
	{30720, 128, 0x5ff0000, 0x2000000},	{90 * 1024, 128, 0x23f0000, 0x5c00000},
	{94192, 128, 0x2200000, 0x5dfc000},	{94208, 256, 0xa1f0000, 0x5e00000},
	{225264, 256, 0x2200000, 0xddfc000},	{225280, 64, 0, 0},
	{400 * 1024, 64, 0, 0},
};

Plan plan_of(const BuildRequest &request, const Image &image, const char **why = nullptr)
{
	Plan plan;
	const char *refused = plan_domain(request, image, plan);

	if (why)
		*why = refused;
	else
		EXPECT_EQ(refused, nullptr);
	return plan;
}

BuildRequest dom0(u64 mem_mb, Mode mode)
{
	BuildRequest request{};

	request.mem_mb = mem_mb;
	request.rma_mb = 64;
	request.vcpus = 1;
	request.privileged = true;
	request.mode = mode;
	return request;
}

Image image(u32 modes = 3, u64 high = 6 * mb)
{
	Image image{};

	image.high = high;
	image.modes = modes;
	return image;
}

TEST(Plan, table_in_the_rma)
{
	for (const Case &each : cases) {
		const Plan plan = plan_of(dom0(each.mem_mb, Mode::Direct), image());

		SCOPED_TRACE(each.mem_mb);
		EXPECT_EQ(plan.direct, each.table != 0);
		EXPECT_EQ(plan.rma_bytes, each.rma_mb * mb);
		EXPECT_EQ(plan.table, each.table);
		EXPECT_EQ(plan.table_bytes, each.table_bytes);
		EXPECT_EQ(plan.note != nullptr, each.rma_mb != 64 || !each.table);
		EXPECT_EQ(plan.mem_bytes, each.table ? each.mem_mb * mb : 2 * gb);
		EXPECT_LE(plan.table + plan.table_bytes, plan.rma_bytes - 4096);
	}
}

TEST(Plan, direct_memory_leaves_the_hole_out)
{
	const Plan plan = plan_of(dom0(8192, Mode::Direct), image());
	const u64 extents = (plan.mem_bytes - plan.rma_bytes) / large_bytes;

	EXPECT_EQ(extent_pfn(plan, 0), 0x4000u);
	EXPECT_EQ(extent_pfn(plan, 123), 0x7f000u);
	EXPECT_EQ(extent_pfn(plan, 124), 0x100000u);
	EXPECT_EQ(extent_pfn(plan, extents - 1) + 4096, plan.pfns);
	EXPECT_EQ(plan.pfns, 0x280000u);
}

TEST(Plan, translated)
{
	EXPECT_EQ(plan_of(dom0(8192, Mode::Translated), image()).mem_bytes, 2 * gb);
	EXPECT_EQ(plan_of(dom0(8192, Mode::Translated), image()).pfns, 0x80000u);
	EXPECT_EQ(plan_of(dom0(193, Mode::Translated), image()).mem_bytes, 208 * mb);
	EXPECT_EQ(plan_of(dom0(1, Mode::Translated), image()).mem_bytes, 64 * mb);

	BuildRequest large = dom0(64, Mode::Translated);
	large.rma_mb = 256;
	EXPECT_EQ(plan_of(large, image()).mem_bytes, 256 * mb);
}

TEST(Plan, hashed_page_table)
{
	EXPECT_EQ(plan_of(dom0(64, Mode::Translated), image()).hpt_log2, 20u);
	EXPECT_EQ(plan_of(dom0(192, Mode::Translated), image()).hpt_log2, 22u);
	EXPECT_EQ(plan_of(dom0(2048, Mode::Translated), image()).hpt_log2, 25u);
	EXPECT_EQ(plan_of(dom0(24576, Mode::Direct), image()).hpt_log2, 29u);
}

TEST(Plan, modes_of_the_image)
{
	const char *why;

	const Plan plan = plan_of(dom0(192, Mode::Direct), image(1));
	EXPECT_FALSE(plan.direct);
	EXPECT_TRUE(plan.note && std::strstr(plan.note, "does not announce"));
	(void)plan_of(dom0(192, Mode::Translated), image(2), &why);
	EXPECT_NE(why, nullptr);
	(void)plan_of(dom0(400 * 1024, Mode::Direct), image(2), &why);
	EXPECT_NE(why, nullptr);
	EXPECT_TRUE(plan_of(dom0(192, Mode::Direct), image(2)).direct);

	BuildRequest other = dom0(192, Mode::Direct);
	other.privileged = false;
	EXPECT_FALSE(plan_of(other, image()).direct);
}

TEST(Plan, no_direct_mode_in_history)
{
	const char *why;

	rig::reset();
	options.historical = true;
	for (const u32 modes : {1u, 3u}) {
		(void)plan_of(dom0(192, Mode::Direct), image(modes), &why);
		EXPECT_TRUE(why && std::strstr(why, "quirks=historical")) << modes;
	}
	(void)plan_of(dom0(192, Mode::Translated), image(), &why);
	EXPECT_EQ(why, nullptr);
	options.historical = false;
}

TEST(Plan, below_the_firmware)
{
	BuildRequest request = dom0(192, Mode::Translated);
	const char *why;

	EXPECT_EQ(plan_of(request, image()).initrd, 0u);
	request.initrd = {MachAddr{0}, 32 * mb - 0x7000};
	EXPECT_EQ(plan_of(request, image(1, 0x6001)).initrd, 0x7000u);
	request.initrd.bytes++;
	(void)plan_of(request, image(1, 0x6001), &why);
	EXPECT_TRUE(why && std::strstr(why, "32 MB"));
	request.initrd.bytes = ~0ul;
	(void)plan_of(request, image(), &why);
	EXPECT_NE(why, nullptr);
	request.initrd.bytes = 0;
	(void)plan_of(request, image(1, 32 * mb), &why);
	EXPECT_EQ(why, nullptr);
	(void)plan_of(request, image(1, 32 * mb + 1), &why);
	EXPECT_NE(why, nullptr);
}

TEST(Plan, refuses_odd_sizes)
{
	BuildRequest request = dom0(192, Mode::Translated);
	const char *why;

	for (const u64 rma : {0ul, 32ul, 96ul, 512ul}) {
		request.rma_mb = rma;
		(void)plan_of(request, image(), &why);
		EXPECT_NE(why, nullptr) << rma;
	}
	(void)plan_of(dom0((1 << 20) + 1, Mode::Direct), image(), &why);
	EXPECT_NE(why, nullptr);
}

TEST(Build, flat_start)
{
	Built built;
	const Domain &dom = built.build();

	ASSERT_EQ(built.why, nullptr);
	EXPECT_TRUE(dom.present);
	EXPECT_EQ(dom.rma.raw() % (64 * mb), 0u);
	EXPECT_EQ(dom.tot_pages, 49152u);
	EXPECT_EQ(dom.shared_info_at.raw(), dom.rma.raw() + 64 * mb - 4096);
	EXPECT_EQ(dom.hpt.vrma, 4u);
	for (u64 pfn = 0; pfn < 49152; ++pfn) {
		const Frame *frame = frames::at(Mfn{dom.p2m.entry[pfn]});

		ASSERT_TRUE(frame && frame->owner == dom.id && frame->gfn == pfn) << pfn;
		ASSERT_EQ(frame->type == FrameType::Rma, pfn < 16384);
	}
	for (u64 i = 0; i < 64; ++i)
		EXPECT_EQ(*rma(dom, i), 0x60);
	EXPECT_EQ(*rma(dom, 0x1000), 0x1d);
	EXPECT_EQ(*rma(dom, 0x1000 + 4999), 0x1d);
	EXPECT_EQ(*rma(dom, 0x1000 + 5000), 0);

	const Regs &regs = dom.vcpu[0].regs;
	EXPECT_EQ(regs.pc, 0x10u);
	EXPECT_EQ(regs.msr, msr::sf);
	EXPECT_EQ(regs.gpr[1], 0u);
	EXPECT_EQ(regs.gpr[3], 0x02100000u);
	EXPECT_EQ(regs.gpr[4], 0u);
	EXPECT_EQ(regs.gpr[5], 0u);
	EXPECT_EQ(load_be(rma(dom, regs.gpr[3]), 4), 0xd00dfeedu);
	EXPECT_TRUE(dom.vcpu[0].online && dom.vcpu[0].initialised);
	EXPECT_FALSE(dom.vcpu[1].online || dom.vcpu[1].initialised);
	EXPECT_EQ(dom.vcpu[1].cpu, 1u);
	EXPECT_EQ(dom.vcpu[1].timer.period, 10'000'000u);
}

TEST(Build, client_interface_start)
{
	for (const bool historical : {false, true}) {
		Built built;

		options.historical = historical;
		built.request.start = Start::OpenFirmware;
		const Domain &dom = built.build();
		const Regs &regs = dom.vcpu[0].regs;

		ASSERT_EQ(built.why, nullptr);
		EXPECT_EQ(regs.gpr[1], 0x1ffff90u);
		EXPECT_EQ(regs.gpr[2], 0u);
		EXPECT_EQ(regs.gpr[3], 0x1000u);
		EXPECT_EQ(regs.gpr[4], historical ? built.kernel_bytes : 5000u);
		EXPECT_EQ(regs.gpr[5], 0x02000000u);
		EXPECT_EQ(load_be(rma(dom, 0x02000000), 4), 0x48000040u);
	}
	Built built;
	built.request.start = Start::OpenFirmware;
	built.request.initrd = {};
	EXPECT_EQ(built.build().vcpu[0].regs.gpr[3], 0u);
	EXPECT_EQ(domains[0].vcpu[0].regs.gpr[4], 0u);
}

TEST(Build, class_32_starts_in_32_bit_mode)
{
	Built built({.is64 = false, .entry = 0x20});

	EXPECT_EQ(built.build().vcpu[0].regs.msr, 0u);
	EXPECT_EQ(built.why, nullptr);
}

TEST(Build, direct_table)
{
	Built built;

	built.request.mode = Mode::Direct;
	const Domain &dom = built.build();

	ASSERT_EQ(built.why, nullptr);
	ASSERT_TRUE(dom.direct);
	EXPECT_EQ(dom.p2m.table.raw(), 0x3fc0u);
	EXPECT_EQ(dom.p2m.entries, 49152u);
	for (u64 pfn = 0; pfn < dom.p2m.entries; ++pfn) {
		const u64 mfn = load_be(rma(dom, 0x3fc0000 + 4 * pfn), 4);
		const Frame *frame = frames::at(Mfn{mfn});

		ASSERT_TRUE(frame && frame->owner == dom.id && frame->gfn == pfn) << pfn;
		if (pfn % 4096) {
			ASSERT_EQ(mfn, load_be(rma(dom, 0x3fc0000 + 4 * pfn - 4), 4) + 1);
		}
	}
}

TEST(Build, second_domain)
{
	Built built;

	built.request.mode = Mode::Direct;
	(void)built.build();
	const Domain &dom = built.add();
	const Regs &regs = dom.vcpu[0].regs;

	ASSERT_EQ(built.why, nullptr);
	EXPECT_FALSE(dom.privileged || dom.direct);
	EXPECT_EQ(dom.vcpu[0].cpu, 2u);
	EXPECT_EQ(regs.msr, 0u);
	EXPECT_EQ(regs.gpr[1], 0u);
	EXPECT_EQ(regs.gpr[2], 0x5555555555555555u);
	EXPECT_EQ(regs.gpr[3], 0x02100000u);
	EXPECT_EQ(regs.gpr[5], 0u);
	EXPECT_EQ(regs.gpr[13], 0u);
	for (const u32 port : {1u, 2u}) {
		EXPECT_EQ(dom.events.channel[port].state, PortState::Unbound);
		EXPECT_EQ(dom.events.channel[port].remote, DomId{0});
	}
	EXPECT_NE(build_domain(built.request), nullptr); /* dom0 is there */
}

/* It is built before dom0 can have set the clock: it gets the time when dom0 has. */
TEST(Build, second_domains_wall_clock)
{
	Built built;
	const Domain &dom0 = built.build();
	Domain &dom = built.add();
	u8 *from = phys(dom0.shared_info_at + 0xa00), *to = phys(dom.shared_info_at + 0xa00);
	const auto exit = [&] {
		machine.cpu = dom.first_cpu;
		upcall::leave(dom.vcpu[0], 0x980);
	};

	exit();
	EXPECT_EQ(load_be(to + 4, 4) | load_be(to + 16, 8), 0u);
	from[7] = 9;
	exit();
	EXPECT_EQ(load_be(to + 4, 4), 9u);
	from[23] = 8;
	exit();
	EXPECT_EQ(load_be(to + 4, 4), 9u);
	EXPECT_EQ(load_be(to + 16, 8), 8u);
	from[7] = from[23] = 1; /* later changes come with a vcpu's initialisation only */
	exit();
	EXPECT_EQ(load_be(to + 4, 4), 9u);
	EXPECT_EQ(load_be(to + 16, 8), 8u);
}

TEST(Build, refusals)
{
	Built built;

	built.request.vcpus = 5;
	(void)built.build();
	EXPECT_NE(built.why, nullptr);
	built.request.vcpus = 1;
	built.request.first_cpu = 4;
	(void)built.build();
	EXPECT_NE(built.why, nullptr);
	built.request.first_cpu = 0;
	built.request.mem_mb = 512;
	EXPECT_FALSE(built.build().present);
	EXPECT_NE(built.why, nullptr);
	EXPECT_NE(Built({.entry = 1, .notes = note("GNU", 3, Bytes(20))}).build().present, true);
}

/* A dom0 that powers off: power_off() throws here. */
std::string end(Domain &dom, u8 reason)
{
	EXPECT_THROW(shut_down(dom, reason), PoweredOff);
	return machine.console;
}

TEST(Domain, the_end)
{
	Built built;

	EXPECT_NE(end(built.build(), 0).find("refhv: finished: power off\n"), std::string::npos);
	EXPECT_NE(machine.console.find("refhv: violations: 0\n"), std::string::npos);

	Built again;
	(void)again.build();
	Domain &other = again.add();
	machine.kicks.clear();
	shut_down(other, 3);
	EXPECT_TRUE(other.shut_down);
	EXPECT_EQ(machine.kicks, std::vector<u32>{2});
	EXPECT_THROW(crash(domains[0], "test", 7), PoweredOff);
	EXPECT_NE(machine.console.find("domain 0 crashed: test (0x7)"), std::string::npos);
}

TEST(Domain, frames_balance_at_the_end)
{
	Built good;
	EXPECT_NE(end(good.build(), 0).find(" free, balanced\n"), std::string::npos);

	/* A page that left without being counted, and one that nobody gave. */
	Built lost;
	Domain &dom = lost.build();
	dom.tot_pages--;
	EXPECT_NE(end(dom, 0).find("domain 0 owns "), std::string::npos);
	EXPECT_NE(machine.console.find("refhv: FAILED: power off"), std::string::npos);

	Built stray;
	(void)stray.build();
	ASSERT_NE(frames::allocate(0, DomId{5}, FrameType::Ram), frames::none);
	EXPECT_NE(end(domains[0], 0).find("1 of no domain"), std::string::npos);
	EXPECT_NE(machine.console.find("refhv: FAILED: power off"), std::string::npos);
}

TEST(Domain, who_may_name_whom)
{
	Built built;
	Domain &dom = built.build(), &other = built.add();

	EXPECT_EQ(find_domain(DomId{1}), &other);
	EXPECT_EQ(find_domain(DomId{2}), nullptr);
	EXPECT_EQ(target_domain(dom, DomId{0x7ff0}), &dom);
	EXPECT_EQ(target_domain(other, DomId{0x7ff0}), &other);
	EXPECT_EQ(target_domain(dom, DomId{1}), &other);
	EXPECT_EQ(target_domain(other, DomId{0}), nullptr);
	EXPECT_EQ(target_domain(other, DomId{1}), nullptr);
}

TEST(Canary, intact)
{
	Built built;

	(void)built.build();
	(void)built.add();
	options.canary = true;
	canary::plant();
	/* The second domain runs on: its image, tree and special pages are its own. */
	EXPECT_EQ(*rma(domains[1], 0), 0x60);
	EXPECT_EQ(load_be(rma(domains[1], 0x02100000), 4), 0xd00dfeedu);
	EXPECT_EQ(*rma(domains[1], 64 * mb - 3 * 4096), 0);
	EXPECT_NE(*rma(domains[1], 64 * mb - 3 * 4096 - 1), 0);
	/* Frames that are taken and given back leave the count. */
	const Mfn taken = frames::allocate(0, DomId{0}, FrameType::Ram);
	frames::release(taken, 0);
	EXPECT_NE(end(domains[0], 1).find("refhv: finished: reboot"), std::string::npos);
	EXPECT_NE(machine.console.find("frames intact\n"), std::string::npos);
}

TEST(Canary, broken)
{
	for (const bool second : {false, true}) {
		Built built;

		(void)built.build();
		(void)built.add();
		options.canary = true;
		canary::plant();
		if (second)
			*rma(domains[1], 48 * mb) ^= 1;
		else
			for (u64 i = 0;; ++i)
				if (const Frame *f = frames::at(Mfn{i});
				    f && f->owner == owner_none) {
					phys(Mfn{i})[4095] ^= 0x80;
					break;
				}
		EXPECT_NE(end(domains[0], 0).find("refhv: FAILED: power off"), std::string::npos);
		EXPECT_NE(machine.console.find("FAILED: 1 written to, 0 miscounted"),
			  std::string::npos);
	}
	Built built;
	(void)built.build();
	options.canary = true;
	canary::plant();
	frames::at(Mfn{domains[0].p2m.entry[20000]})->refs++;
	EXPECT_NE(end(domains[0], 0).find("1 miscounted"), std::string::npos);
}

} // namespace
