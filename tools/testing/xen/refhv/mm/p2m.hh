/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame number that a guest passes means (ABI 4.2; protocol 7).
 *
 * Translated mode: refhv holds the pfn to mfn array; numbers are looked up in the ABI's
 * order: foreign window, grant frames, I/O hole, own memory, a privileged caller's
 * machine frames.  Direct mode: the number is a machine frame and only judged; refhv
 * writes the guest's table once, while it builds, and never reads it.
 */
#ifndef REFHV_P2M_HH
#define REFHV_P2M_HH

#include "base/types.hh"

namespace refhv {

struct Domain;

inline constexpr u32 p2m_invalid = 0xffffffff;
inline constexpr u32 no_window = 0xffffffff;

enum class FrameKind : u8 {
	Invalid, /* nothing there, or not for this caller */
	Ram,	 /* own memory */
	Io,	 /* device frame */
	Foreign, /* another domain's frame by privilege or grant (or an own one granted to itself) */
	Grant	 /* own grant-table frame: shared with refhv */
};

struct Resolved {
	FrameKind kind;
	bool writable; /* Foreign by a read-only grant: false */
	Mfn mfn;
	u32 window = no_window; /* translated: window slot for a Foreign frame */
};

struct P2m {
	u32 *entry;  /* translated: refhv's own array, native order; direct: null */
	u64 entries; /* valid numbers: the domain's limit in pages; direct: of the guest's table */
	Pfn table;   /* direct: first pfn of the guest's table */
};

namespace p2m {

inline constexpr u32 window_log2 = 16; /* pages of the largest foreign window: 256 MB */

/* resolve - what frame number @number of @dom means; fails as Invalid, logs nothing */
[[nodiscard]] Resolved resolve(const Domain &dom, u64 number);

/* own_ram - machine frame behind @number if it is own RAM (xencomm, RTAS); frames::none else */
[[nodiscard]] Mfn own_ram(const Domain &dom, u64 number);

/**
 * refuse - log why @number resolved to Invalid: V01 nothing there, V02 nobody's, refhv's or
 * (translated) an own machine frame, V04 another domain's
 * Return: H_Parameter; in direct mode H_Privilege for a frame that exists (protocol 7.7)
 */
[[nodiscard]] s64 refuse(const Domain &dom, u64 number);

[[nodiscard]] u64 window_base(const Domain &dom); /* first frame number of the foreign window */
[[nodiscard]] u64 window_pages(const Domain &dom);

/* set, clear - enter or drop a mapping (populate, decrease); direct mode: the frame's gfn only,
 * and clear() takes a machine frame */
void set(Domain &dom, Pfn pfn, Mfn mfn);
void clear(Domain &dom, u64 number);

} // namespace p2m

} // namespace refhv

#endif
