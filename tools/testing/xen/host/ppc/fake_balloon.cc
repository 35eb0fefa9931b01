// SPDX-License-Identifier: GPL-2.0
/* The Linux and the hypervisor of fake_balloon.hh. */
#include "fake_balloon.hh"

#include <gtest/gtest.h>

#include "abi/memory.hh"
#include "fake_boot.hh"
#include "fake_window.hh"
#include "p2m.hh"

namespace host {

using xen::ppc::MemoryReservation;

World *world;

namespace {

constexpr int ebusy = -16, enomem = -12;
constexpr u64 h_remove_number = 0x04, h_enter_number = 0x08;

/* Where the sections lie at the start: in an order of its own, the real-mode area in one. */
u64 machine_of(u64 index)
{
	return (index < rma_sections ? 40 + index : 36 - index) * section;
}

} // namespace

World::World(bool is_direct) : table(all_sections * section * 4), direct(is_direct)
{
	world = this;
	for (u64 i = 0; i < all_sections; ++i)
		for (u64 page = 0; page < section; ++page) {
			set_word(i * section + page, machine_of(i) + page);
			mine[(direct ? machine_of(i) : i * section) + page] = true;
		}
	answer = [this](const Trapped &call) {
		return memory_op(call);
	};
}

World::~World()
{
	world = nullptr;
}

u64 World::word(u64 pfn) const
{
	u64 value = 0;

	for (u64 i = 0; i < 4; ++i)
		value = value << 8 | table[pfn * 4 + i];
	return value == 0xffffffff ? none : value;
}

void World::set_word(u64 pfn, u64 mfn)
{
	for (u64 i = 0; i < 4; ++i)
		table[pfn * 4 + i] = static_cast<u8>(mfn >> (24 - 8 * i));
}

u64 World::owned() const
{
	return static_cast<u64>(std::count(mine.begin(), mine.end(), true));
}

u64 World::used() const
{
	return static_cast<u64>(std::count(use.begin(), use.end(), Use::Used));
}

void World::check() const
{
	std::vector<bool> seen(mine.size());
	u64 entries = 0;

	for (u64 pfn = 0; pfn < all_sections * section && direct; ++pfn) {
		const u64 mfn = word(pfn);

		if (mfn == none) {
			ASSERT_NE(use[pfn / section], Use::Used) << "used without memory: " << pfn;
			continue;
		}
		ASSERT_LT(mfn, mine.size()) << pfn;
		ASSERT_TRUE(mine[mfn]) << "an entry for a frame that went, " << pfn;
		ASSERT_FALSE(seen[mfn]) << "two entries for one frame, " << pfn;
		seen[mfn] = true;
		++entries;
	}
	if (direct) {
		ASSERT_EQ(entries, owned()) << "a frame is lost";
	}
	ASSERT_EQ(current() * section, owned());
	ASSERT_EQ(xen_ppc_balloon_get(XEN_BALLOON_OUT) / 4 + owned(), all_sections * section);
}

unsigned int World::run(unsigned int most)
{
	for (unsigned int steps = 1; steps <= most; ++steps) {
		const long ms = xen_ppc_balloon_step();

		check();
		if (ms != 0 || ::testing::Test::HasFatalFailure())
			return steps;
	}
	ADD_FAILURE() << "no end";
	return most;
}

void World::target(u64 sections)
{
	EXPECT_EQ(xen_ppc_balloon_set(XEN_BALLOON_TARGET, sections * section * 4), 0);
}

bool World::fails(const char *what)
{
	asked.emplace_back(what);
	return failing.contains(what) || random() % 100 < chance;
}

void World::moment(const char *name) const
{
	if (meanwhile)
		meanwhile(name);
}

void World::trap(u64 *r)
{
	if (r[0] != h_enter_number && r[0] != h_remove_number) {
		EXPECT_EQ(window_glue.locked, 0) << "a call of Xen's under the window's lock";
		Xen::trap(r);
		return;
	}
	if (r[0] == h_enter_number) {
		const u64 frame = (r[4] >> 12) & ((u64{1} << 50) - 1);

		if (mine.at(frame))
			own_entered.push_back(frame);
		r[1] = r[2]; /* the group's first slot */
	}
	r[0] = 0;
}

s64 World::memory_op(const Trapped &call)
{
	const auto argument = get<MemoryReservation>(call.arg[1]);

	EXPECT_EQ(call.number, 12U);
	EXPECT_EQ(argument.nr_extents.load(), 1U);
	EXPECT_EQ(argument.extent_order.load(), 12U) << "only whole sections";
	EXPECT_EQ(argument.domid.load(), 0x7ff0);
	EXPECT_EQ(argument.address_bits.load(), 0U);
	if (call.arg[0] == 1) {
		moment("decrease");
		const s64 done = decrease(get<xen::Be<u64>>(argument.extent_start.load()).load());

		moment("decreased");
		return done;
	}
	EXPECT_EQ(call.arg[0], 6U);
	moment("populate");
	const s64 done = populate(argument.extent_start.load());

	moment("populated");
	return done;
}

s64 World::decrease(u64 number)
{
	if (fails("decrease"))
		return random() % 2 ? 0 : -14;
	if (kept.contains(number))
		return 0;
	for (u64 i = 0; i < section; ++i)
		if (number + i >= mine.size() || !mine[number + i]) {
			ADD_FAILURE() << "not the domain's: " << number + i;
			return 0;
		}
	for (u64 pfn = 0; pfn < all_sections * section; ++pfn) {
		const u64 mfn = direct ? word(pfn) : pfn;

		if (mfn < number || mfn >= number + section)
			continue;
		if (direct)
			ADD_FAILURE() << "given with an entry, " << pfn;
		EXPECT_GE(pfn, rma_sections * section) << "of the real-mode area";
		EXPECT_EQ(use[pfn / section], Use::Gone) << "Linux has pages for it";
		EXPECT_TRUE(scrubbed[pfn]) << "contents are given away";
	}
	EXPECT_TRUE(settled) << "somebody may have looked it up";
	for (u64 i = 0; i < section; ++i)
		mine[number + i] = false;
	return decrease_answer;
}

s64 World::populate(u64 handle)
{
	const u64 pfn = get<xen::Be<u64>>(handle).load();
	u64 first = direct ? 0 : pfn;

	EXPECT_EQ(pfn % section, 0U);
	EXPECT_EQ(use.at(pfn / section), Use::Gone);
	if (direct) {
		EXPECT_EQ(word(pfn), none);
	}
	if (fails("populate"))
		return random() % 2 ? 0 : -22;
	while (direct && mine[first])
		first += section;
	if (really)
		first = offered;
	for (u64 i = 0; i < section; ++i) {
		EXPECT_FALSE(mine[first + i]);
		mine[first + i] = true;
	}
	if (direct)
		put(handle, xen::Be<u64>{offered != none ? offered : first});
	return populate_answer;
}

} // namespace host

