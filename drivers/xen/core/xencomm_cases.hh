/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of the descriptor builder: what a hypervisor finds when it follows a handle.
 */
#ifndef XEN_CORE_XENCOMM_CASES_HH
#define XEN_CORE_XENCOMM_CASES_HH

#include <xen/core/xencomm.hh>

#include "cases.hh"

namespace xen::cases::xencomm_pages {

using std::uint32_t;
using std::uint64_t;
namespace layout = xen::xencomm;

inline constexpr uint64_t page_bytes = 4096, own_address = 0x7654000, base = 0x100000;

struct alignas(page_bytes) Page {
	Be<uint64_t> word[512];
};
inline constinit Page page{};

/* Pages @step apart in the machine, and none from @end on. */
struct Pages {
	uint64_t first, step, end;
	mutable uint64_t asked = 0;

	[[nodiscard]] Result<uint64_t> address(uint64_t i) const noexcept
	{
		asked = asked + 1;
		if (i >= end)
			return err::fault;
		return first + i * step;
	}
};

XEN_CASE(pages_in_a_row_are_named_by_one_address)
{
	XencommPage descriptors{page.word, own_address};

	for (const uint64_t offset : {uint64_t{0}, uint64_t{1}, uint64_t{4095}})
		for (const uint64_t bytes : {uint64_t{1}, uint64_t{4096}, uint64_t{3000000}}) {
			const auto handle = descriptors.handle(
				Pages{base, page_bytes, ~uint64_t{0}}, opaque(offset), bytes);

			CHECK(handle.ok());
			CHECK_EQ(handle.value_or(0), uint64_t{1} << 63 | (base + offset));
		}
	CHECK_EQ(descriptors.used(), 0U);
}

XEN_CASE(scattered_pages_are_listed)
{
	XencommPage descriptors{page.word, own_address};
	const auto first = descriptors.handle(Pages{base, 2 * page_bytes, 3}, opaque(100U), 8192);
	const auto second = descriptors.handle(Pages{base, 3 * page_bytes, 2}, opaque(0U), 4097);

	CHECK_EQ(first.value_or(0), own_address);
	CHECK_EQ(page.word[0].load(), uint64_t{0x58434f4d} << 32 | 3);
	CHECK_EQ(page.word[1].load(), base + 100);
	CHECK_EQ(page.word[2].load(), base + 8192);
	CHECK_EQ(page.word[3].load(), base + 16384);
	CHECK_EQ(second.value_or(0), own_address + 32);
	CHECK_EQ(page.word[4].load(), uint64_t{0x58434f4d} << 32 | 2);
	CHECK_EQ(page.word[5].load(), base);
	CHECK_EQ(page.word[6].load(), base + 12288);
	CHECK_EQ(descriptors.used(), 7U);
}

XEN_CASE(the_last_of_many_pages_decides)
{
	struct Almost {
		uint64_t odd;

		[[nodiscard]] Result<uint64_t> address(uint64_t i) const noexcept
		{
			return base + (i == odd ? i + 7 : i) * page_bytes;
		}
	};

	for (const uint64_t odd : {uint64_t{1}, uint64_t{255}, uint64_t{510}}) {
		XencommPage descriptors{page.word, own_address};
		const auto handle = descriptors.handle(Almost{odd}, opaque(0U), 511 * page_bytes);

		CHECK_EQ(handle.value_or(0), own_address);
		CHECK_EQ(page.word[1 + odd].load(), base + (odd + 7) * page_bytes);
		CHECK_EQ(page.word[odd].load(), base + (odd - 1) * page_bytes);
		CHECK_EQ(descriptors.used(), 512U);
	}
}

XEN_CASE(a_page_is_the_limit_for_what_is_scattered)
{
	const Pages scattered{base, 2 * page_bytes, ~uint64_t{0}};
	XencommPage descriptors{page.word, own_address};

	CHECK(descriptors.handle(scattered, opaque(1U), 511 * page_bytes).status().to_linux() ==
	      -7);
	CHECK(descriptors.handle(scattered, 0, 512 * page_bytes).status().to_linux() == -7);
	CHECK(descriptors.handle(scattered, 0, ~uint64_t{0}).status().to_linux() == -7);
	CHECK_EQ(descriptors.used(), 0U);
	CHECK(descriptors.handle(scattered, 0, 511 * page_bytes).ok());
	CHECK(descriptors.handle(scattered, 0, page_bytes + 1).status().to_linux() == -7);
	/* What needs no list still has a handle. */
	CHECK_EQ(descriptors.handle(scattered, 5, page_bytes - 5).value_or(0),
		 uint64_t{1} << 63 | (base + 5));
	CHECK_EQ(descriptors.used(), 512U);
}

XEN_CASE(a_page_without_an_address_is_an_error)
{
	for (uint64_t end = 0; end < 3; ++end) {
		XencommPage descriptors{page.word, own_address};
		const Pages few{base, 2 * page_bytes, end};

		CHECK(descriptors.handle(few, opaque(0U), 3 * page_bytes).status().to_linux() ==
		      -14);
		CHECK_EQ(few.asked, end + 1);
		CHECK_EQ(descriptors.used(), 0U);
	}
}

/* Address 0 with the flag is the null handle, which means nothing. */
XEN_CASE(nothing_is_null_and_address_0_is_something)
{
	XencommPage descriptors{page.word, own_address};

	CHECK_EQ(descriptors.handle(Pages{base, page_bytes, 0}, opaque(9U), 0).value_or(1),
		 uint64_t{0});
	CHECK_EQ(descriptors.handle(Pages{0, page_bytes, 1}, opaque(0U), 8).value_or(0),
		 own_address);
	CHECK_EQ(page.word[1].load(), uint64_t{0});
	CHECK_EQ(descriptors.handle(Pages{0, page_bytes, 1}, opaque(8U), 8).value_or(0),
		 uint64_t{1} << 63 | 8);
}

inline constexpr Case all[] = {
	XEN_LIST(pages_in_a_row_are_named_by_one_address),
	XEN_LIST(scattered_pages_are_listed),
	XEN_LIST(the_last_of_many_pages_decides),
	XEN_LIST(a_page_is_the_limit_for_what_is_scattered),
	XEN_LIST(a_page_without_an_address_is_an_error),
	XEN_LIST(nothing_is_null_and_address_0_is_something),
};
inline constexpr Suite suite{"xencomm", all};

} // namespace xen::cases::xencomm_pages

#endif
