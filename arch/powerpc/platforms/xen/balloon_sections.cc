// SPDX-License-Identifier: GPL-2.0
/*
 * Linux's side of the balloon: sections are emptied, removed, added and used again.
 *
 * Which section goes is a guess from the state of its pages, made while others use them;
 * Linux then has the last word, and the hypervisor after it.  Sections are looked at from
 * high to low.  One that could not leave is marked, and not tried again before all others
 * were, so that it does not stand in their way however easy it is to empty.
 */
#include "balloon_sections.hh"

#include "balloon_glue.h"
#include "calls_glue.h"

namespace xen::ppc {

constinit Sections sections{.place = nullptr, .count = 0, .out = 0, .spare = 0};

namespace {

/* What must be free beyond a section before one is emptied. */
constexpr u64 reserve_pages = u64{16} << (20 - page_shift);

constexpr u32 most_held = 64; /* pages of a section that is worth a try */
constexpr u32 candidates = 4; /* sections to try in one attempt */

[[nodiscard]] Result<void> status_of(int status) noexcept
{
	return status == 0 ? Result<void>{} : Errno::from_xen(status);
}

/*
 * What comes back is used for contents that can be moved again, but the kernel cannot keep
 * its own there: as much memory as that stays for everything.
 */
[[nodiscard]] bool may_be_movable() noexcept
{
	const u64 movable = xen_glue_memory_movable() + section_pages.raw();

	return movable <= xen_glue_memory_used() + section_pages.raw() - movable;
}

/* How many pages of it are held by somebody; nothing if it cannot be emptied. */
[[nodiscard]] std::optional<u32> held_in(u64 section) noexcept
{
	u32 held = 0;

	for (u64 i = 0; i < section_pages.raw(); ++i) {
		switch (xen_glue_page_state(first_of(section).raw() + i)) {
		case XEN_PAGE_MOVES:
			break;
		case XEN_PAGE_HELD:
			if (++held > most_held)
				return std::nullopt;
			break;
		default:
			return std::nullopt;
		}
	}
	return held;
}

/*
 * The section that is easiest to empty, the highest of them.  What was out before is found
 * first again, and so the others need not become movable.
 */
[[nodiscard]] std::optional<u64> easiest() noexcept
{
	std::optional<u64> best;
	u32 least = most_held + 1;

	for (u64 section = sections.count; section-- != 0 && least != 0;) {
		if (sections.place[section] != Place::Linux)
			continue;
		if (const std::optional<u32> held = held_in(section); held && *held < least) {
			best = section;
			least = *held;
		}
		xen_glue_balloon_pause();
	}
	return best;
}

/* One that was not tried; if there is none left, all may be tried again. */
[[nodiscard]] std::optional<u64> candidate() noexcept
{
	if (const std::optional<u64> found = easiest())
		return found;
	for (u64 section = 0; section < sections.count; ++section)
		if (sections.place[section] == Place::Tried)
			put_section(section, Place::Linux);
	return easiest();
}

void account(Place place, u64 difference) noexcept
{
	if (place == Place::Hypervisor)
		set_word(sections.out, sections.out + difference);
	if (place == Place::Offline || place == Place::Idle)
		set_word(sections.spare, sections.spare + difference);
}

} // namespace

Result<u64> survey_sections(u64 count) noexcept
{
	const u64 rma_pages = xen_glue_rma_bytes() >> page_shift;
	u64 movable = 0;

	/* All bytes zero: fixed. */
	sections = {};
	sections.place = reinterpret_cast<Place *>(xen_glue_balloon_bytes(count));
	if (sections.place == nullptr)
		return err::nomem;
	sections.count = count;
	for (u64 section = 0; section < count; ++section) {
		const Pfn first = first_of(section);

		if (first.raw() < rma_pages ||
		    xen_glue_memory_whole(first.raw(), section_pages.raw()) == 0 ||
		    !section_is_whole(first))
			continue;
		put_section(section, Place::Linux);
		++movable;
	}
	return movable;
}

void put_section(u64 section, Place place) noexcept
{
	account(sections.place[section], ~u64{0});
	account(place, 1);
	sections.place[section] = place;
}

std::optional<u64> find_section(Place place) noexcept
{
	for (u64 section = 0; section < sections.count; ++section)
		if (sections.place[section] == place)
			return section;
	return std::nullopt;
}

Result<void> remove_section(u64 section) noexcept
{
	const Result<void> removed =
		status_of(xen_glue_memory_remove(first_of(section).raw(), section_pages.raw()));

	if (removed)
		put_section(section, Place::Idle);
	return removed;
}

Result<void> restore_section(u64 section) noexcept
{
	const u64 first = first_of(section).raw();

	if (sections.place[section] == Place::Idle) {
		const Result<void> added =
			status_of(xen_glue_memory_add(first, section_pages.raw()));

		if (!added)
			return added;
		put_section(section, Place::Offline);
	}

	const Result<void> used =
		status_of(xen_glue_memory_online(first, section_pages.raw(), may_be_movable()));

	if (used)
		put_section(section, Place::Linux);
	return used;
}

Result<u64> empty_section() noexcept
{
	Result<void> removed = err::busy;

	if (xen_glue_memory_available() < section_pages.raw() + reserve_pages)
		return err::nomem;
	xen_glue_memory_drain();
	for (u32 i = 0; i < candidates; ++i) {
		const std::optional<u64> section = candidate();

		if (!section)
			break;
		removed = remove_section(*section);
		if (removed)
			return *section;
		put_section(*section, Place::Tried);
	}
	return removed.error();
}

} // namespace xen::ppc

/**
 * xen_ppc_balloon_offlined - pages left use, and are still mapped
 *
 * What a section held is no other domain's business once it leaves; whoever takes a section
 * offline, the balloon may be the next to have it.
 *
 * Context: Linux's notifier, in whichever task; may sleep.
 */
void xen_ppc_balloon_offlined(unsigned long pfn, unsigned long pages) noexcept
{
	for (unsigned long i = 0; i < pages; ++i)
		xen_glue_memory_scrub(pfn + i);
}
