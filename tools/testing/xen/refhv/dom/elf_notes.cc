/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an image says of itself: Xen notes, or else the text of the section __xen_guest,
 * by the rules of the historical loader (ABI 2.1), and the XenPPC note (protocol 4).
 *
 * An image with neither notes nor text is accepted as it is.  Once anything is there,
 * notes of others included, it must name a loader or an OS and a version that Xen knows.
 * Notes count in a segment only; the list of features is not looked at.
 */
#include <abi/elfnote.hh>

#include "base/text.hh"
#include "dom/elf.hh"

namespace refhv::elf {

namespace {

using xen::ppc::Note;
using xen::ppc::NoteHead;

/* The items that count, with the name that __xen_guest has for them. */
enum Item { Entry, VirtBase, PaddrOffset, Version, Os, Loader, nr_items };

constexpr struct {
	Note type;
	const char *key, *wanted; /* null: a number */
} items[nr_items] = {
	{Note::Entry, "VIRT_ENTRY", nullptr},
	{Note::VirtBase, "VIRT_BASE", nullptr},
	{Note::PaddrOffset, "ELF_PADDR_OFFSET", nullptr},
	{Note::XenVersion, "XEN_VER", xen::ppc::xen_version_3},
	{Note::GuestOs, "GUEST_OS", xen::ppc::guest_os_linux},
	{Note::Loader, "LOADER", xen::ppc::loader_generic},
};

struct Found {
	u64 value[nr_items] = {}; /* the number; of texts: 1 if it is the right one */
	bool seen[nr_items] = {};
	bool any_note = false, xen_note = false, guest_text = false;

	void take(u32 item, Text text, u64 number)
	{
		seen[item] = true;
		value[item] = items[item].wanted ? text.is(items[item].wanted) : number;
	}
};

/* text_at - @count bytes of the file up to the first zero */
Text text_at(const u8 *at, u64 count)
{
	return Text{reinterpret_cast<const char *>(at), count}.take(0);
}

/* take_note - the descriptor of a note of Xen's, @bytes at @at */
const char *take_note(const ElfFile &file, Found &found, u32 type, u64 at, u64 bytes)
{
	found.xen_note = true;
	for (u32 item = 0; item < nr_items; item++) {
		if (type != static_cast<u32>(items[item].type))
			continue;
		if (items[item].wanted)
			found.take(item, text_at(file.bytes + at, bytes), 0);
		else if (bytes == 4 || bytes == 8)
			found.take(item, {}, bytes == 8 ? file.load<u64>(at) : file.load<u32>(at));
		else
			return "a Xen note is no number";
	}
	return nullptr;
}

/* walk_notes - the notes in [@at, @at + @bytes), a range inside the file */
const char *walk_notes(Image &image, u64 at, u64 bytes, Found &found)
{
	const ElfFile &file = image.file;

	found.any_note = true;
	while (bytes >= sizeof(NoteHead)) {
		const u64 name_bytes = file.load<u32>(at), desc_bytes = file.load<u32>(at + 4);
		const u64 desc = sizeof(NoteHead) + round_up(name_bytes, 4);
		const u64 all = desc + round_up(desc_bytes, 4);
		const u32 type = file.load<u32>(at + 8);

		/* The last note may lack its padding. */
		if (desc > bytes || desc_bytes > bytes - desc)
			return "a note crosses the end of its segment";
		const Text owner = text_at(file.bytes + at + sizeof(NoteHead), name_bytes);
		if (owner.is(xen::ppc::note_owner)) {
			if (const char *why = take_note(file, found, type, at + desc, desc_bytes))
				return why;
		} else if (owner.is(xen::ppc::ppc_note_owner) && type == xen::ppc::ppc_note_modes) {
			if (desc_bytes != sizeof(u32))
				return "the XenPPC note is no u32";
			image.modes = file.load<u32>(at + desc);
		}
		if (all >= bytes)
			break;
		at += all;
		bytes -= all;
	}
	return nullptr;
}

const char *take_guest_text(Text text, Found &found)
{
	found.guest_text = true;
	while (text.size) {
		Text value = text.take(',');
		const Text key = value.take('=');

		for (u32 item = 0; item < nr_items; item++) {
			u64 number = 0;

			if (!key.is(items[item].key))
				continue;
			if (!items[item].wanted && !value.number(number))
				return "__xen_guest holds a broken number";
			found.take(item, value, number);
		}
	}
	return nullptr;
}

const char *walk_sections(const ElfFile &file, Found &found)
{
	const u32 last = file.half(file.is64 ? 62 : 50); /* where the names are */
	const ElfFile::Section names =
		last < file.nr_sections() ? file.section(last) : ElfFile::Section{};
	const u8 *name = file.range(names.offset, names.bytes);

	for (u32 i = 0; name && i < file.nr_sections(); i++) {
		const ElfFile::Section section = file.section(i);

		if (section.name >= names.bytes ||
		    !text_at(name + section.name, names.bytes - section.name).is("__xen_guest"))
			continue;
		const u8 *text = file.range(section.offset, section.bytes);
		return text ? take_guest_text(text_at(text, section.bytes), found)
			    : "__xen_guest lies outside of the ELF file";
	}
	return nullptr;
}

/* judge - the rules, once everything is read */
const char *judge(const Found &found)
{
	if (found.any_note && !found.xen_note && !found.guest_text)
		return "ELF file has notes, but neither Xen notes nor __xen_guest";
	if (found.xen_note || found.guest_text) {
		if (!found.value[Loader] && !found.value[Os])
			return "Xen notes name neither loader \"generic\" nor OS \"linux\"";
		if (!found.value[Version])
			return "Xen notes do not name version \"xen-3.0\"";
	}
	if (found.seen[PaddrOffset] && !found.seen[VirtBase])
		return "Xen notes give PADDR_OFFSET without VIRT_BASE";
	return nullptr;
}

} // namespace

const char *read_notes(Image &image)
{
	const ElfFile &file = image.file;
	Found found;

	image.modes = xen::ppc::ppc_mode::translated;
	for (u32 i = 0; i < file.nr_segments(); i++) {
		const ElfFile::Segment segment = file.segment(i);

		if (segment.type != segment_note)
			continue;
		if (const char *why = walk_notes(image, segment.offset, segment.file_bytes, found))
			return why;
	}
	if (!found.xen_note)
		if (const char *why = walk_sections(file, found))
			return why;
	if (const char *why = judge(found))
		return why;
	/* The text's default is older than the notes'. */
	image.virt_base = found.value[VirtBase];
	image.paddr_offset = found.seen[PaddrOffset] || !found.guest_text ? found.value[PaddrOffset]
									  : image.virt_base;
	if (found.seen[Entry])
		image.entry = found.value[Entry];
	return nullptr;
}

} // namespace refhv::elf
