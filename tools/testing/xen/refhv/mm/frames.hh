/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame table: who owns each machine frame, what it is, and how often it is used.
 *
 * Invariants: a frame with references has an owner; refs counts every HPTE, TCE and grant
 * mapping that names the frame, foreign those HPTEs of a domain that is not the owner; a
 * frame is free exactly if its owner is nobody.  A free frame is zero unless marked dirty.
 * The frames of the I/O hole (2 to 4 GB) are never allocated.  Under the hypervisor lock.
 */
#ifndef REFHV_FRAMES_HH
#define REFHV_FRAMES_HH

#include <xen/core/abi.hh>

#include "base/types.hh"

namespace refhv {

inline constexpr DomId owner_none = xen::domid::idle; /* a number that no domain has */
inline constexpr DomId owner_xen = xen::domid::xen; /* refhv itself: text, tables, boot images */

enum class FrameType : u8 {
	Ram,	/* ordinary memory of its owner */
	Rma,	/* the same, inside the real-mode area: never freed */
	Shared, /* belongs to refhv, shared with one domain: grant frames */
	Xen	/* refhv's own, never reachable by a guest */
};

namespace frame_flag {
inline constexpr u8 dirty = 1;	/* had an owner: cleared when it is allocated again */
inline constexpr u8 canary = 2; /* filled by canary::plant() since its owner changed */
} // namespace frame_flag

struct Frame {
	DomId owner;
	FrameType type;
	u8 flags;
	u32 refs;
	u32 foreign;
	u32 gfn; /* the owner's number of it: advice for dumps and getmemlist, all ones if none */
};
static_assert(sizeof(Frame) == 16);

namespace frames {

/* init - table for frames [0, @count), itself at @table (@count * 16 bytes, page aligned);
 * all are free but the hole and the table */
void init(MachAddr table, u64 count);
[[nodiscard]] u64 count(); /* machine RAM end in pages: XENMEM_maximum_ram_page */
[[nodiscard]] u64 free_count();
[[nodiscard]] Frame *at(Mfn frame);		 /* null beyond the end or inside the I/O hole */
[[nodiscard]] bool ram_of(Mfn frame, DomId dom); /* Ram or Rma owned by @dom */
void reserve(Mfn first, u64 pages);		 /* make free frames refhv's own (boot images) */

/**
 * allocate - a run of free frames, all zero: those marked dirty are cleared
 * @order: log2 of pages; the run is aligned to its size
 * @owner, @type: whose they become
 * Return: the first, or all ones if no run is left.  tot_pages of a domain is not touched.
 */
[[nodiscard]] Mfn allocate(u32 order, DomId owner, FrameType type);
void release(Mfn first, u32 order); /* frames without references become free */
inline constexpr Mfn none{all_ones};

} // namespace frames

} // namespace refhv

#endif
