/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xencomm: inline handles, descriptors, areas; every rule, and sizes about page borders.
 *
 * Guest memory is built by the test through its own list of frames; in direct mode every
 * address is a machine address.  Around what may be written lies a pattern.
 */
#include <random>

#include <gtest/gtest.h>

#include "world.hh"

namespace {

using namespace rig;
using xen::ppc::area_flag;
using xen::ppc::inline_flag;

constexpr u64 skip = all_ones;
constexpr u8 canary = 0xc5;

class Xencomm : public ::testing::TestWithParam<bool> {
protected:
	World w{GetParam()};
	Rules rules;
	Memory mem{w.domu};
	u8 buffer[5 * page_bytes];

	Xencomm()
	{
		for (const u64 f : w.mfn[1])
			if (f != w.mfn[1][0] + rma_pages - 1) /* not the shared page */
				w.page(f)[0] = 0;
		for (u64 pfn = 8192; pfn < hole_pfn; ++pfn) {
			std::memset(w.page(at(pfn)), canary, page_bytes);
			std::memset(w.page(at(pfn) + 1), canary, page_bytes); /* refhv's */
		}
	}
	/* The machine frame of an own page, and its address as the guest names it. */
	u64 at(u64 pfn) { return w.mfn[1][pfn]; }
	u64 address(u64 pfn, u64 offset = 0) { return (GetParam() ? at(pfn) : pfn) << 12 | offset; }
	u8 *byte(u64 pfn, u64 offset = 0) { return w.page(at(pfn)) + offset; }

