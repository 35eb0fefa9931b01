// SPDX-License-Identifier: GPL-2.0
/*
 * The balloon: how much of its memory the domain has, in sections of 16 MB.
 *
 * A target says how much it should be.  One thread moves one section after the other until
 * it is so: out of Linux (balloon_sections.cc), then to the hypervisor (balloon_calls.cc);
 * or from the hypervisor and back into Linux.  What fails on the way is undone; what cannot
 * be undone is spare and the first to be tried again.  After a failure the thread waits,
 * longer each time, and gives up after some until there is another target.
 *
 * Locking: the thread alone moves sections; others write the target and the limits of
 * attempts, single words.
 * Cannot: give the real-mode area, sections with memory that Linux does not move (its own
 * tables), or single pages; have more than the domain started with.
 */
#include "balloon.hh"
#include "balloon_glue.h"
#include "balloon_sections.hh"
#include "balloon_size.hh"
#include "boot.hh"
#include "calls_glue.h"

namespace xen::ppc {

namespace {

/* What stays with the kernel: the real-mode area, 64 MB, and 1/32 for what describes it. */
constexpr u64 least_pages = u64{64} << (20 - page_shift);
constexpr u64 describing_share = 32;

struct Balloon {
	u64 pages;	/* of the domain when it has everything */
	u64 most_out;	/* sections */
	u64 wanted_out; /* sections; anybody's */
	u64 seen;	/* the wanted_out that the attempts are for */
	u64 attempts, max_attempts;
	u64 delay_s, max_delay_s;
	bool closed; /* the hypervisor's memory makes no sense: none is taken any more */
};

constexpr Balloon fresh{.pages = 0,
			.most_out = 0,
			.wanted_out = 0,
			.seen = 0,
			.attempts = 0,
			.max_attempts = 16,
			.delay_s = 1,
			.max_delay_s = 32,
			.closed = false};

constinit Balloon balloon = fresh;

/* One to give: not in use, if there is such a one. */
[[nodiscard]] Result<u64> section_to_give() noexcept
{
	if (const auto idle = find_section(Place::Idle))
		return *idle;
	const auto offline = find_section(Place::Offline);

	if (!offline)
		return empty_section();
	if (const Result<void> removed = remove_section(*offline); !removed)
		return removed.error();
	return *offline;
}

[[nodiscard]] Result<void> shrink() noexcept
{
	const Result<u64> section = section_to_give();

	if (!section)
		return section.error();

	const Result<void> given = give_section(first_of(section.value()));

	if (given) {
		put_section(section.value(), Place::Hypervisor);
		return given;
	}
	xen_glue_balloon_odd("the hypervisor does not take 16 MB:", given.to_linux());
	/* It is easy to empty now: without the mark it would be the next one, for ever. */
	if (const Result<void> restored = restore_section(section.value()); restored)
		put_section(section.value(), Place::Tried);
	else
		xen_glue_balloon_odd("16 MB are not in use for now:", restored.to_linux());
	return given;
}

/* What is the domain's and not in use. */
[[nodiscard]] Result<void> reuse() noexcept
{
	const auto offline = find_section(Place::Offline);

	return restore_section(offline ? *offline : *find_section(Place::Idle));
}

/* Linux has no use for new memory: the hypervisor may. */
void undo(u64 section) noexcept
{
	if (sections.place[section] == Place::Offline)
		if (const Result<void> removed = remove_section(section); !removed) {
			xen_glue_balloon_odd("16 MB are not in use for now:", removed.to_linux());
			return;
		}
	if (const Result<void> given = give_section(first_of(section)); given)
		put_section(section, Place::Hypervisor);
	else
		xen_glue_balloon_odd("16 MB are not in use for now:", given.to_linux());
}

[[nodiscard]] Result<void> grow() noexcept
{
	if (sections.spare != 0)
		return reuse();
	if (balloon.closed)
		return err::io;

	const auto section = find_section(Place::Hypervisor);

	contract(section.has_value(), "what is out is counted");

	const Result<void> taken = take_section(first_of(*section));

	if (!taken) {
		balloon.closed = taken.error() == err::io;
		return taken;
	}
	put_section(*section, Place::Idle);

	const Result<void> restored = restore_section(*section);

	if (!restored)
		undo(*section);
	return restored;
}

[[nodiscard]] u64 without(const u64 &out) noexcept
{
	return balloon.pages * page_kb - word(out) * section_kb;
}

/* ms until the next attempt; negative: until somebody sets a target. */
[[nodiscard]] long wait_after(Errno why) noexcept
{
	const u64 delay = balloon.delay_s, most = word(balloon.max_delay_s);
	const u64 limit = word(balloon.max_attempts);

	set_word(balloon.attempts, balloon.attempts + 1);
	if ((limit != 0 && balloon.attempts >= limit) || balloon.closed) {
		xen_glue_balloon_stopped(without(sections.out), without(balloon.wanted_out),
					 why.to_linux());
		return -1;
	}
	set_word(balloon.delay_s, delay * 2 < most ? delay * 2 : most);
	return static_cast<long>(delay < most ? delay : most) * 1000;
}

void start_again() noexcept
{
	set_word(balloon.attempts, 0);
	set_word(balloon.delay_s, 1);
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

/**
 * xen_ppc_balloon_init - find out what may leave the domain
 *
 * The historical hypervisor takes memory back without a look at who still uses it: there is
 * no balloon on it.
 *
 * Context: an initcall, before the thread runs.
 *
 * Return: 0; -ENODEV where there is nothing to do, -ENOMEM.
 */
int xen_ppc_balloon_init() noexcept
{
	if (!boot().found || historical() || boot().ram_pages < section_pages.raw())
		return xen::err::nodev.to_linux();

	const xen::Result<u64> movable = survey_sections(boot().ram_pages >> section_order);

	if (!movable)
		return movable.error().to_linux();
	balloon = fresh;
	balloon.pages = xen_glue_memory_pages();

	const u64 floor = (xen_glue_rma_bytes() >> page_shift) + least_pages +
			  balloon.pages / describing_share;
	const u64 above = balloon.pages > floor ? (balloon.pages - floor) / section_pages.raw() : 0;

	balloon.most_out = movable.value() < above ? movable.value() : above;
	return 0;
}

/**
 * xen_ppc_balloon_step - one section nearer to the target
 *
 * Context: the balloon's thread; sleeps.
 *
 * Return: ms until the next step; negative: when somebody wakes the thread.
 */
long xen_ppc_balloon_step() noexcept
{
	const u64 wanted = word(balloon.wanted_out);

	if (wanted != balloon.seen) {
		balloon.seen = wanted;
		start_again();
	}
	if (sections.out == wanted && sections.spare == 0)
		return -1;

	const xen::Result<void> moved = sections.out < wanted	? shrink()
					: sections.out > wanted ? grow()
								: reuse();

	if (!moved)
		return wait_after(moved.error());
	start_again();
	return 0;
}

/** xen_ppc_balloon_get - a number for sysfs; any context */
unsigned long xen_ppc_balloon_get(xen_balloon_value which) noexcept
{
	switch (which) {
	case XEN_BALLOON_TARGET:
		return without(balloon.wanted_out);
	case XEN_BALLOON_CURRENT:
		return without(sections.out);
	case XEN_BALLOON_OUT:
		return word(sections.out) * section_kb;
	case XEN_BALLOON_DELAY:
		return word(balloon.delay_s);
	case XEN_BALLOON_MAX_DELAY:
		return word(balloon.max_delay_s);
	case XEN_BALLOON_ATTEMPTS:
		return word(balloon.attempts);
	case XEN_BALLOON_MAX_ATTEMPTS:
		return word(balloon.max_attempts);
	}
	return 0;
}

/**
 * xen_ppc_balloon_set - a number from sysfs or xenstore
 *
 * A target is rounded down to whole sections and limited: not below what the kernel needs,
 * not above what the domain started with.
 *
 * Context: any that may wake a thread.
 *
 * Return: 0; -EINVAL for what cannot be set, or not so.
 */
int xen_ppc_balloon_set(xen_balloon_value which, unsigned long long value) noexcept
{
	constexpr u64 longest_s = 3600, most_attempts = 1000000;

	switch (which) {
	case XEN_BALLOON_TARGET:
		set_word(balloon.wanted_out,
			 sections_out(value, balloon.pages * page_kb, balloon.most_out));
		xen_glue_balloon_wake();
		return 0;
	case XEN_BALLOON_MAX_DELAY:
		if (value < 1 || value > longest_s)
			return xen::err::inval.to_linux();
		set_word(balloon.max_delay_s, value);
		return 0;
	case XEN_BALLOON_MAX_ATTEMPTS:
		if (value > most_attempts)
			return xen::err::inval.to_linux();
		set_word(balloon.max_attempts, value);
		return 0;
	default:
		return xen::err::inval.to_linux();
	}
}

/**
 * xen_ppc_balloon_set_bytes - a target from sysfs, as it was written there
 * @text: a size in bytes, with or without a suffix: bytes_of()
 *
 * Context: as xen_ppc_balloon_set().
 *
 * Return: 0; -EINVAL for what is no size, -ERANGE for one that no number holds.
 */
int xen_ppc_balloon_set_bytes(const char *text) noexcept
{
	const xen::Result<u64> bytes = bytes_of(text);

	return bytes ? xen_ppc_balloon_set(XEN_BALLOON_TARGET, bytes.value() / 1024)
		     : bytes.error().to_linux();
}
