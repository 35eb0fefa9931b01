// SPDX-License-Identifier: GPL-2.0
/* The process of fake_user.hh, and the services that the kernel would lend. */
#include "fake_user.hh"

#include <algorithm>
#include <cstdlib>

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

#include <gtest/gtest.h>

#include "translate.hh"
#include "user_memory_glue.h"

namespace host {

namespace {

using namespace xen::ppc;

constexpr u64 arena_start = 0x20000000, user_end = u64{1} << 46;
constexpr u32 arena_pages = 8192, first_frame = 0x5000;
constexpr u64 not_ours = u64{1} << 40; /* where other domains' pages are, translated */
constexpr u64 arena_end = (arena_start >> page_shift) + arena_pages;

struct Arena {
	User::Page page[arena_pages];
	p2m::Entry table[arena_end];
	u32 frame_page[2 * arena_pages]; /* the page behind a frame from first_frame on */
};

Arena &arena()
{
	static Arena &only = []() -> Arena & {
		void *const at = reinterpret_cast<void *>(arena_start);

		if (mmap(at, arena_pages * page_size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1,
			 0) != at)
			std::abort();
		ASAN_POISON_MEMORY_REGION(at, arena_pages * page_size);
		Arena *const made = new Arena{};

		std::fill(std::begin(made->table), std::end(made->table), p2m::Entry{p2m::invalid});
		return *made;
	}();

	return only;
}

u32 index_of(const void *at)
{
	const u64 address = reinterpret_cast<u64>(at);

	if (address < arena_start || address >= arena_start + arena_pages * page_size ||
	    address % page_size != 0)
		ADD_FAILURE() << "no page: " << at;
	return static_cast<u32>((address - arena_start) / page_size % arena_pages);
}

u8 *start_of(u32 index)
{
	return reinterpret_cast<u8 *>(arena_start + u64{index} * page_size);
}

} // namespace

User *user;

User::User(bool direct)
{
	Arena &all = arena();

	before_ = {p2m_state.direct, p2m_state.table, p2m_state.ram_end, p2m_state.linear_limit,
		   p2m_state.linear_offset};
	p2m_state.direct = direct;
	p2m_state.table = direct ? P2mTable{all.table, arena_end} : P2mTable{};
	p2m_state.ram_end = arena_end;
	p2m_state.linear_limit = direct ? 0 : ~u64{0};
	p2m_state.linear_offset = 0;
	user = this;
}

User::~User()
{
	Arena &all = arena();

	for (const u32 index : used_) {
		all.page[index] = Page{};
		all.table[(arena_start >> page_shift) + index].store(p2m::invalid);
		ASAN_POISON_MEMORY_REGION(start_of(index), page_size);
	}
	p2m_state.direct = before_.direct;
	p2m_state.table = before_.table;
	p2m_state.ram_end = before_.ram_end;
	p2m_state.linear_limit = before_.linear_limit;
	p2m_state.linear_offset = before_.linear_offset;
	user = nullptr;
}

u8 *User::at(const Page &page)
{
	return start_of(static_cast<u32>(&page - arena().page));
}

/* Every other page stays poison, so that nothing can run over from one into the next. */
u32 User::allocate(bool after, bool straight)
{
	Arena &all = arena();

	next_ += after ? 1 : 2;
	if (next_ >= arena_pages)
		next_ = 1;
	while (all.page[next_].maps + all.page[next_].pins + all.page[next_].gets != 0 ||
	       all.page[next_].kernel)
		if (++next_ >= arena_pages)
			std::abort();

	/* Frames go in threes and backwards, 2 1 0 5 4 3 ...; those of straight runs do not. */
	u32 frame = arena_pages + straight_frame_ % arena_pages;

	if (straight)
		++straight_frame_;
	else
		frame = frame_ / 3 * 3 + 2 - frame_ % 3, frame_ = (frame_ + 1) % (arena_pages - 2);
	used_.push_back(next_);
	all.frame_page[frame] = next_;
	all.table[(arena_start >> page_shift) + next_].store(first_frame + frame);
	ASAN_UNPOISON_MEMORY_REGION(start_of(next_), page_size);
	std::fill_n(start_of(next_), page_size, u8{0});
	return next_;
}

/* A page that nobody has any more is poison. */
void User::settle(Page &page)
{
	if (!page.kernel && page.maps + page.pins + page.gets == 0)
		ASAN_POISON_MEMORY_REGION(at(page), page_size);
}

void User::map(u64 address, unsigned int pages, Mapping how)
{
	for (unsigned int i = 0; i < pages; ++i) {
		const u32 index = allocate((how.straight || how.row) && i != 0, how.straight);
		Page &page = arena().page[index];

		page = Page{};
		page.how = how;
		page.maps = 1;
		page.kernel = how.kernel;
		mapped_[address / page_size + i] = index;
		if (!how.own && is_direct()) {
			p2m::Entry &entry = arena().table[(arena_start >> page_shift) + index];

			entry.store(entry.load() | p2m::KindField::make(p2m::Kind::Foreign));
		}
	}
}

void User::unmap(u64 address, unsigned int pages)
{
	for (unsigned int i = 0; i < pages; ++i) {
		const auto found = mapped_.find(address / page_size + i);

		if (found == mapped_.end())
			continue;
		Page &page = arena().page[found->second];

		mapped_.erase(found);
		page.maps = 0;
		settle(page);
	}
}

User::Page *User::mapped(u64 address)
{
	const auto found = mapped_.find(address / page_size);

	return found != mapped_.end() ? &arena().page[found->second] : nullptr;
}

u8 *User::memory(u64 address)
{
	Page *const page = mapped(address);

	return page != nullptr ? at(*page) + address % page_size : nullptr;
}

void User::put(u64 address, std::span<const u8> data)
{
	for (const u8 byte : data)
		if (u8 *const to = memory(address++))
			*to = byte;
		else
			ADD_FAILURE() << "the test writes where nothing is mapped";
}

std::vector<u8> User::get(u64 address, std::size_t bytes)
{
	std::vector<u8> data;

	for (std::size_t i = 0; i < bytes; ++i)
		if (const u8 *const from = memory(address + i))
			data.push_back(*from);
		else
			ADD_FAILURE() << "the test reads where nothing is mapped";
	data.resize(bytes);
	return data;
}

u8 *User::machine(u64 address, bool write)
{
	u64 index;

	if (is_direct()) {
		const u64 frame = (address >> page_shift) - first_frame;

		if (frame >= 2 * arena_pages)
			return nullptr;
		index = arena().frame_page[frame];
		/* Two pages never have one frame, but frames of old pages are remembered. */
		if (arena().table[(arena_start >> page_shift) + index].load() !=
		    first_frame + frame)
			return nullptr;
	} else {
		index = (address - arena_start) >> page_shift;
		if (index >= arena_pages)
			return nullptr;
	}

	const Page &page = arena().page[index];

	if (!page.kernel && (page.pins + page.gets == 0 || (write && page.writers == 0)))
		return nullptr;
	return start_of(static_cast<u32>(index)) + address % page_size;
}

void User::hold(unsigned int &count, Page &held, bool write)
{
	++count;
	held.writers += write;
	most_held = std::max(most_held, ++held_);
}

void User::let_go(unsigned int &count, Page &held, bool write)
{
	EXPECT_NE(count, 0U) << "a reference that is not there";
	EXPECT_GE(held.writers, write ? 1U : 0U) << "given back as it was not taken";
	--count;
	--held_;
	held.writers -= write;
	settle(held);
}

void *User::kernel_page()
{
	const u32 index = allocate(false);

	arena().page[index] = Page{};
	arena().page[index].kernel = true;
	++kernel_pages_;
	return start_of(index);
}

void User::free_kernel_page(void *at)
{
	Page &freed = arena().page[index_of(at)];

	EXPECT_TRUE(freed.kernel) << "freed twice";
	freed.kernel = false;
	--kernel_pages_;
	settle(freed);
}

namespace {

User::Page &from_list(const void *page)
{
	return *static_cast<User::Page *>(const_cast<void *>(page));
}

/* As far as pages are there; what is left over is the result. */
unsigned long copy(u64 address, u8 *kernel, unsigned long bytes, bool to_user)
{
	while (bytes != 0) {
		const u64 here = std::min<u64>(bytes, page_size - address % page_size);
		const User::Page *const page = address < user_end ? user->mapped(address) : nullptr;

		if (page == nullptr || (to_user && !page->how.write))
			break;

		u8 *const memory = User::at(*page) + address % page_size;

		if (to_user)
			std::copy_n(kernel, here, memory);
		else
			std::copy_n(memory, here, kernel);
		address += here;
		kernel += here;
		bytes -= here;
	}
	return bytes;
}

} // namespace

} // namespace host

