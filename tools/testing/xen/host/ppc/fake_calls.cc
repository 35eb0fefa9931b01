// SPDX-License-Identifier: GPL-2.0
/* The memory, the kernel and the Xen of fake_calls.hh. */
#include <algorithm>

#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "calls_glue.h"
#include "fake_boot.hh"
#include "fake_calls.hh"
#include "grant_glue.h"
#include "hypercall_counters_glue.h"
#include "xencomm_glue.h"

namespace host {

namespace {

constexpr std::size_t page = 4096;

std::vector<const MappedMemory *> &areas()
{
	static std::vector<const MappedMemory *> list;

	return list;
}

/* The pieces of guest-physical memory behind a handle, as (address, bytes). */
std::vector<std::pair<u8 *, std::size_t>> pieces_of(u64 handle, std::size_t bytes)
{
	using xen::ppc::inline_flag;
	std::vector<std::pair<u8 *, std::size_t>> pieces;

	if ((handle & inline_flag) != 0) {
		pieces.emplace_back(reinterpret_cast<u8 *>(handle & ~inline_flag), bytes);
		return pieces;
	}
	EXPECT_NE(handle, 0U) << "null handle followed";
	EXPECT_EQ(handle % 8, 0U) << "descriptor not aligned";
	if (handle == 0)
		return pieces;

	const auto *const desc = reinterpret_cast<const u8 *>(handle);
	const auto word = [desc](std::size_t at, unsigned int size) {
		u64 value = 0;

		for (unsigned int i = 0; i < size; ++i)
			value = value << 8 | desc[at + i];
		return value;
	};
	const u64 count = word(4, 4);

	EXPECT_EQ(word(0, 4), 0x58434f4dU) << "no descriptor";
	EXPECT_EQ(handle / page, (handle + 8 + 8 * count - 1) / page)
		<< "the historical hypervisor follows no descriptor across a page";
	for (u64 i = 0; i < count && bytes != 0; ++i) {
		const u64 address = word(8 + 8 * i, 8);
		const std::size_t here = std::min(bytes, page - address % page);

		EXPECT_TRUE(i == 0 || address % page == 0) << "only the first may begin inside";
		pieces.emplace_back(reinterpret_cast<u8 *>(address), here);
		bytes -= here;
	}
	EXPECT_EQ(bytes, 0U) << "the descriptor is too short";
	return pieces;
}

} // namespace

Kernel kernel;

MappedMemory::MappedMemory(unsigned int pages) : pages_(pages)
{
	const int file = memfd_create("mapped", 0);
	const std::size_t size = pages * page;

	EXPECT_EQ(ftruncate(file, static_cast<off_t>(size)), 0);
	memory_ =
		static_cast<u8 *>(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
	view_ = static_cast<u8 *>(
		mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	for (unsigned int i = 0; i < pages; ++i)
		EXPECT_EQ(mmap(view_ + i * page, page, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_FIXED, file,
			       static_cast<off_t>((pages - 1 - i) * page)),
			  view_ + i * page);
	close(file);
	areas().push_back(this);
}

MappedMemory::~MappedMemory()
{
	std::erase(areas(), this);
	munmap(view_, pages_ * page);
	munmap(memory_, pages_ * page);
}

bool MappedMemory::holds(const void *at) const
{
	return at >= view_ && at < view_ + pages_ * page;
}

u64 MappedMemory::physical(const void *at) const
{
	const auto offset = static_cast<std::size_t>(static_cast<const u8 *>(at) - view_);
	const auto index = static_cast<unsigned int>(offset / page);

	if (std::find(holes_.begin(), holes_.end(), index) != holes_.end())
		return ~u64{0};
	return reinterpret_cast<u64>(memory_ + (pages_ - 1 - index) * page + offset % page);
}

void reset_calls()
{
	kernel = Kernel{};
	reset_cpu();
	reset_boot();
}

void Xen::trap(u64 *r)
{
	EXPECT_EQ(r[0] >> 16, 0xffffffffffffU) << "not a call of Xen's: " << std::hex << r[0];
	calls.push_back({r[0] & 0xffff, {r + 1, r + 9}});
	r[0] = static_cast<u64>(answer(calls.back()));
}

std::vector<u8> Xen::read(u64 handle, std::size_t bytes)
{
	std::vector<u8> data;

	for (const auto &[at, size] : pieces_of(handle, bytes))
		data.insert(data.end(), at, at + size);
	data.resize(bytes);
	return data;
}

void Xen::write(u64 handle, std::span<const u8> data)
{
	for (const auto &[at, size] : pieces_of(handle, data.size())) {
		std::copy_n(data.begin(), size, at);
		data = data.subspan(size);
	}
}

} // namespace host

using host::kernel;

[[gnu::weak]] xen::ppc::Region xen::ppc::region_of(const void *at) noexcept
{
	for (const host::MappedMemory *area : host::areas())
		if (area->holds(at))
			return Region::Mapped;
	return reinterpret_cast<u64>(at) <= reinterpret_cast<u64>(host::alien()) ? Region::Alien
										 : Region::Linear;
}

[[gnu::weak]] unsigned long xen_glue_mapped_address(const void *at) noexcept
{
	for (const host::MappedMemory *area : host::areas())
		if (area->holds(at))
			return area->physical(at);
	return ~0UL;
}

[[gnu::weak]] unsigned long xen_glue_irqs_off() noexcept
{
	++kernel.irqs_off_calls;
	return static_cast<unsigned long>(++kernel.irqs_off);
}

[[gnu::weak]] void xen_glue_irqs_restore(unsigned long flags) noexcept
{
	EXPECT_EQ(static_cast<unsigned long>(kernel.irqs_off), flags);
	--kernel.irqs_off;
}

[[gnu::weak]] void xen_glue_call_refused(const char *call, const char *op, unsigned int number,
					 long status) noexcept
{
	EXPECT_EQ(kernel.irqs_off, 0) << "a message while a descriptor is in use";
	kernel.refusals.push_back({call, op, number, status});
}

[[gnu::weak]] unsigned long xen_glue_rma_bytes() noexcept
{
	return kernel.rma_bytes;
}

[[gnu::weak]] void xen_glue_count(xen_glue_reader *, const char *, unsigned long) noexcept {}

[[gnu::weak]] int xen_glue_grant_map(unsigned long, unsigned int) noexcept
{
	return 0;
}

[[gnu::weak]] void xen_glue_grant_publish(const unsigned long long *, unsigned int) noexcept {}

[[gnu::weak]] void xen_glue_grant_message(const char *, long) noexcept {}
