/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest images: big-endian ELF, 32 or 64 bits, by the rules of the historical loader
 * (ABI 2.1): Xen notes or __xen_guest, VIRT_BASE, PADDR_OFFSET, and the XenPPC note.
 *
 * The file is hostile.  ElfFile::range() is the only way to a pointer into it; the field
 * readers take offsets that were checked with it before.
 */
#ifndef REFHV_ELF_HH
#define REFHV_ELF_HH

#include "base/types.hh"

namespace refhv {

struct ElfFile {
	struct Segment {
		u32 type;
		u64 offset, paddr, file_bytes, bytes;
	};
	struct Section {
		u32 name;
		u64 offset, bytes;
	};
	const u8 *bytes;
	u64 size;
	bool is64;

	/* range - pointer to [@at, @at + @count), null if that leaves the file */
	[[nodiscard]] const u8 *range(u64 at, u64 count) const
	{
		return at <= size && count <= size - at ? bytes + at : nullptr;
	}
	template <class T> [[nodiscard]] T load(u64 at) const
	{
		Be<T> value;

		__builtin_memcpy(&value, bytes + at, sizeof(value));
		return value.load();
	}
	[[nodiscard]] u32 half(u64 at) const { return load<u16>(at); }
	/* word - a field as wide as an address of the file's class */
	[[nodiscard]] u64 word(u64 at) const { return is64 ? load<u64>(at) : load<u32>(at); }

	[[nodiscard]] u64 segments_at() const { return word(is64 ? 32 : 28); }
	[[nodiscard]] u32 nr_segments() const { return half(is64 ? 56 : 44); }
	[[nodiscard]] u64 sections_at() const { return word(is64 ? 40 : 32); }
	[[nodiscard]] u32 nr_sections() const { return sections_at() ? half(is64 ? 60 : 48) : 0; }
	[[nodiscard]] u64 sections_end() const
	{
		return sections_at() + nr_sections() * (is64 ? 64 : 40);
	}
	/* headers_valid - all of both kinds lie in the file and have their class's size */
	[[nodiscard]] bool headers_valid() const
	{
		const u32 segment = is64 ? 56 : 32, section = is64 ? 64 : 40;

		return half(is64 ? 54 : 42) == segment &&
		       range(segments_at(), u64{nr_segments()} * segment) &&
		       (!nr_sections() || (half(is64 ? 58 : 46) == section &&
					   range(sections_at(), u64{nr_sections()} * section)));
	}
	/* segment, section - header @i; the headers are valid */
	[[nodiscard]] Segment segment(u32 i) const
	{
		const u64 at = segments_at() + u64{i} * (is64 ? 56 : 32), sizes = is64 ? 32 : 16;

		return {load<u32>(at), word(at + (is64 ? 8 : 4)), word(at + (is64 ? 24 : 12)),
			word(at + sizes), word(at + sizes + (is64 ? 8 : 4))};
	}
	[[nodiscard]] Section section(u32 i) const
	{
		const u64 at = sections_at() + u64{i} * (is64 ? 64 : 40);

		return {load<u32>(at), word(at + (is64 ? 24 : 16)), word(at + (is64 ? 32 : 20))};
	}
};

struct Image {
	ElfFile file;  /* its size: up to where the headers reach */
	u64 entry;     /* as the ELF has it */
	u64 virt_base; /* 0 without a note */
	u64 paddr_offset;
	u64 low, high; /* guest-physical range of the segments, load address included */
	u32 modes;     /* XenPPC note: bit 0 translated, bit 1 direct; without it 1 */
};

namespace elf {

inline constexpr u32 segment_load = 1, segment_note = 4;

/* parse - null, or why the loader refuses the @size bytes at @file (one clause) */
[[nodiscard]] const char *parse(const u8 *file, u64 size, Image &image);
/* read_notes - the part of it that fills in what @image says of itself */
[[nodiscard]] const char *read_notes(Image &image);
/* load - copy the segments to @memory, guest-physical 0 .. @limit; false if one lies outside */
[[nodiscard]] bool load(const Image &image, u8 *memory, u64 limit);

} // namespace elf

} // namespace refhv

#endif