using host::user;
using xen::ppc::u64;

[[gnu::weak]] int xen_glue_user_compat() noexcept
{
	return user->compat;
}

[[gnu::weak]] int xen_glue_user_range(unsigned long start, unsigned long bytes) noexcept
{
	return start <= host::user_end && bytes <= host::user_end - start;
}

[[gnu::weak]] unsigned long xen_glue_user_read(void *to, unsigned long from,
					       unsigned long bytes) noexcept
{
	user->meanwhile();
	return host::copy(from, static_cast<xen::ppc::u8 *>(to), bytes, false);
}

[[gnu::weak]] unsigned long xen_glue_user_write(unsigned long to, const void *from,
						unsigned long bytes) noexcept
{
	user->meanwhile();
	return host::copy(to, static_cast<xen::ppc::u8 *>(const_cast<void *>(from)), bytes, true);
}

[[gnu::weak]] int xen_glue_user_pin(unsigned long start, unsigned int pages, int write,
				    void **list) noexcept
{
	unsigned int done = 0;

	user->meanwhile();
	EXPECT_EQ(start % 4096, 0U);
	EXPECT_NE(pages, 0U);
	if (user->pin_error != 0)
		return user->pin_error;
	for (; done < std::min(pages, user->pin_at_once); ++done) {
		host::User::Page *const page = user->mapped(start + u64{done} * 4096);

		if (page == nullptr || page->how.io || (write != 0 && !page->how.write))
			break;
		user->hold(page->pins, *page, write != 0);
		list[done] = page;
	}
	return done != 0 ? static_cast<int>(done) : -14;
}

