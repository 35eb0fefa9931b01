/* SPDX-License-Identifier: GPL-2.0 */
/* Guest images: what the loader takes, what it refuses, and files that lie. */
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "dom/elf.hh"
#include "elf_image.hh"

namespace {

using namespace rig;
using namespace refhv;

constexpr u64 linear = 0xc000000000000000;

/* The file in memory of exactly its size, so that the sanitizer sees each step too far. */
struct Parsed {
	explicit Parsed(const Bytes &file) : bytes(new u8[file.size()])
	{
		std::copy(file.begin(), file.end(), bytes.get());
		why = elf::parse(bytes.get(), file.size(), image);
	}
	bool refused(const char *part) const { return why && std::strstr(why, part); }

	std::unique_ptr<u8[]> bytes;
	Image image{};
	const char *why;
};

TEST(Elf, without_notes)
{
	const Parsed p({ElfImage{.entry = 0x10}.make()});

	ASSERT_EQ(p.why, nullptr);
	EXPECT_TRUE(p.image.file.is64);
	EXPECT_EQ(p.image.entry, 0x10u);
	EXPECT_EQ(p.image.low, 0u);
	EXPECT_EQ(p.image.high, 0x1000u);
	EXPECT_EQ(p.image.modes, 1u);
	EXPECT_EQ(p.image.virt_base, 0u);
}

TEST(Elf, class_32)
{
	const Parsed p({ElfImage{.is64 = false, .entry = 0x400010, .paddr = 0x400000}.make()});

	ASSERT_EQ(p.why, nullptr);
	EXPECT_FALSE(p.image.file.is64);
	EXPECT_EQ(p.image.low, 0x400000u);
	EXPECT_EQ(p.image.high, 0x401000u);
}

TEST(Elf, linear_addresses_lose_their_top_bits)
{
	const Parsed p(
		{ElfImage{.entry = linear, .paddr = linear + 0x10000, .memory = 0x20000}.make()});

	EXPECT_TRUE(p.refused("outside of the loaded range"));

	const Parsed q({ElfImage{.entry = linear + 0x10000, .paddr = linear + 0x10000}.make()});
	ASSERT_EQ(q.why, nullptr);
	EXPECT_EQ(q.image.low, 0x10000u);
	EXPECT_EQ(q.image.high, 0x11000u);
}

TEST(Elf, linux_needs_its_virtual_base)
{
	const Bytes base = note("Xen", 3, be64(linear));

	EXPECT_TRUE(Parsed({ElfImage{.entry = linear, .notes = linux_notes()}.make()})
			    .refused("outside of the loaded range"));

	const Parsed p({ElfImage{.entry = linear, .notes = linux_notes() + base}.make()});
	ASSERT_EQ(p.why, nullptr);
	EXPECT_EQ(p.image.virt_base, linear);
	EXPECT_EQ(p.image.low, 0u);
	EXPECT_EQ(p.image.entry, linear);

	EXPECT_EQ(Parsed({ElfImage{.entry = linear,
				   .notes = linux_notes() + base + note("Xen", 4, be64(0))}
				  .make()})
			  .why,
		  nullptr);
	/* Equal values: right for linear p_paddr, wrong for p_paddr = 0. */
	const Bytes equal = linux_notes() + base + note("Xen", 4, be64(linear));
	EXPECT_TRUE(Parsed({ElfImage{.entry = linear, .notes = equal}.make()})
			    .refused("outside of the loaded range"));
	const Parsed r({ElfImage{.entry = linear, .paddr = linear, .notes = equal}.make()});
	ASSERT_EQ(r.why, nullptr);
	EXPECT_EQ(r.image.low, 0u);
	EXPECT_TRUE(Parsed({ElfImage{.notes = linux_notes() + note("Xen", 4, be64(0))}.make()})
			    .refused("PADDR_OFFSET without VIRT_BASE"));
}

TEST(Elf, entry_note)
{
	const Parsed p({ElfImage{.notes = linux_notes() + note("Xen", 1, be32(0x80))}.make()});

	ASSERT_EQ(p.why, nullptr);
	EXPECT_EQ(p.image.entry, 0x80u);
}

TEST(Elf, who_it_is)
{
	const auto with = [](const Bytes &notes) {
		return Parsed({ElfImage{.notes = notes}.make()});
	};
	const Bytes version = note("Xen", 5, text("xen-3.0"));

	EXPECT_TRUE(with(note("GNU", 3, Bytes(20, 1))).refused("neither Xen notes"));
	EXPECT_EQ(with(note("GNU", 3, Bytes(20, 1)) + linux_notes()).why, nullptr);
	EXPECT_EQ(with(note("Xen", 8, text("generic")) + version).why, nullptr);
	EXPECT_TRUE(with(version).refused("neither loader"));
	EXPECT_TRUE(with(note("Xen", 6, text("plan9")) + version).refused("neither loader"));
	EXPECT_TRUE(with(note("Xen", 6, text("linux"))).refused("version"));
	EXPECT_TRUE(with(note("Xen", 6, text("linux")) + note("Xen", 5, text("xen-3.1")))
			    .refused("version"));
	EXPECT_TRUE(with(linux_notes() + note("Xen", 3, Bytes(3))).refused("no number"));
	EXPECT_TRUE(with(note("XenPPC", 1, be32(3))).refused("neither Xen notes"));
	/* Not terminated within its descriptor. */
	EXPECT_EQ(with(note("Xen", 6, {'l', 'i', 'n', 'u', 'x'}) + version).why, nullptr);
}

TEST(Elf, modes)
{
	for (const u32 modes : {1u, 2u, 3u}) {
		const Parsed p(
			{ElfImage{.notes = linux_notes() + note("XenPPC", 1, be32(modes))}.make()});

		ASSERT_EQ(p.why, nullptr);
		EXPECT_EQ(p.image.modes, modes);
	}
	EXPECT_TRUE(Parsed({ElfImage{.notes = linux_notes() + note("XenPPC", 1, be64(3))}.make()})
			    .refused("u32"));
	EXPECT_EQ(Parsed({ElfImage{.notes = linux_notes() + note("XenPPC", 2, be64(3))}.make()})
			  .image.modes,
		  1u);
}

TEST(Elf, guest_section)
{
	const auto with = [](const char *guest, const Bytes &notes = {}) {
		return Parsed({ElfImage{.entry = linear, .notes = notes, .guest = guest}.make()});
	};
	const char *full = "GUEST_OS=linux,XEN_VER=xen-3.0,VIRT_BASE=0xC000000000000000,"
			   "ELF_PADDR_OFFSET=0x0";

	EXPECT_EQ(with(full).why, nullptr);
	EXPECT_EQ(with(full, note("GNU", 3, Bytes(20, 1))).why, nullptr);
	/* The text's default for the offset is the base. */
	EXPECT_TRUE(with("GUEST_OS=linux,XEN_VER=xen-3.0,VIRT_BASE=0xC000000000000000")
			    .refused("outside of the loaded range"));
	EXPECT_TRUE(with("GUEST_OS=linux,XEN_VER=xen-3.0,VIRT_BASE=0xG").refused("number"));
	EXPECT_TRUE(with("GUEST_OS=linux,VIRT_BASE=0").refused("version"));
	/* Notes win. */
	EXPECT_TRUE(with(full, linux_notes()).refused("outside of the loaded range"));
}

TEST(Elf, not_for_us)
{
	Bytes file = ElfImage{}.make();

	file[5] = 1;
	EXPECT_TRUE(Parsed(file).refused("big-endian"));
	file = ElfImage{}.make();
	file[19] = 62;
	EXPECT_TRUE(Parsed(file).refused("another processor"));
	file = ElfImage{}.make();
	file[17] = 1;
	EXPECT_TRUE(Parsed(file).refused("no executable"));
	EXPECT_TRUE(Parsed({1, 2, 3, 4, 5, 6, 7, 8}).refused("no ELF file"));
	EXPECT_TRUE(Parsed(ElfImage{.memory = 10}.make()).refused("size"));
	EXPECT_TRUE(Parsed(ElfImage{.code = {}, .memory = 0}.make()).refused("nothing to load"));
	EXPECT_TRUE(Parsed(ElfImage{.paddr = ~0ul - 100}.make()).refused("size"));
}

/* Sums that wrap: an offset near the end of all numbers, a size that reaches round it. */
TEST(Elf, offsets_and_sizes_that_wrap)
{
	const auto with = [](std::initializer_list<std::pair<u64, u64>> words) {
		Bytes file = ElfImage{.notes = linux_notes(), .guest = "x"}.make();

		for (const auto &[at, value] : words)
			std::copy_n(be64(value).data(), 8, file.begin() + long(at));
		return Parsed(file);
	};
	constexpr u64 first = 64, second = 64 + 56; /* program headers */
	constexpr u64 offset = 8, paddr = 24, file_bytes = 32, memory = 40;

	EXPECT_TRUE(with({{first + offset, ~0ul - 15}, {first + file_bytes, 32}})
			    .refused("outside of the ELF file"));
	EXPECT_TRUE(with({{second + offset, ~0ul - 15}, {second + file_bytes, 32}})
			    .refused("outside of the ELF file"));
	EXPECT_TRUE(with({{first + paddr, ~0ul - 15}, {first + memory, 0x1000}}).refused("size"));
	EXPECT_TRUE(with({{first + memory, 1ul << 50}}).refused("outside of the loaded range"));
	EXPECT_TRUE(with({{32, ~0ul - 15}}).refused("headers"));
	EXPECT_TRUE(with({{40, ~0ul - 15}}).refused("headers"));
}

TEST(Elf, loads_and_clears)
{
	const Parsed p({ElfImage{.entry = 0x2000, .paddr = 0x2000}.make()});
	std::vector<u8> memory(0x4000, 0xee);

	ASSERT_EQ(p.why, nullptr);
	ASSERT_TRUE(elf::load(p.image, memory.data(), memory.size()));
	for (u64 i = 0; i < memory.size(); ++i)
		ASSERT_EQ(memory[i], i < 0x2000 || i >= 0x3000 ? 0xee : i < 0x2040 ? 0x60 : 0) << i;
	EXPECT_FALSE(elf::load(p.image, memory.data(), 0x2fff));
	EXPECT_TRUE(elf::load(p.image, memory.data(), 0x3000));
}

TEST(Elf, file_ends_where_its_headers_say)
{
	Bytes file = ElfImage{}.make();
	const u64 size = file.size();

	file.resize(size + 5000);
	EXPECT_EQ(Parsed(file).image.file.size, size);
}

std::vector<Bytes> samples()
{
	const char *guest = "GUEST_OS=linux,XEN_VER=xen-3.0,VIRT_BASE=0";

	return {ElfImage{.notes = linux_notes() + note("XenPPC", 1, be32(3))}.make(),
		ElfImage{.is64 = false, .guest = guest}.make(),
		ElfImage{.notes = note("GNU", 3, Bytes(20, 1)), .guest = guest}.make()};
}

TEST(Elf, cut_off_anywhere)
{
	for (const Bytes &file : samples())
		for (u64 size = 0; size < file.size(); ++size)
			EXPECT_NE(Parsed(Bytes(file.begin(), file.begin() + long(size))).why,
				  nullptr)
				<< size;
}

/* What is accepted after all must still load inside of the memory it is given. */
TEST(Elf, every_byte_may_lie)
{
	std::vector<u8> memory(0x10000);

	for (const Bytes &file : samples())
		for (u64 i = 0; i < file.size(); ++i)
			for (const int value : {0, 1, 0x7f, 0x80, 0xfe, 0xff}) {
				Bytes lie = file;

				lie[i] = static_cast<u8>(value);
				const Parsed p(lie);
				if (!p.why)
					(void)elf::load(p.image, memory.data(), memory.size());
			}
}

} // namespace