	static void be32(u8 *to, u64 value)
	{
		for (u32 i = 0; i < 4; ++i)
			to[i] = static_cast<u8>(value >> (24 - 8 * i));
	}
	static void be64(u8 *to, u64 value)
	{
		be32(to, value >> 32);
		be32(to + 4, value);
	}
	/* A descriptor at @pfn, @offset; entries may run into the next page of the RMA. */
	u64 descriptor(u64 pfn, u64 offset, const std::vector<u64> &entries)
	{
		u8 *to = byte(pfn, offset);

		std::memcpy(to, "XCOM", 4);
		be32(to + 4, entries.size());
		for (u64 i = 0; i < entries.size(); ++i)
			be64(to + 8 + 8 * i, entries[i]);
		return address(pfn, offset);
	}
	/* An area: header in the first of @pfns, the others' addresses behind it. */
	u64 area(const std::vector<u64> &pfns, u64 base)
	{
		u8 *to = byte(pfns[0]);

		std::memcpy(to, "XPAG", 4);
		be32(to + 4, pfns.size());
		be64(to + 8, base);
		be64(to + 16, address(pfns[0]));
		for (u64 i = 1; i < pfns.size(); ++i)
			be64(to + 16 + 8 * i, address(pfns[i]));
		return area_flag | address(pfns[0], 0x800);
	}
	/* Read and write @bytes at @handle + @offset: what comes and where it goes. */
	void expect_copies(u64 handle, u64 offset, const std::vector<u8 *> &pieces_at,
			   const std::vector<u64> &pieces)
	{
		u64 bytes = 0;

		for (u64 i = 0; i < pieces.size(); ++i) {
			for (u64 b = 0; b < pieces[i]; ++b)
				pieces_at[i][b] = static_cast<u8>(17 * (bytes + b) + 3);
			bytes += pieces[i];
		}
		ASSERT_LT(bytes, sizeof(buffer) - 8);
		std::memset(buffer, canary, sizeof(buffer));
		EXPECT_TRUE(xencomm::read(mem, handle, offset, buffer, bytes));
		for (u64 b = 0; b < bytes; ++b)
			ASSERT_EQ(buffer[b], static_cast<u8>(17 * b + 3)) << b;
		EXPECT_EQ(buffer[bytes], canary);
		for (u64 b = 0; b < bytes; ++b)
			buffer[b] = static_cast<u8>((29 * b + 5) & 0x7f);
		EXPECT_TRUE(xencomm::write(mem, handle, offset, buffer, bytes));
		bytes = 0;
		for (u64 i = 0; i < pieces.size(); ++i) {
			for (u64 b = 0; b < pieces[i]; ++b)
				ASSERT_EQ(pieces_at[i][b],
					  static_cast<u8>((29 * (bytes + b) + 5) & 0x7f));
			bytes += pieces[i];
		}
	}
	/* Bytes of the scattered pages and refhv's beside them that lost the pattern. */
	u64 touched()
	{
		u64 n = 0;

		for (u64 pfn = 8192; pfn < hole_pfn; ++pfn)
			for (u64 b = 0; b < 2 * page_bytes; ++b)
				n += w.page(at(pfn))[b] != canary;
		return n;
	}
	/* Both directions fail, for this rule, and the first page stays as it was. */
	void expect_refused(u64 handle, u64 offset, u64 bytes, Rule rule)
	{
		EXPECT_FALSE(xencomm::read(mem, handle, offset, buffer, bytes));
		EXPECT_TRUE(rules.only(rule));
		EXPECT_FALSE(xencomm::write(mem, handle, offset, buffer, bytes));
		EXPECT_TRUE(rules.only(rule));
	}
	/* A new call whose argument is @handle: its first copy opens the area. */
	bool begin(u64 handle)
	{
		mem.area = Area{};
		mem.looked = false;
		return xencomm::read(mem, handle, 0, buffer, 1);
	}
	/* Open an area whose header the test has spoilt: said once, closed for the call. */
	void expect_closed(u64 handle, Rule rule)
	{
		EXPECT_FALSE(begin(handle));
		EXPECT_EQ(mem.area.pages, 0u);
		EXPECT_TRUE(rules.only(rule));
		EXPECT_FALSE(xencomm::read(mem, handle, 0, buffer, 1));
		EXPECT_TRUE(rules.none());
	}
};

INSTANTIATE_TEST_SUITE_P(Modes, Xencomm, ::testing::Bool(),
			 [](const auto &mode) { return mode.param ? "direct" : "translated"; });

TEST_P(Xencomm, Inline)
{
	expect_copies(inline_flag | address(8200, 100), 0, {byte(8200, 100)}, {200});
	EXPECT_EQ(touched(), 200u);
	expect_copies(inline_flag | address(8201), 4095, {byte(8201, 4095)}, {1});
	EXPECT_EQ(touched(), 201u);
	/* In the RMA pages follow each other, in the machine as well. */
	for (const u64 start : {u64{0}, u64{1}, u64{4095}})
		for (const u64 bytes :
		     {u64{1}, page_bytes - 1, page_bytes, page_bytes + 1, 4 * page_bytes})
			expect_copies(inline_flag | address(20), start, {byte(20, start)}, {bytes});
	EXPECT_TRUE(rules.none());
}

TEST_P(Xencomm, InlineEndsWhereTheMemoryDoes)
{
	const u64 end = GetParam() ? at(8200) : hole_pfn - 1; /* the frame behind is not own */
	const u64 last = inline_flag | end << 12;

	expect_copies(last, 4000, {phys(Mfn{GetParam() ? end : at(end)}) + 4000}, {96});
	EXPECT_EQ(touched(), 96u);
	expect_refused(last, 4000, 97, Rule::XencommFrame);
	expect_refused(last, 4096, 1, Rule::XencommFrame);
	EXPECT_EQ(touched(), 96u);
	for (const u64 bad : {u64{0x80001} << 12, u64{w.mfn[0][8200]} << 12, inline_flag - 1,
			      p2m::window_base(w.domu) << 12})
		expect_refused(inline_flag | bad, 0, 1, Rule::XencommFrame);
	expect_refused(all_ones, 0, 2, Rule::XencommFrame);
	expect_refused(inline_flag | 16, all_ones, 32, Rule::XencommFrame); /* wraps */
	const u64 grant = GetParam() ? w.domu.grants.frames.raw() : frames::count();
	expect_refused(inline_flag | grant << 12, 0, 1, Rule::SharedFrameUse);
}

TEST_P(Xencomm, NullAndNothing)
{
	for (const u64 null : {u64{0}, inline_flag}) {
		EXPECT_TRUE(xencomm::is_null(mem, null));
		EXPECT_FALSE(xencomm::read(mem, null, 0, buffer, 1));
		EXPECT_FALSE(xencomm::write(mem, null, 0, buffer, 1));
	}
	for (const u64 any : {u64{0}, u64{3}, all_ones, area_flag})
		EXPECT_TRUE(xencomm::read(mem, any, 77, buffer, 0));
	EXPECT_FALSE(xencomm::is_null(mem, inline_flag | 1));
	EXPECT_FALSE(xencomm::is_null(mem, area_flag | 8));
	EXPECT_FALSE(xencomm::is_null(mem, address(30, 4))); /* misaligned */
	EXPECT_FALSE(xencomm::is_null(mem, u64{1} << 50));   /* no memory */
	EXPECT_TRUE(xencomm::is_null(mem, descriptor(30, 0, {})));
	EXPECT_TRUE(xencomm::is_null(mem, descriptor(30, 0, {skip, skip})));
	byte(30)[0] = 0; /* the magic is not looked at */
	EXPECT_TRUE(xencomm::is_null(mem, address(30)));
	EXPECT_FALSE(xencomm::is_null(mem, descriptor(30, 0, {skip, address(8200), skip})));
	EXPECT_TRUE(xencomm::is_null(mem, descriptor(30, 4096 - 16, {skip, skip, skip})));
	EXPECT_FALSE(xencomm::is_null(mem, descriptor(30, 4096 - 16, {skip, skip, 8})));
	/* A list without end in the last page of memory, and one that is too long. */
	const u64 last = GetParam() ? 8200 : hole_pfn - 1;
	std::memset(byte(last), 0xff, page_bytes);
	EXPECT_FALSE(xencomm::is_null(mem, address(last)));
	std::memset(byte(4096), 0xff, 600 * 1024);
	EXPECT_FALSE(xencomm::is_null(mem, address(4096)));
	be32(byte(4096, 4), 4098);
	EXPECT_FALSE(xencomm::is_null(mem, address(4096)));
	be32(byte(4096, 4), 4097);
	EXPECT_TRUE(xencomm::is_null(mem, address(4096)));
	EXPECT_TRUE(rules.none());
}

TEST_P(Xencomm, DescriptorPieces)
{
	const u64 d = descriptor(30, 8, {address(8203, 4000), address(8200), address(8202)});

	expect_copies(d, 0, {byte(8203, 4000)}, {95});
	expect_copies(d, 0, {byte(8203, 4000)}, {96});
	expect_copies(d, 0, {byte(8203, 4000), byte(8200)}, {96, 1});
	expect_copies(d, 95, {byte(8203, 4095), byte(8200)}, {1, 4096});
	expect_copies(d, 96, {byte(8200), byte(8202)}, {4096, 4096});
	expect_copies(d, 96 + 4095, {byte(8200, 4095), byte(8202)}, {1, 1});
	expect_copies(d, 96 + 4096 + 7, {byte(8202, 7)}, {4089});
	EXPECT_EQ(touched(), 96u + 2 * 4096);
	/* One byte more than there is: what fits is copied, and it fails. */
	EXPECT_FALSE(xencomm::read(mem, d, 96 + 4096 + 7, buffer, 4090));
	EXPECT_FALSE(xencomm::read(mem, d, 96 + 2 * 4096, buffer, 1));
	EXPECT_FALSE(xencomm::read(mem, d, all_ones, buffer, 1));
	EXPECT_TRUE(rules.none());
	EXPECT_EQ(touched(), 96u + 2 * 4096);
}

TEST_P(Xencomm, DescriptorSkipsInvalidEntries)
{
	const u64 d =
		descriptor(30, 0, {skip, address(8203, 4000), skip, skip, address(8200), skip});

	expect_copies(d, 90, {byte(8203, 4090), byte(8200)}, {6, 4096});
	EXPECT_FALSE(xencomm::read(mem, d, 96 + 4096, buffer, 1));
	EXPECT_FALSE(xencomm::read(mem, descriptor(30, 0, {}), 0, buffer, 1));
	/* A page that is passed over is not judged. */
	expect_copies(descriptor(30, 0, {w.mfn[0][8200] << 12, address(8200)}), 4096, {byte(8200)},
		      {10});
	EXPECT_TRUE(rules.none());
}

TEST_P(Xencomm, DescriptorAcrossPages)
{
	/* The head fills a page's last eight bytes; entries follow in the next one. */
	const u64 d = descriptor(30, 4096 - 8, {address(8200), address(8202)});

	expect_copies(d, 0, {byte(8200), byte(8202)}, {4096, 4096});
	if (GetParam())
		return;
	/* Scattered pages in the machine, neighbours to the guest. */
	const u64 scattered = descriptor(8210, 4096 - 16, {address(8200)});
	be32(byte(8210, 4096 - 12), 2);
	be64(byte(8211), address(8202));
	expect_copies(scattered, 4090, {byte(8200, 4090), byte(8202)}, {6, 10});
	EXPECT_TRUE(rules.none());
}

TEST_P(Xencomm, DescriptorThatRunsOutOfMemory)
{
	const u64 last = GetParam() ? 8200 : hole_pfn - 1;
	const u64 d = address(last, 4096 - 16);

	std::memcpy(byte(last, 4096 - 16), "XCOM", 4);
	be32(byte(last, 4096 - 12), 2);
	be64(byte(last, 4096 - 8), address(8202));
	EXPECT_TRUE(xencomm::read(mem, d, 0, buffer, 4096));
	expect_refused(d, 0, 4097, Rule::XencommFrame);
	expect_refused(d, 4096, 1, Rule::XencommFrame);
}

TEST_P(Xencomm, DescriptorRules)
{
	const u64 d = descriptor(30, 64, {address(8200)});

	for (const u64 by : {1u, 2u, 4u, 7u})
		expect_refused(d + by, 0, 1, Rule::XencommAlignment);
	byte(30, 64)[3] ^= 1;
	expect_refused(d, 0, 1, Rule::XencommMagic);
	for (const u64 bad : {u64{0x80001} << 12, w.mfn[0][8200] << 12, (u64{1} << 62) - 8,
			      p2m::window_base(w.domu) << 12}) {
		expect_refused(bad, 0, 1, Rule::XencommFrame);
		expect_refused(descriptor(30, 0, {address(8200), bad}), 4090, 7,
			       Rule::XencommFrame);
	}
	const u64 grant = GetParam() ? w.domu.grants.frames.raw() : frames::count();
	expect_refused(grant << 12, 0, 1, Rule::SharedFrameUse);
	expect_refused(descriptor(30, 0, {grant << 12}), 0, 1, Rule::SharedFrameUse);
}

TEST_P(Xencomm, DescriptorIsLimitedInEntries)
{
	std::vector<u64> entries(4097, skip);

	entries.back() = address(8200);
	expect_copies(descriptor(4096, 0, entries), 0, {byte(8200)}, {10});
	entries.insert(entries.begin(), skip);
	EXPECT_FALSE(xencomm::read(mem, descriptor(4096, 0, entries), 0, buffer, 1));
	be32(byte(4096, 4), 0xffffffff);
	EXPECT_FALSE(xencomm::read(mem, address(4096), 0, buffer, 1));
	/* Those that are passed over count as well. */
	std::fill(entries.begin(), entries.end(), address(8200));
	expect_copies(descriptor(4096, 0, entries), 4096 * 4096, {byte(8200)}, {10});
	EXPECT_FALSE(xencomm::read(mem, address(4096), 4097 * 4096, buffer, 1));
	EXPECT_TRUE(rules.none());
}

TEST_P(Xencomm, AreaOfOnePage)
{
	const u64 base = 0x7fff12345000, handle = area({8200}, base);

	EXPECT_TRUE(begin(handle));
	ASSERT_EQ(mem.area.pages, 1u);
	expect_copies(handle, 0, {byte(8200, 0x800)}, {64});
	expect_copies(handle, 0x700, {byte(8200, 0xf00)}, {256});
	expect_copies(base + 0x900, 8, {byte(8200, 0x908)}, {100}); /* a nested pointer */
	expect_copies(base + 4095, 0, {byte(8200, 4095)}, {1});
	EXPECT_TRUE(xencomm::is_null(mem, 0));
	EXPECT_FALSE(xencomm::is_null(mem, base));
	EXPECT_FALSE(xencomm::is_null(mem, descriptor(30, 0, {}))); /* no descriptors here */
	EXPECT_TRUE(rules.none());
	be64(byte(8200, 24), address(8201)); /* where a second page's address would be */
	expect_refused(handle, 0x700, 257, Rule::XencommArea);
	expect_refused(handle, 0x801, 0x7ff + 1, Rule::XencommArea);
	expect_refused(handle, all_ones, 1, Rule::XencommArea);
	for (const u64 outside : {base + 4096, base - 1, base - 4096, u64{8}, all_ones,
				  /* other kinds of handle, each valid on its own */
				  inline_flag | address(8201), descriptor(30, 0, {address(8201)}),
				  area_flag | address(8201)})
		expect_refused(outside, 0, 1, Rule::XencommArea);
	EXPECT_FALSE(xencomm::read(mem, 0, 0, buffer, 1));
	EXPECT_TRUE(begin(inline_flag | address(8201))); /* the next call's argument */
	EXPECT_EQ(mem.area.pages, 0u);
	EXPECT_FALSE(xencomm::read(mem, handle, 0, buffer, 1));
	EXPECT_TRUE(rules.none());
}

TEST_P(Xencomm, AreaOfManyPages)
{
	const u64 base = 0x10000, handle = area({8200, 8203, 8201}, base);

	EXPECT_TRUE(begin(handle));
	ASSERT_EQ(mem.area.pages, 3u);
	expect_copies(base + 4000, 0, {byte(8200, 4000), byte(8203), byte(8201)}, {96, 4096, 4096});
	expect_copies(handle, 0x700, {byte(8200, 0xf00), byte(8203)}, {0x100, 10});
	expect_copies(base + 3 * 4096 - 1, 0, {byte(8201, 4095)}, {1});
	EXPECT_TRUE(rules.none());
	expect_refused(base + 4000, 0, 96 + 2 * 4096 + 1, Rule::XencommArea);
	expect_refused(base + 3 * 4096, 0, 1, Rule::XencommArea);
	expect_refused(area_flag | address(8203, 8), 0, 1,
		       Rule::XencommArea); /* not the first page */
	be64(byte(8200, 24), address(8203) + 8);
	expect_refused(base + 4096, 0, 1, Rule::XencommArea);
	be64(byte(8200, 24), w.mfn[0][8200] << 12);
	expect_refused(base + 4096, 0, 1, Rule::XencommFrame);
	expect_copies(base + 2 * 4096, 0, {byte(8201)}, {4096}); /* judged when used */
	/* The most there may be. */
	std::vector<u64> most(256, 8202);
	most[0] = 8200;
	EXPECT_TRUE(begin(area(most, base)));
	ASSERT_EQ(mem.area.pages, 256u);
	expect_copies(base + 255 * 4096, 0, {byte(8202)}, {4096});
	expect_refused(base + 256 * 4096, 0, 1, Rule::XencommArea);
}

TEST_P(Xencomm, AreaHeaderRules)
{
	const u64 base = 0x10000, handle = area({8200}, base);
	u8 *const header = byte(8200);
	const auto spoil = [&](u64 offset, u64 value, Rule rule) {
		u8 saved[8];

		std::memcpy(saved, header + offset, 8);
		be64(header + offset, value);
		expect_closed(handle, rule);
		std::memcpy(header + offset, saved, 8);
	};

	spoil(0, 0x5850414800000001, Rule::XencommMagic);
	spoil(0, 0x5850414700000000, Rule::XencommArea);
	spoil(0, 0x5850414700000101, Rule::XencommArea);
	spoil(0, 0x58504147ffffffff, Rule::XencommArea);
	spoil(8, base + 8, Rule::XencommArea);
	spoil(8, area_flag, Rule::XencommArea);
	spoil(8, 0ul - page_bytes, Rule::XencommArea);
	spoil(16, address(8201), Rule::XencommArea);
	spoil(16, address(8200) + 8, Rule::XencommArea);
	expect_closed(area_flag | u64{0x80001} << 12, Rule::XencommFrame);
	expect_closed(area_flag | w.mfn[0][8200] << 12, Rule::XencommFrame);
	const u64 grant = GetParam() ? w.domu.grants.frames.raw() : frames::count();
	expect_closed(area_flag | grant << 12, Rule::SharedFrameUse);
	/* The last base at which one page ends below the flags. */
	be64(header + 8, area_flag - page_bytes);
	EXPECT_TRUE(begin(handle));
	EXPECT_EQ(mem.area.pages, 1u);
	expect_copies(area_flag - 1, 0, {byte(8200, 4095)}, {1});
}

TEST_P(Xencomm, AreaIsOpenedByTheFirstCopyOnly)
{
	const u64 handle = area({8200}, 0x10000);

	/* Whatever a register holds: without a copy nobody looks. */
	byte(8200)[0] ^= 1;
	EXPECT_FALSE(xencomm::is_null(mem, handle));
	EXPECT_TRUE(xencomm::read(mem, handle, 0, buffer, 0));
	EXPECT_FALSE(mem.looked);
	EXPECT_TRUE(rules.none());
	byte(8200)[0] ^= 1;
	EXPECT_TRUE(xencomm::write(mem, handle, 0, buffer, 1)); /* either direction */
	EXPECT_EQ(mem.area.pages, 1u);
	/* Nested in an ordinary call: refused, and what follows is ordinary still. */
	for (const u64 argument :
	     {inline_flag | address(8201), descriptor(30, 0, {address(8201)})}) {
		EXPECT_TRUE(begin(argument));
		EXPECT_FALSE(xencomm::read(mem, handle, 0, buffer, 1));
		EXPECT_EQ(mem.area.pages, 0u);
		EXPECT_TRUE(xencomm::read(mem, argument, 0, buffer, 1));
		EXPECT_FALSE(xencomm::write(mem, 0x10000 + 0x900, 0, buffer, 1));
		EXPECT_EQ(violations(Rule::XencommArea), 0u);
		rules = Rules{};
	}
	/* A null argument is no area either. */
	EXPECT_FALSE(begin(0));
	EXPECT_FALSE(xencomm::read(mem, handle, 0, buffer, 1));
	EXPECT_TRUE(rules.none());
}

TEST_P(Xencomm, AreaHeaderIsReadOnce)
{
	const u64 base = 0x10000, handle = area({8200}, base);

	EXPECT_TRUE(begin(handle));
	std::memset(byte(8200), 0xff, 64); /* from now on the guest's own affair */
	expect_copies(base + 0x900, 0, {byte(8200, 0x900)}, {100});
	expect_refused(base + 4096, 0, 1, Rule::XencommArea);
	/* But for the page itself, which the call may have given away. */
	frames::at(Mfn{at(8200)})->owner = w.dom0.id;
	EXPECT_FALSE(xencomm::read(mem, base + 0x900, 0, buffer, 1));
	EXPECT_TRUE(rules.only(Rule::XencommFrame));
	EXPECT_FALSE(xencomm::write(mem, handle, 0, buffer, 1));
}

TEST_P(Xencomm, HistoricallyThereAreNoAreas)
{
	const u64 handle = area({8200}, 0x10000);

	options.historical = true;
	expect_refused(handle, 0, 1, Rule::XencommFrame);
}

TEST_P(Xencomm, ArraysByElement)
{
	Be<u64> value;

	be64(byte(8200, 24), 0x1122334455667788);
	EXPECT_TRUE(xencomm::get(mem, inline_flag | address(8200), value, 3));
	EXPECT_EQ(value.load(), 0x1122334455667788u);
	EXPECT_TRUE(xencomm::put(mem, inline_flag | address(8200), value, 4));
	EXPECT_EQ(byte(8200)[32], 0x11);
	EXPECT_FALSE(xencomm::get(mem, inline_flag | address(8200), value, u64{1} << 61));
	EXPECT_TRUE(rules.none());
}

} // namespace
