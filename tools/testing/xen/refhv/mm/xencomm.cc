/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xencomm: inline handles, descriptors and areas (xencomm.hh), with the checks of the final
 * historical version, and of the data too: every address is judged page by page.
 *
 * An area is some pages of the guest in which structures keep virtual pointers.  Its header
 * is read once, at the call's first copy; the address of each further page is read and
 * judged whenever it is used, and so is the first page, which the hypercall itself may have
 * given away.  In such a call every pointer lies in the area.
 */
#include "mm/xencomm.hh"

#include <abi/xencomm.hh>

#include "base/phys.hh"
#include "base/rules.hh"
#include "dom/domain.hh"
#include "mm/frames.hh"

namespace refhv {
namespace {

using namespace xen::ppc;

/* Entries looked at in one copy, skipped ones too: 16 MB of data, more than any call takes. */
constexpr u32 max_entries = 4097;

/* refhv's side of a copy: what is still to come.  Its bytes, refhv's own number, end loops. */
struct Cursor {
	u8 *at;
	u64 left;
	bool to_guest;
};

/* fetch - one word of guest memory, read once; @at lies within @frame */
template <class T> [[nodiscard]] T fetch(Mfn frame, u64 at)
{
	Be<T> word;

	__atomic_load(phys<const Be<T>>(MachAddr{frame.raw() << page_shift | (at & page_mask)}),
		      &word, __ATOMIC_RELAXED);
	return word.load();
}

bool broken(Rule rule, const Domain &dom, const char *why, u64 value)
{
	violation(rule, dom, why, value);
	return false;
}

/* Bytes between the cursor and @frame, from byte @at of its page to the page's end. */
void move(Cursor &cursor, Mfn frame, u64 at)
{
	u8 *guest = phys(frame) + (at & page_mask);
	u64 bytes = page_bytes - (at & page_mask);

	if (bytes > cursor.left)
		bytes = cursor.left;
	__builtin_memcpy(cursor.to_guest ? guest : cursor.at, cursor.to_guest ? cursor.at : guest,
			 bytes);
	cursor.at += bytes;
	cursor.left -= bytes;
}

/* Own RAM frame at the guest's @address, or none and a violation. */
Mfn frame_at(const Domain &dom, u64 address)
{
	const Resolved r = p2m::resolve(dom, address >> page_shift);

	if (r.kind == FrameKind::Ram)
		return r.mfn;
	if (r.kind == FrameKind::Grant)
		violation(Rule::SharedFrameUse, dom, "xencomm in a grant frame", address);
	else
		violation(Rule::XencommFrame, dom, "xencomm outside own RAM", address);
	return frames::none;
}

bool copy_inline(const Domain &dom, u64 handle, u64 offset, Cursor cursor)
{
	u64 address = handle & inline_address;

	if (__builtin_add_overflow(address, offset, &address))
		return broken(Rule::XencommFrame, dom, "offset wraps", offset);
	while (cursor.left) {
		const Mfn frame = frame_at(dom, address);

		if (frame == frames::none)
			return false;
		move(cursor, frame, address);
		/* The next page; at the top of the numbers it is no RAM, or page 0 judged anew. */
		address = (address | page_mask) + 1;
	}
	return true;
}

bool copy_descriptor(const Domain &dom, u64 handle, u64 offset, Cursor cursor)
{
	if (handle % 8 != 0)
		return broken(Rule::XencommAlignment, dom, "descriptor", handle);

	/* Eight bytes, aligned: the header cannot cross a page. */
	Mfn frame = frame_at(dom, handle);

	if (frame == frames::none)
		return false;
	if (const u32 magic = fetch<u32>(frame, handle); magic != xencomm_magic)
		return broken(Rule::XencommMagic, dom, "descriptor", magic);

	const u32 entries = fetch<u32>(frame, handle + 4);
	u64 at = handle + sizeof(XencommDesc);

	for (u32 i = 0; i < entries && i < max_entries && cursor.left; ++i, at += 8) {
		if ((at & page_mask) == 0 && (frame = frame_at(dom, at)) == frames::none)
			return false;

		const u64 address = fetch<u64>(frame, at);
		const u64 piece = page_bytes - (address & page_mask);

		if (address == invalid_address || offset >= piece) {
			offset -= address == invalid_address ? 0 : piece;
			continue;
		}

		const Mfn data = frame_at(dom, address);

		if (data == frames::none)
			return false;
		move(cursor, data, address + offset);
		offset = 0;
	}
	return cursor.left == 0;
}

/* Has @handle the flag of areas, and does it mean something? */
bool is_area(u64 handle)
{
	return !options.historical && (handle & (inline_flag | area_flag)) == area_flag;
}

/* Open the area that the call's argument @handle lies in; a wrong header leaves it closed. */
void open_area(Memory &mem, u64 handle)
{
	const u64 page = handle & area_address & ~page_mask;
	const Mfn first = frame_at(mem.dom, page);

	if (first == frames::none)
		return;

	const u32 magic = fetch<u32>(first, offsetof(AreaHeader, magic));
	const u32 pages = fetch<u32>(first, offsetof(AreaHeader, nr_pages));
	const u64 base = fetch<u64>(first, offsetof(AreaHeader, virt_base));
	const u64 phys_base = fetch<u64>(first, offsetof(AreaHeader, phys_base));

	if (magic != area_magic)
		violation(Rule::XencommMagic, mem.dom, "area", magic);
	else if (pages == 0 || pages > max_area_pages)
		violation(Rule::XencommArea, mem.dom, "area's number of pages", pages);
	/* Below the flags, so that no pointer into it looks like another handle. */
	else if (base & page_mask || base > area_flag - (u64{pages} << page_shift))
		violation(Rule::XencommArea, mem.dom, "area's virtual base", base);
	else if (phys_base != page)
		violation(Rule::XencommArea, mem.dom, "area is not where it says", phys_base);
	else
		mem.area = Area{base, pages, first};
}

/* Frame of page @page of the open area. */
Mfn area_frame(const Memory &mem, u64 page)
{
	const u64 at = sizeof(AreaHeader) + (page - 1) * 8; /* not in use for page 0 */

	if (!frames::ram_of(mem.area.first, mem.dom.id))
		violation(Rule::XencommFrame, mem.dom, "area given away", mem.area.first.raw());
	else if (page == 0)
		return mem.area.first;
	else if (const u64 address = fetch<u64>(mem.area.first, at); address & page_mask)
		violation(Rule::XencommArea, mem.dom, "page of the area not aligned", address);
	else
		return frame_at(mem.dom, address);
	return frames::none;
}

/* Where in the open area @handle points to: a byte's number, or its size if outside. */
u64 position(const Memory &mem, u64 handle)
{
	const u64 size = u64{mem.area.pages} << page_shift, at = handle - mem.area.virt_base;

	if (!is_area(handle))
		return at < size ? at : size;

	/* The argument itself, by address: in the first page. */
	const u64 page = (handle & area_address) >> page_shift;

	return p2m::own_ram(mem.dom, page) == mem.area.first ? handle & page_mask : size;
}

bool copy_area(const Memory &mem, u64 handle, u64 offset, Cursor cursor)
{
	const u64 size = u64{mem.area.pages} << page_shift;
	u64 at = position(mem, handle);

	if (at >= size || offset > size - at || cursor.left > size - at - offset)
		return broken(Rule::XencommArea, mem.dom, "pointer outside the area", handle);
	at += offset;
	while (cursor.left) {
		const Mfn frame = area_frame(mem, at >> page_shift);

		if (frame == frames::none)
			return false;
		move(cursor, frame, at);
		at = (at | page_mask) + 1;
	}
	return true;
}

bool copy(Memory &mem, u64 handle, u64 offset, Cursor cursor)
{
	if (cursor.left == 0)
		return true;
	/* The first copy of a call is that of its argument. */
	if (!mem.looked && is_area(handle))
		open_area(mem, handle);
	mem.looked = true;
	if ((handle & ~inline_flag) == 0)
		return false;
	if (mem.area.pages)
		return copy_area(mem, handle, offset, cursor);
	if (handle & inline_flag)
		return copy_inline(mem.dom, handle, offset, cursor);
	/* Nested in an ordinary call, or of an area whose header was wrong. */
	return !is_area(handle) && copy_descriptor(mem.dom, handle, offset, cursor);
}

} // namespace

/* A null descriptor has nothing but invalid entries; its magic is not looked at (ABI 8). */
bool xencomm::is_null(Memory &mem, u64 handle)
{
	if ((handle & ~inline_flag) == 0)
		return true;
	if (mem.area.pages || handle & inline_flag || is_area(handle) || handle % 8 != 0)
		return false;

	Mfn frame = p2m::own_ram(mem.dom, handle >> page_shift);

	if (frame == frames::none)
		return false;

	const u32 entries = fetch<u32>(frame, handle + 4);
	u64 at = handle + sizeof(XencommDesc);

	for (u32 i = 0; i < entries; ++i, at += 8) {
		if ((at & page_mask) == 0)
			frame = p2m::own_ram(mem.dom, at >> page_shift);
		if (i == max_entries || frame == frames::none ||
		    fetch<u64>(frame, at) != invalid_address)
			return false;
	}
	return true;
}

bool xencomm::read(Memory &mem, u64 handle, u64 offset, void *into, size_t bytes)
{
	return copy(mem, handle, offset, Cursor{static_cast<u8 *>(into), bytes, false});
}

bool xencomm::write(Memory &mem, u64 handle, u64 offset, const void *from, size_t bytes)
{
	/* A cursor to the guest only reads from it. */
	u8 *at = const_cast<u8 *>(static_cast<const u8 *>(from));

	return copy(mem, handle, offset, Cursor{at, bytes, true});
}

} // namespace refhv
