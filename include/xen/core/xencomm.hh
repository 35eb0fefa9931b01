/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a hypervisor without access to a guest's page tables is told where data is.
 *
 * A handle is a number: 0 for nothing, an address with a flag for data that the hypervisor
 * reaches by adding, or the address of a descriptor, a list of the pages that the data
 * lies in.  XencommPage builds descriptors in one page, which keeps them whole where pages
 * do not follow each other in the machine.  Where a page is, and whether it may be named
 * at all, is the caller's business: an address source.
 *
 * Invariant: every address in a descriptor came from the source; a handle that was not
 * returned takes no room.  The page is the caller's; no locking, nothing is allocated.
 * Cannot: describe more than max_entries scattered pages.  A hypervisor may write into a
 * descriptor, so that each serves one call.
 */
#ifndef XEN_CORE_XENCOMM_HH
#define XEN_CORE_XENCOMM_HH

#include <concepts>
#include <cstdint>

#include <xen/core/endian.hh>
#include <xen/core/result.hh>

namespace xen {

namespace xencomm {

inline constexpr std::uint64_t inline_flag = std::uint64_t{1} << 63;
inline constexpr std::uint32_t magic = 0x58434f4d; /* "XCOM" */
inline constexpr unsigned int page_shift = 12;
inline constexpr std::uint64_t page_size = std::uint64_t{1} << page_shift;
inline constexpr std::uint32_t words_per_page = page_size / sizeof(std::uint64_t);
inline constexpr std::uint32_t head_words = 1; /* the magic and the number of entries */
inline constexpr std::uint32_t max_entries = words_per_page - head_words;

/* More than this is E2BIG even where it is contiguous: a size that nobody means. */
inline constexpr std::uint64_t max_pages = std::uint64_t{1} << 18;

} // namespace xencomm

/*
 * Where the pages of an object are: address(i) is what the hypervisor takes for the i-th,
 * aligned to a page, or why it must not be named.
 */
template <class S>
concept XencommSource = requires(S &source, std::uint64_t page)
{
	{
		source.address(page)
	}
	noexcept->std::same_as<Result<std::uint64_t>>;
};

/** class XencommPage - descriptors of one hypercall, built one behind the other in a page */
class XencommPage {
public:
	/**
	 * XencommPage - @words is a page, @address what the hypervisor takes for it
	 * @used: words that are taken already
	 */
	constexpr XencommPage(Be<std::uint64_t> *words, std::uint64_t address,
			      std::uint32_t used = 0) noexcept
		: words_(words), address_(address), used_(used)
	{
	}

	/** used - words of the page that are taken; a contiguous object takes none */
	[[nodiscard]] constexpr std::uint32_t used() const noexcept { return used_; }

	/**
	 * handle - the handle of an object
	 * @source: its pages
	 * @offset: where it begins in the first of them, below the page size
	 * @bytes: its size; none gives the null handle
	 *
	 * Each page is asked for once, in order.
	 *
	 * Return: the handle; the source's error; E2BIG when the object is scattered and
	 * the page has no room for its descriptor.
	 */
	template <XencommSource S>
	[[nodiscard]] Result<std::uint64_t> handle(S &&source, std::uint64_t offset,
						   std::uint64_t bytes) noexcept
	{
		using namespace xencomm;

		if (bytes == 0)
			return std::uint64_t{0};
		if (bytes > max_pages << page_shift)
			return err::toobig;

		const std::uint64_t pages = (offset + bytes + page_size - 1) >> page_shift;
		const std::uint64_t room = used_ + head_words < words_per_page
						   ? words_per_page - used_ - head_words
						   : 0;
		Be<std::uint64_t> *const head = words_ + used_;
		std::uint64_t first = 0;
		bool contiguous = true;

		for (std::uint64_t i = 0; i < pages; ++i) {
			const Result<std::uint64_t> page = source.address(i);

			if (!page)
				return page.error();

			const std::uint64_t start = page.value() + (i == 0 ? offset : 0);

			if (i == 0)
				first = start;
			/* Address 0 with the flag would be the null handle. */
			if (first == 0 || page.value() != first - offset + (i << page_shift))
				contiguous = false;
			if (i < room)
				head[head_words + i].store(start);
			else if (!contiguous)
				return err::toobig;
		}
		if (contiguous)
			return inline_flag | first;
		head->store(std::uint64_t{magic} << 32 | pages);
		used_ += head_words + static_cast<std::uint32_t>(pages);
		return address_ + static_cast<std::uint64_t>(head - words_) * sizeof(*head);
	}

private:
	Be<std::uint64_t> *words_;
	std::uint64_t address_;
	std::uint32_t used_;
};

} // namespace xen

#endif
