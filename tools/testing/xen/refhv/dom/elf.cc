/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loading a guest image: program headers, entry, addresses.
 *
 * Each offset and size is held against the file's end before the bytes are touched, by
 * subtraction, so that no sum wraps.  Notes are elf_notes.cc's.
 */
#include "dom/elf.hh"

namespace refhv::elf {

namespace {

constexpr u64 address_mask = (1ul << 42) - 1; /* what the 970 looks at in real mode */
constexpr u32 type_executable = 2, type_shared = 3, machine_ppc = 20, machine_ppc64 = 21;

const char *check_header(const ElfFile &file)
{
	const u8 *ident = file.range(0, 16);

	if (!ident || __builtin_memcmp(ident, "\177ELF", 4))
		return "kernel is no ELF file";
	if ((ident[4] != 1 && ident[4] != 2) || ident[5] != 2 || ident[6] != 1)
		return "kernel is no big-endian ELF file";
	if (!file.range(0, file.is64 ? 64 : 52) || !file.headers_valid())
		return "ELF headers lie outside of the file";
	if (file.half(16) != type_executable && file.half(16) != type_shared)
		return "ELF file is no executable";
	if (file.half(18) != (file.is64 ? machine_ppc64 : machine_ppc))
		return "ELF file is for another processor";
	return nullptr;
}

/*
 * check_segments - all of them inside the file
 * @low, @high: what is loaded, as the ELF has it
 * @end: how far the file reaches by its headers: what lies behind is not the image's
 */
const char *check_segments(const ElfFile &file, u64 &low, u64 &high, u64 &end)
{
	low = all_ones;
	high = 0;
	end = file.sections_end();
	for (u32 i = 0; i < file.nr_segments(); i++) {
		const ElfFile::Segment segment = file.segment(i);
		u64 last;

		if (segment.type != segment_load && segment.type != segment_note)
			continue;
		if (!file.range(segment.offset, segment.file_bytes))
			return "a segment lies outside of the ELF file";
		if (segment.offset + segment.file_bytes > end)
			end = segment.offset + segment.file_bytes;
		if (segment.type == segment_note || !segment.bytes)
			continue;
		if (segment.file_bytes > segment.bytes ||
		    __builtin_add_overflow(segment.paddr, segment.bytes, &last))
			return "a segment's size makes no sense";
		low = segment.paddr < low ? segment.paddr : low;
		high = last > high ? last : high;
	}
	return low < high ? nullptr : "ELF file has nothing to load";
}

} // namespace

const char *parse(const u8 *bytes, u64 size, Image &image)
{
	u64 low, high, end;

	image = {};
	image.file = {bytes, size, size > 4 && bytes[4] == 2};
	if (const char *why = check_header(image.file))
		return why;
	if (const char *why = check_segments(image.file, low, high, end))
		return why;
	image.entry = image.file.word(24);
	if (const char *why = read_notes(image))
		return why;

	/* The entry is virtual, as are the bounds it is held against (ABI 2.1). */
	const u64 offset = image.virt_base - image.paddr_offset;
	if (low + offset > high + offset || image.entry < low + offset ||
	    image.entry > high + offset || image.virt_base > low + offset ||
	    high - low > address_mask)
		return "ELF entry or addresses lie outside of the loaded range";

	image.file.size = end;
	image.low = (low - image.paddr_offset) & address_mask;
	image.high = image.low + (high - low);
	return nullptr;
}

bool load(const Image &image, u8 *memory, u64 limit)
{
	for (u32 i = 0; i < image.file.nr_segments(); i++) {
		const ElfFile::Segment segment = image.file.segment(i);
		const u64 at = (segment.paddr - image.paddr_offset) & address_mask;

		if (segment.type != segment_load || !segment.bytes)
			continue;
		if (at > limit || segment.bytes > limit - at)
			return false;
		__builtin_memcpy(memory + at, image.file.bytes + segment.offset,
				 segment.file_bytes);
		__builtin_memset(memory + at + segment.file_bytes, 0,
				 segment.bytes - segment.file_bytes);
	}
	return true;
}

} // namespace refhv::elf
