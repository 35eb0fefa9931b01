// SPDX-License-Identifier: GPL-2.0
/* /dev/xen/privcmd for 32-bit programs: what the driver is asked, and from where. */
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "layout.h"
#include "privcmd_compat_glue.h"

namespace {

constexpr long enotty = -25, efault = -14, enomem = -12;
constexpr unsigned long structure = 0xbff00010, page = 0x70000000;

/* The 32-bit process, and the driver as it finds its structure. */
struct World {
	std::vector<unsigned char> narrow; /* at structure, ends where its memory ends */
	std::vector<unsigned char> wide;   /* at page, while it is mapped */
	bool mapped = false;
	unsigned int pages = 0;
	long page_result = static_cast<long>(page), driver_result = 0;
	bool scribbled = false; /* another thread took the page away */

	unsigned int asked = 0; /* times the driver was */
	unsigned int cmd = 0;
	unsigned long user = 0;
	std::vector<unsigned char> seen;
} world;

void *const file = &world;

} // namespace

long xen_glue_privcmd(void *of, unsigned int cmd, unsigned long user) noexcept
{
	EXPECT_EQ(of, file);
	++world.asked;
	world.cmd = cmd;
	world.user = user;
	if (user == page) {
		EXPECT_TRUE(world.mapped);
		world.seen = world.wide;
	}
	return world.driver_result;
}

long xen_glue_compat_page() noexcept
{
	EXPECT_FALSE(world.mapped);
	if (world.page_result > 0) {
		world.mapped = true;
		++world.pages;
	}
	return world.page_result;
}

void xen_glue_compat_drop(unsigned long at) noexcept
{
	EXPECT_EQ(at, page);
	EXPECT_TRUE(world.mapped);
	world.mapped = false;
}

int xen_glue_compat_copy_in(void *to, unsigned long user, unsigned long bytes) noexcept
{
	EXPECT_EQ(user, structure);
	if (bytes > world.narrow.size())
		return -14;
	std::memcpy(to, world.narrow.data(), bytes);
	return 0;
}

int xen_glue_compat_copy_out(unsigned long user, const void *from, unsigned long bytes) noexcept
{
	const auto *const bytes_of = static_cast<const unsigned char *>(from);

	EXPECT_EQ(user, page);
	EXPECT_TRUE(world.mapped);
	if (world.scribbled)
		return -14;
	world.wide.assign(bytes_of, bytes_of + bytes);
	return 0;
}

namespace {

class Compat : public ::testing::Test {
protected:
	void SetUp() override { world = World{}; }
	void TearDown() override { EXPECT_FALSE(world.mapped) << "a page stayed"; }

	/* A structure of words, u16 or u32 or u64, in the machine's order, without gaps. */
	template <class... T> static std::vector<unsigned char> bytes(T... words)
	{
		std::vector<unsigned char> all;
		const auto add = [&all](auto word) {
			const auto *const at = reinterpret_cast<unsigned char *>(&word);

			all.insert(all.end(), at, at + sizeof word);
		};

		(add(words), ...);
		return all;
	}
	static long ask(unsigned int cmd) { return xen_privcmd_compat(file, cmd, structure); }

	using u16 = std::uint16_t;
	using u32 = std::uint32_t;
	using u64 = std::uint64_t;
};

TEST_F(Compat, structures_without_pointers_pass_as_they_are)
{
	for (const unsigned int cmd :
	     {XEN_PRIVCMD_HYPERCALL, XEN_PRIVCMD_RESTRICT, XEN_PRIVCMD_MMAP_RESOURCE}) {
		world.driver_result = -static_cast<long>(cmd & 0xff) - 5;
		EXPECT_EQ(ask(cmd), world.driver_result);
		EXPECT_EQ(world.cmd, cmd);
		EXPECT_EQ(world.user, structure);
	}
	EXPECT_EQ(world.asked, 3U);
	EXPECT_EQ(world.pages, 0U);
}

TEST_F(Compat, batch_of_version_1)
{
	/* What lies behind arr is padding. */
	world.narrow = bytes(u32{7}, u16{3}, u16{0xaaaa}, u64{0x123456789000}, u32{0xf0001000},
			     u32{0xdeadbeef});
	world.driver_result = -2;
	EXPECT_EQ(ask(XEN_PRIVCMD_MMAPBATCH), -2);
	EXPECT_EQ(world.cmd, XEN_PRIVCMD_MMAPBATCH);
	EXPECT_EQ(world.user, page);
	EXPECT_EQ(world.seen, bytes(u32{7}, u16{3}, u16{0}, u64{0x123456789000}, u64{0xf0001000}));
}

TEST_F(Compat, batch_of_version_2)
{
	world.narrow = bytes(u32{9}, u16{4}, u16{0xaaaa}, u64{0xfedcba9876543000}, u32{0x80001000},
			     u32{0xffffff00});
	EXPECT_EQ(ask(XEN_PRIVCMD_MMAPBATCH_V2_32), 0);
	EXPECT_EQ(world.cmd, XEN_PRIVCMD_MMAPBATCH_V2);
	EXPECT_EQ(world.seen, bytes(u32{9}, u16{4}, u16{0}, u64{0xfedcba9876543000},
				    u64{0x80001000}, u64{0xffffff00}));
}

TEST_F(Compat, mmap)
{
	world.narrow = bytes(u32{~u32{0}}, u16{5}, u16{1}, u32{0xff000000});
	world.driver_result = -38;
	EXPECT_EQ(ask(XEN_PRIVCMD_MMAP_32), -38);
	EXPECT_EQ(world.cmd, XEN_PRIVCMD_MMAP);
	EXPECT_EQ(world.seen, bytes(u32{~u32{0}}, u16{5}, u16{0}, u64{0xff000000}));
}

/* A 64-bit program's numbers, dm_op's, and any other. */
TEST_F(Compat, other_numbers_are_refused)
{
	for (const unsigned int cmd :
	     {XEN_PRIVCMD_MMAP, XEN_PRIVCMD_MMAPBATCH_V2, 0x20105005U, 0x20085005U, 0U, ~0U})
		EXPECT_EQ(ask(cmd), enotty) << std::hex << cmd;
	EXPECT_EQ(world.asked, 0U);
	EXPECT_EQ(world.pages, 0U);
}

TEST_F(Compat, bad_structures_and_no_memory)
{
	for (const unsigned int cmd :
	     {XEN_PRIVCMD_MMAP_32, XEN_PRIVCMD_MMAPBATCH, XEN_PRIVCMD_MMAPBATCH_V2_32}) {
		world.narrow.assign(cmd >> 16 & 0x1fff, 0);
		world.page_result = enomem;
		EXPECT_EQ(ask(cmd), enomem);
		world.page_result = static_cast<long>(page);
		world.scribbled = true;
		EXPECT_EQ(ask(cmd), efault);
		world.scribbled = false;
		world.narrow.pop_back();
		EXPECT_EQ(ask(cmd), efault);
		EXPECT_EQ(world.asked, 0U);
	}
}

} // namespace
