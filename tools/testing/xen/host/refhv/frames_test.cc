/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame table: alignment, clearing, the hole, exhaustion, release.
 */
#include <set>

#include <gtest/gtest.h>

#include "world.hh"

namespace {

using namespace rig;

constexpr u64 megabyte = u64{1} << 20;

void start(u64 bytes)
{
	reset(bytes);
	frames::init(MachAddr{0}, bytes >> page_shift);
}

TEST(Frames, TableOwnsItself)
{
	start(64 * megabyte); /* 16384 frames, 64 pages of table */
	EXPECT_EQ(frames::count(), 16384u);
	EXPECT_EQ(frames::free_count(), 16384u - 64);
	EXPECT_EQ(frames::at(Mfn{63})->owner, owner_xen);
	EXPECT_EQ(frames::at(Mfn{64})->owner, owner_none);
	EXPECT_EQ(frames::at(Mfn{16383})->owner, owner_none);
	EXPECT_EQ(frames::at(Mfn{16384}), nullptr);
	EXPECT_EQ(frames::at(Mfn{all_ones}), nullptr);
}

TEST(Frames, RunsAreAlignedAndDisjoint)
{
	start(64 * megabyte);
	std::set<u64> taken;

	for (const u32 order : {0u, 3u, 12u, 0u, 5u, 1u, 12u, 2u, 0u}) {
		const Mfn run = frames::allocate(order, DomId{7}, FrameType::Ram);

		ASSERT_NE(run, frames::none) << order;
		EXPECT_EQ(run.raw() % (1u << order), 0u) << order;
		for (u64 i = 0; i < u64{1} << order; ++i) {
			EXPECT_TRUE(taken.insert(run.raw() + i).second);
			EXPECT_EQ(frames::at(run + Pages{i})->owner, DomId{7});
		}
	}
	EXPECT_EQ(frames::free_count(), 16384u - 64 - taken.size());
}

/* What had an owner is cleared for the next one; what nobody had is not even touched. */
TEST(Frames, UsedFramesAreClearedAndFreshOnesNotTouched)
{
	start(8 * megabyte);
	u8 *const fresh = host_ram + 2040 * page_bytes;
	Mfn run = frames::allocate(3, DomId{1}, FrameType::Ram);

	ASSERT_EQ(run.raw(), 2040u);
	fresh[0] = 1; /* its owner's */
	std::memset(fresh + 3 * page_bytes, 0xa5, page_bytes);
	frames::release(run + Pages{3}, 0);
	run = frames::allocate(0, DomId{2}, FrameType::Ram);
	ASSERT_EQ(run.raw(), 2043u);
	for (u64 i = 0; i < page_bytes; ++i)
		ASSERT_EQ(fresh[3 * page_bytes + i], 0) << i;
	EXPECT_EQ(fresh[0], 1);
	/* A whole run, used in part; again after each owner. */
	for (const u8 pattern : {u8{0xa5}, u8{0x5a}}) {
		std::memset(fresh, pattern, 8 * page_bytes);
		frames::release(Mfn{2040}, 3);
		ASSERT_EQ(frames::allocate(3, DomId{3}, FrameType::Ram).raw(), 2040u);
		for (u64 i = 0; i < 8 * page_bytes; ++i)
			ASSERT_EQ(fresh[i], 0) << i;
	}
	/* A mark stands for what was not there: fresh memory keeps even a wrong pattern. */
	u8 *const below = host_ram + 2039 * page_bytes;

	*below = 0xa5;
	ASSERT_EQ(frames::allocate(0, DomId{3}, FrameType::Ram).raw(), 2039u);
	EXPECT_EQ(*below, 0xa5);
}

TEST(Frames, SingleFramesUseUpEverything)
{
	start(8 * megabyte);
	const u64 free = frames::free_count();
	std::set<u64> taken;

	for (u64 i = 0; i < free; ++i) {
		const Mfn one = frames::allocate(0, DomId{1}, FrameType::Ram);

		ASSERT_NE(one, frames::none);
		EXPECT_TRUE(taken.insert(one.raw()).second);
	}
	EXPECT_EQ(frames::free_count(), 0u);
	EXPECT_EQ(frames::allocate(0, DomId{1}, FrameType::Ram), frames::none);
	frames::release(Mfn{1000}, 0);
	EXPECT_EQ(frames::allocate(0, DomId{1}, FrameType::Ram).raw(), 1000u);
	EXPECT_EQ(frames::allocate(63, DomId{1}, FrameType::Ram), frames::none);
	EXPECT_EQ(frames::allocate(64, DomId{1}, FrameType::Ram), frames::none);
}

TEST(Frames, SmallRunsComeBackAfterRelease)
{
	start(8 * megabyte);
	const Mfn a = frames::allocate(0, DomId{1}, FrameType::Ram);
	const Mfn b = frames::allocate(2, DomId{1}, FrameType::Ram);

	EXPECT_EQ(a.raw(), 2047u);
	EXPECT_EQ(b.raw(), 2040u);
	/* What a run passed over is still there. */
	EXPECT_EQ(frames::allocate(0, DomId{1}, FrameType::Ram).raw(), 2046u);
	frames::release(a, 0);
	frames::release(b, 2);
	EXPECT_EQ(frames::allocate(0, DomId{1}, FrameType::Ram), a);
	EXPECT_EQ(frames::free_count(), 2048u - 8 - 2);
}

TEST(Frames, ReleaseLeavesReferencedFrames)
{
	start(8 * megabyte);
	const Mfn run = frames::allocate(2, DomId{1}, FrameType::Ram);
	const u64 free = frames::free_count();

	frames::at(run + Pages{1})->refs = 1;
	frames::release(run, 2);
	EXPECT_EQ(frames::free_count(), free + 3);
	EXPECT_EQ(frames::at(run)->owner, owner_none);
	EXPECT_EQ(frames::at(run + Pages{1})->owner, DomId{1});
	frames::release(run, 2); /* a second time: free ones are not counted twice */
	EXPECT_EQ(frames::free_count(), free + 3);
}

TEST(Frames, HoleIsNobodysAndNeverGiven)
{
	start(4608 * megabyte); /* reaches 512 MB above the hole */
	EXPECT_NE(frames::at(Mfn{0x7ffff}), nullptr);
	EXPECT_EQ(frames::at(Mfn{0x80000}), nullptr);
	EXPECT_EQ(frames::at(Mfn{0xfffff}), nullptr);
	EXPECT_NE(frames::at(Mfn{0x100000}), nullptr);
	EXPECT_EQ(frames::free_count(), (4608 - 2048) * 256 - 4608u);

	/* All but 16 MB below and 32 MB above; each run given is cleared, so that few must do. */
	frames::reserve(Mfn{0}, 0x7f000);
	frames::reserve(Mfn{0x102000}, 0x100000);
	EXPECT_EQ(frames::allocate(12, DomId{1}, FrameType::Ram).raw(), 0x7f000u);
	EXPECT_EQ(frames::allocate(13, DomId{1}, FrameType::Ram).raw(), 0x100000u);
	EXPECT_EQ(frames::allocate(0, DomId{1}, FrameType::Ram), frames::none);
}

TEST(Frames, ReserveTakesFreeOnesOnly)
{
	start(8 * megabyte);
	const Mfn one = frames::allocate(0, DomId{1}, FrameType::Ram); /* the last */
	const u64 free = frames::free_count();

	frames::reserve(Mfn{2040}, 100);
	EXPECT_EQ(frames::at(one)->owner, DomId{1});
	EXPECT_EQ(frames::at(Mfn{2040})->owner, owner_xen);
	EXPECT_EQ(frames::free_count(), free - 7);
}

TEST(Frames, RamOfWantsOwnerAndType)
{
	start(8 * megabyte);
	const Mfn ram = frames::allocate(0, DomId{1}, FrameType::Ram);
	const Mfn rma = frames::allocate(0, DomId{1}, FrameType::Rma);
	const Mfn shared = frames::allocate(0, DomId{1}, FrameType::Shared);

	EXPECT_TRUE(frames::ram_of(ram, DomId{1}));
	EXPECT_TRUE(frames::ram_of(rma, DomId{1}));
	EXPECT_FALSE(frames::ram_of(shared, DomId{1}));
	EXPECT_FALSE(frames::ram_of(ram, DomId{2}));
	EXPECT_FALSE(frames::ram_of(Mfn{all_ones}, DomId{1}));
}

} // namespace
