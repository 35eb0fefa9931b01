/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the groups of facts about memory, grants and control share: a frame seen through
 * a mapping of its own, lists in pages, and the bounds of what may be asked.
 *
 * Real mode reaches the real-mode area only; every other frame is looked at through one
 * HPTE of mmu::plain that is removed again.  Places are numbers of 4 KB pages there: 0 to
 * 15 belong to the functions here, higher ones to whoever calls view().
 */
#ifndef PROBE_VIEW_HH
#define PROBE_VIEW_HH

#include "probe/mmu.hh"

namespace probe {

inline constexpr u64 none = ~u64{0};
inline constexpr u16 domid_self = 0x7ff0;
inline constexpr u16 domid_nobody = 0x7fe0; /* a number that no domain has */

using xen::ppc::XenCall;

/* daring - calls may be made that stop the genuine hypervisor (ABI 9) */
[[nodiscard]] inline bool daring()
{
	return !historical() || option("daring");
}

/* own_domid - /xen reg: dom0 has one u32, others two u64 */
[[nodiscard]] inline u16 own_domid()
{
	const tree::Node xen = tree::find("/xen");

	return static_cast<u16>(tree::length(xen, "reg") == 4 ? tree::u32_at(xen, "reg", 0)
							      : tree::u64_at(xen, "reg", 0));
}

/* window_base, window_pages - frame numbers of the foreign window, as the tree has it */
[[nodiscard]] inline u64 window_base()
{
	return u64{1} << tree::u64_at(tree::find("/xen"), "foreign-map", 0, 22);
}
[[nodiscard]] inline u64 window_pages()
{
	return tree::u64_at(tree::find("/xen"), "foreign-map", 1, 2048);
}

/* One mapped frame; code is H_ENTER's. */
struct View {
	u64 ea, slot;
	s64 code;

	explicit operator bool() const { return code == 0; }
};

inline View view(u64 number, u32 place, u64 low = mmu::low_ram)
{
	const u64 ea = mmu::plain + place * page_bytes;
	const Regs r = mmu::enter(ea, number, low);

	return {ea, r.r4, static_cast<s64>(r.r3)};
}

/* drop - H_REMOVE's code; nothing for a view that was refused */
inline s64 drop(const View &v)
{
	return v ? mmu::remove(v.ea, v.slot) : v.code;
}

/* get, put_word - one word of it; all ones if the access trapped */
inline u64 get(const View &v, u64 offset)
{
	u64 value = none;
	Trap t{};

	mmu::translated([&] { t = load(v.ea + offset, value); });
	return t ? none : value;
}
inline Trap set(const View &v, u64 offset, u64 value)
{
	Trap t{};

	mmu::translated([&] { t = store(v.ea + offset, value); });
	return t;
}

/* peek, poke - the same for one access */
inline u64 peek(u64 number, u64 offset)
{
	const View v = view(number, 0);
	const u64 value = v ? get(v, offset) : none;

	(void)drop(v);
	return value;
}
inline bool poke(u64 number, u64 offset, u64 value)
{
	const View v = view(number, 0);
	const bool done = v && !set(v, offset, value);

	(void)drop(v);
	return done;
}

/* maximum_ram_page - also the frame number of the first grant frame (translated) */
[[nodiscard]] inline u64 maximum_ram_page()
{
	return static_cast<u64>(xen_call(XenCall::MemoryOp, 2));
}

/* word_at - big-endian u64 @index of RMA memory */
inline Be<u64> *words(void *at)
{
	return static_cast<Be<u64> *>(at);
}

} // namespace probe

#endif
