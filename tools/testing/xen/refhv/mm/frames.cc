/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame table: allocation and ownership of machine frames (frames.hh).
 *
 * Large runs are taken from the bottom and single frames from the top, so that 16 MB
 * extents stay whole.  A run never crosses the I/O hole, whose frames belong to refhv.
 * Memory that nobody had yet is zero as the machine starts, and stays untouched.
 */
#include "mm/frames.hh"

#include "base/phys.hh"

namespace refhv {
namespace {

constinit Frame *table = nullptr;
constinit u64 total = 0;
constinit u64 nr_free = 0;
constinit u64 above = 0; /* no frame from here on is free */

constexpr u32 no_gfn = 0xffffffff;

bool in_hole(u64 frame)
{
	return frame - io_hole_first < io_hole_pages;
}

/* Make @frame @owner's; the count of free frames follows. */
void give(u64 frame, DomId owner, FrameType type)
{
	Frame &at = table[frame];

	nr_free += u64{owner == owner_none} - u64{at.owner == owner_none};
	at = Frame{owner, type, owner == owner_none ? frame_flag::dirty : u8{0}, 0, 0, no_gfn};
	if (owner == owner_none && frame >= above)
		above = frame + 1;
}

} // namespace

void frames::init(MachAddr at, u64 count)
{
	table = phys<Frame>(at);
	total = count;
	nr_free = above = count;
	for (u64 i = 0; i < count; ++i)
		table[i] = Frame{owner_none, FrameType::Ram, 0, 0, 0, no_gfn};
	for (u64 i = io_hole_first; i < count && in_hole(i); ++i)
		give(i, owner_xen, FrameType::Xen);
	reserve(Mfn{at.raw() >> page_shift}, (count * sizeof(Frame) + page_mask) >> page_shift);
}

u64 frames::count()
{
	return total;
}

u64 frames::free_count()
{
	return nr_free;
}

Frame *frames::at(Mfn frame)
{
	return frame.raw() < total && !in_hole(frame.raw()) ? &table[frame.raw()] : nullptr;
}

bool frames::ram_of(Mfn frame, DomId dom)
{
	const Frame *f = at(frame);

	return f && f->owner == dom && (f->type == FrameType::Ram || f->type == FrameType::Rma);
}

void frames::reserve(Mfn first, u64 pages)
{
	for (u64 i = first.raw(); i < total && i - first.raw() < pages; ++i)
		if (table[i].owner == owner_none)
			give(i, owner_xen, FrameType::Xen);
}

Mfn frames::allocate(u32 order, DomId owner, FrameType type)
{
	if (order >= 40 || nr_free >> order == 0)
		return none;

	const u64 pages = u64{1} << order;
	const bool small = pages < large_pages;
	const u64 runs = (small ? above : total) >> order;
	u64 run = 0;

	/* A small run looks downwards; a partial one at the very top is left alone. */
	for (; run < runs; ++run) {
		const u64 first = (small ? runs - 1 - run : run) << order;
		u64 left = pages;

		while (left > 0 && table[first + left - 1].owner == owner_none)
			--left;
		if (left > 0)
			continue;
		for (u64 i = first; i < first + pages; ++i) {
			if (table[i].flags & frame_flag::dirty)
				__builtin_memset(phys(Mfn{i}), 0, page_bytes);
			give(i, owner, type);
		}
		if (order == 0)
			above = first;
		return Mfn{first};
	}
	return none;
}

void frames::release(Mfn first, u32 order)
{
	for (u64 i = 0; i < u64{1} << order; ++i) {
		const Frame *f = at(first + Pages{i});

		if (f && f->refs == 0)
			give(first.raw() + i, owner_none, FrameType::Ram);
	}
}

} // namespace refhv
