/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands behind a page that is to be entered: the two kinds of domain as two types.
 *
 * In a translated domain the hypervisor looks the domain's own frame numbers up; in a direct
 * one they are looked up here, in the table that the builder left.  The usual page, memory,
 * is answered by ram(); everything else, which a page-table entry needs a reason for, comes
 * to other().  No locks, any context; what is said of the window holds with address
 * translation on, before that there is none.
 */
#ifndef ARCH_POWERPC_XEN_PAGETABLE_FRAMES_HH
#define ARCH_POWERPC_XEN_PAGETABLE_FRAMES_HH

#include "pagetable.hh"
#include "translate.hh"

namespace xen::ppc {

/* A frame that an entry may hold, and what Linux is told where there is none. */
struct Behind {
	enum class Verdict : u8 {
		Enter,
		Pretend, /* bolted, and nothing there yet: success without an entry */
		Refuse,
	};

	Verdict verdict;
	u64 frame;
	const char *why; /* refused */

	static Behind enter(u64 frame) noexcept { return {Verdict::Enter, frame, nullptr}; }
	static Behind pretend() noexcept { return {Verdict::Pretend, 0, nullptr}; }
	static Behind refuse(const char *why) noexcept { return {Verdict::Refuse, 0, why}; }
};

/* Where a page is looked up in a translated domain: by the hypervisor. */
struct Translated {
	/* The usual page, which needs no second look. */
	[[nodiscard, gnu::always_inline]] static bool ram(u64 address, u64 &frame) noexcept
	{
		frame = address >> page_shift;
		return address < table.memory_end;
	}

	[[nodiscard]] static bool large(u64) noexcept { return true; }

	/*
	 * Above memory: devices, and the grant table.  Pages behind the window that its frame
	 * numbers lead to stop the historical hypervisor.
	 */
	[[nodiscard]] static Behind other(Pfn pfn, u64) noexcept
	{
		const u64 frame = pfn.raw(), first = boot().foreign_first.raw();

		if (boot().foreign_pages.raw() != 0 && (frame & first) != 0 &&
		    frame - first >= boot().foreign_pages.raw())
			return Behind::refuse("no frame behind the window's end, address");
		return Behind::enter(frame);
	}
};

/* In a direct one: by the table that the domain keeps. */
struct Direct {
	[[nodiscard, gnu::always_inline]] static bool ram(u64 address, u64 &frame) noexcept
	{
		Mfn mfn;

		if (!table.p2m.is_ram(Pfn{address >> page_shift}, mfn)) [[unlikely]]
			return false;
		frame = mfn.raw();
		return true;
	}

	/* May a large page map the memory around @address? */
	[[nodiscard]] static bool large(u64 address) noexcept
	{
		return p2m_state.blocks.holds(Pfn{address >> page_shift});
	}

	/* Xen takes devices only as what they are: not cached, and guarded with it. */
	[[nodiscard]] static Behind other(Pfn pfn, u64 rflags) noexcept
	{
		const P2mEntry entry = what_is(pfn);

		switch (entry.kind()) {
		case P2mEntry::Kind::Io:
			if ((rflags & hpte_low::inhibited) == 0)
				return Behind::refuse("a device may not be cached, address");
			break;
		case P2mEntry::Kind::Missing:
			return Behind::refuse("no frame behind address");
		case P2mEntry::Kind::Ram:
		case P2mEntry::Kind::Foreign:
			break;
		}
		return Behind::enter(entry.mfn().raw());
	}
};

} // namespace xen::ppc

#endif