using host::Use;
using host::world;
using xen::ppc::u64;

unsigned long xen_glue_memory_pages() noexcept
{
	return host::all_sections * host::section;
}

int xen_glue_memory_whole(unsigned long, unsigned long pages) noexcept
{
	EXPECT_EQ(pages, host::section);
	return 1;
}

unsigned long xen_glue_memory_available() noexcept
{
	return world->available;
}

unsigned char *xen_glue_balloon_bytes(unsigned long count) noexcept
{
	if (world->fails("bytes"))
		return nullptr;
	return world->bytes.emplace_back(count).data();
}

xen_page_state xen_glue_page_state(unsigned long pfn) noexcept
{
	const auto found = world->odd_pages.find(pfn);

	return found == world->odd_pages.end() ? XEN_PAGE_MOVES : found->second;
}

void xen_glue_memory_drain() noexcept {}

int xen_glue_memory_remove(unsigned long pfn, unsigned long pages) noexcept
{
	Use &use = world->use.at(pfn / host::section);

	EXPECT_EQ(pages, host::section);
	EXPECT_EQ(pfn % host::section, 0U);
	EXPECT_NE(use, Use::Gone);
	if (world->fails("remove"))
		return host::ebusy;
	if (use == Use::Used)
		xen_ppc_balloon_offlined(pfn, pages);
	use = Use::Gone;
	world->settled = false;
	return 0;
}

int xen_glue_memory_add(unsigned long pfn, unsigned long pages) noexcept
{
	Use &use = world->use.at(pfn / host::section);

	EXPECT_EQ(pages, host::section);
	EXPECT_EQ(use, Use::Gone);
	if (world->fails("add"))
		return host::enomem;
	/* The kernel maps it now. */
	for (u64 i = 0; i < pages; ++i) {
		const u64 mfn = world->direct ? world->word(pfn + i) : pfn + i;

		EXPECT_TRUE(mfn < world->mine.size() && world->mine[mfn]) << pfn + i;
	}
	use = Use::Offline;
	world->moment("add");
	return 0;
}

unsigned long xen_glue_memory_used() noexcept
{
	return world->used() * host::section;
}

unsigned long xen_glue_memory_movable() noexcept
{
	u64 pages = 0;

	for (u64 i = 0; i < host::all_sections; ++i)
		if (world->use[i] == Use::Used && world->movable[i])
			pages += host::section;
	return pages;
}

int xen_glue_memory_online(unsigned long pfn, unsigned long, int movable) noexcept
{
	Use &use = world->use.at(pfn / host::section);

	world->movable[pfn / host::section] = movable != 0;

	EXPECT_EQ(use, Use::Offline);
	if (world->fails("online"))
		return host::ebusy;
	use = Use::Used;
	return 0;
}

void xen_glue_memory_settle() noexcept
{
	world->settled = true;
	world->moment("settle");
}

void xen_glue_memory_scrub(unsigned long pfn) noexcept
{
	world->scrubbed.at(pfn) = true;
}

void xen_glue_balloon_pause() noexcept
{
	world->moment("pause");
}

void xen_glue_balloon_wake() noexcept
{
	++world->woken;
}

void xen_glue_balloon_odd(const char *what, long number) noexcept
{
	world->messages.emplace_back(what, number);
}

void xen_glue_balloon_stopped(unsigned long, unsigned long, long) noexcept
{
	++world->stopped;
}