[[gnu::weak]] void xen_glue_user_unpin(void **list, unsigned int pages, int dirty) noexcept
{
	for (unsigned int i = 0; i < pages; ++i) {
		host::User::Page &page = host::from_list(list[i]);

		user->let_go(page.pins, page, dirty != 0);
	}
}

[[gnu::weak]] int xen_glue_user_walk(unsigned long start, int write, void **list) noexcept
{
	user->meanwhile();

	host::User::Page *const page = user->mapped(start);

	if (page == nullptr || !page->how.io || (write != 0 && !page->how.write))
		return -14;
	user->hold(page->gets, *page, write != 0);
	*list = page;
	return 0;
}

[[gnu::weak]] void xen_glue_user_put(void *taken, int dirty) noexcept
{
	host::User::Page &page = host::from_list(taken);

	user->let_go(page.gets, page, dirty != 0);
}

[[gnu::weak]] unsigned long xen_glue_user_address(const void *page) noexcept
{
	const host::User::Page &known = host::from_list(page);
	const u64 address = reinterpret_cast<u64>(host::User::at(known));

	return known.how.own || xen::ppc::is_direct() ? address : address + host::not_ours;
}

[[gnu::weak]] void *xen_glue_page_alloc() noexcept
{
	user->meanwhile();
	if (user->allocations_left == 0)
		return nullptr;
	user->allocations_left -= user->allocations_left > 0;

	return user->kernel_page();
}

[[gnu::weak]] void xen_glue_page_free(void *at) noexcept
{
	user->free_kernel_page(at);
}

[[gnu::weak]] int xen_glue_user_pause() noexcept
{
	user->meanwhile();
	if (user->pauses_left == 0)
		return 1;
	user->pauses_left -= user->pauses_left > 0;
	return 0;
}

[[gnu::weak]] void xen_glue_user_refused(unsigned long call, unsigned long op, int error) noexcept
{
	user->passed_over.push_back({call, op, error});
}
