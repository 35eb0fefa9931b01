// SPDX-License-Identifier: GPL-2.0
/* The process and the Xen of fake_area.hh. */
#include <cstdlib>

#include <gtest/gtest.h>

#include "fake_area.hh"
#include "fake_boot.hh"

namespace host {

namespace {

constexpr u64 page_bytes = 4096;

u64 big_endian(const u8 *at, unsigned int bytes)
{
	u64 value = 0;

	for (unsigned int i = 0; i < bytes; ++i)
		value = value << 8 | at[i];
	return value;
}

u8 *of_machine(u64 address)
{
	EXPECT_GE(address, machine_offset) << "not a machine address";
	return reinterpret_cast<u8 *>(address - machine_offset);
}

} // namespace

Process process;

u8 *Process::at(u64 address, u64 bytes)
{
	for (auto &[start, piece] : memory)
		if (address >= start && address - start <= piece.size() &&
		    bytes <= piece.size() - (address - start))
			return piece.data() + (address - start);
	if (address % page_bytes + bytes <= page_bytes)
		if (const auto page = mapped.find(address & ~(page_bytes - 1));
		    page != mapped.end())
			return page->second + address % page_bytes;
	return nullptr;
}

void reset_area()
{
	reset_calls();
	process = Process{};
	process.who = &process;
	announce(xen::ppc::Feature::XencommArea);
	announce(xen::ppc::Feature::XencommAreaMulti);
	xen::ppc::p2m_state.linear_limit = ~u64{0};
	xen::ppc::p2m_state.linear_offset = machine_offset;
}

SeenArea::SeenArea(u64 handle)
{
	EXPECT_EQ(handle >> 62, 1U) << "no area handle: " << std::hex << handle;

	u8 *const at = of_machine(handle & ((u64{1} << 62) - 1));
	u8 *const page = at - reinterpret_cast<u64>(at) % page_bytes;
	const u64 count = big_endian(page + 4, 4);

	argument_ = at;
	EXPECT_EQ(big_endian(page, 4), 0x58504147U) << "magic";
	EXPECT_GE(count, 1U);
	EXPECT_LE(count, 256U);
	EXPECT_GE(static_cast<u64>(at - page), 24 + 8 * (count - 1)) << "argument over the header";
	virt_base_ = big_endian(page + 8, 8);
	EXPECT_EQ(virt_base_ % page_bytes, 0U);
	EXPECT_LE(virt_base_ + count * page_bytes, u64{1} << 62);
	EXPECT_EQ(of_machine(big_endian(page + 16, 8)), page) << "physical base";
	pages_.push_back(page);
	for (u64 i = 1; i < count; ++i)
		pages_.push_back(of_machine(big_endian(page + 24 + 8 * (i - 1), 8)));
	for (const u8 *one : pages_)
		EXPECT_EQ(reinterpret_cast<u64>(one) % page_bytes, 0U);
}

std::vector<u8 *> SeenArea::data(u64 pointer, u64 bytes) const
{
	std::vector<u8 *> result;

	for (u64 i = 0; i < bytes; ++i) {
		const u64 offset = pointer + i - virt_base_, number = offset / page_bytes;

		EXPECT_GE(number, 1U) << "leads to the header's page";
		EXPECT_LT(number, pages_.size()) << "leaves the area";
		if (number < 1 || number >= pages_.size())
			return result;
		result.push_back(pages_[number] + offset % page_bytes);
	}
	return result;
}

u64 SeenArea::read_be(u64 at, unsigned int bytes) const
{
	return big_endian(argument_ + at, bytes);
}

void SeenArea::write_be(u64 at, unsigned int bytes, u64 value) const
{
	for (unsigned int i = bytes; i-- != 0; value >>= 8)
		argument_[at + i] = static_cast<u8>(value);
}

} // namespace host

using host::process;

[[gnu::weak]] void *xen_glue_area_page() noexcept
{
	process.on_page();
	if (process.fail_page != host::Process::never && process.fail_page-- == 0) {
		process.fail_page = host::Process::never;
		return nullptr;
	}
	++process.live_pages;

	void *const page = std::aligned_alloc(4096, 4096);

	std::memset(page, 0, 4096);
	return page;
}

[[gnu::weak]] void xen_glue_area_put_page(void *page) noexcept
{
	EXPECT_GT(process.live_pages, 0U);
	--process.live_pages;
	std::free(page);
}

[[gnu::weak]] int xen_glue_area_insert(void *, unsigned long address, void *page) noexcept
{
	if (process.fail_insert != host::Process::never && process.fail_insert-- == 0) {
		process.fail_insert = host::Process::never;
		return process.insert_error;
	}
	EXPECT_FALSE(process.locked) << "mapping waits for a call";
	process.mapped[address] = static_cast<host::u8 *>(page);
	process.seals.push_back(process.sealed);
	return 0;
}

[[gnu::weak]] void xen_glue_area_seal(void *) noexcept
{
	process.sealed = true;
}

[[gnu::weak]] const void *xen_glue_area_caller() noexcept
{
	return process.who;
}

[[gnu::weak]] void xen_glue_area_hold(const void *owner) noexcept
{
	++process.held[owner];
}

[[gnu::weak]] void xen_glue_area_drop(const void *owner) noexcept
{
	--process.held[owner];
}

[[gnu::weak]] int xen_glue_area_lock(xen_area *) noexcept
{
	EXPECT_FALSE(process.locked) << "locked twice";
	process.locked = !process.killed;
	return process.killed ? -4 : 0;
}

[[gnu::weak]] void xen_glue_area_unlock(xen_area *) noexcept
{
	EXPECT_TRUE(process.locked);
	process.locked = false;
}

[[gnu::weak]] int xen_glue_area_copy_in(void *to, unsigned long user, unsigned long bytes) noexcept
{
	const host::u8 *const from = process.at(user, bytes);

	EXPECT_TRUE(process.locked) << "the argument's page is shared";
	if (from == nullptr)
		return -14;
	std::memcpy(to, from, bytes);
	return 0;
}

[[gnu::weak]] int xen_glue_area_copy_out(unsigned long user, const void *from,
					 unsigned long bytes) noexcept
{
	host::u8 *const to = process.at(user, bytes);

	EXPECT_TRUE(process.locked);
	EXPECT_NE(bytes, 0U);
	if (to == nullptr || user + bytes > process.unwritable)
		return -14;
	std::memcpy(to, from, bytes);
	return 0;
}

[[gnu::weak]] int xen_glue_area_narrow() noexcept
{
	return process.narrow;
}
