/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which blocks of a guest's memory are also one block of the machine's.
 *
 * A large page needs its frames in a row, and aligned, on both sides.  Looking at them one
 * by one is too slow for a fault and useless between two changes, so one bit for each block
 * remembers it: set after a look at the whole table, cleared before a block loses frames,
 * set again when it was filled in one piece.  A clear bit is always safe.
 *
 * The table of bits has a fixed size and no owner but its writer; it works in real mode.
 * Locking: bits are read without any.  Writers of one block exclude each other: they are
 * those who change its frames, under the lock that they hold for that.
 * Cannot: see changes that nobody reports.
 */
#ifndef XEN_CORE_CONTIGUITY_HH
#define XEN_CORE_CONTIGUITY_HH

#include <cstddef>
#include <cstdint>

#include <xen/core/frame.hh>
#include <xen/core/result.hh>

namespace xen {

/**
 * class BlockBits - one bit for each block of 2^@Order frames, from frame 0 on
 *
 * What a set bit promises is the user's; a clear one promises nothing.  Blocks behind the last
 * one have no bit: it is clear.
 */
template <unsigned int Order, std::size_t Blocks> class BlockBits {
public:
	static constexpr std::uint64_t block_pages = std::uint64_t{1} << Order;
	static constexpr std::uint64_t end = Blocks << Order; /* frames that have a bit */

	static_assert(Order < 32 && Blocks > 0 && Blocks % 64 == 0);

	/** first_of - the first frame of the block that holds @pfn */
	[[nodiscard]] static constexpr Pfn first_of(Pfn pfn) noexcept
	{
		return Pfn{pfn.raw() & ~(block_pages - 1)};
	}

	/** holds - is the bit of the block around @pfn set?  any context */
	[[nodiscard]] bool holds(Pfn pfn) const noexcept
	{
		if (pfn.raw() >= end)
			return false;
		const std::uint64_t block = pfn.raw() >> Order;

		return (__atomic_load_n(&word_[block / 64], __ATOMIC_ACQUIRE) >> block % 64 & 1) !=
		       0;
	}

	/** set - what the bit promises is true of the block around @pfn */
	void set(Pfn pfn) noexcept
	{
		if (pfn.raw() < end)
			__atomic_fetch_or(&word_[pfn.raw() >> Order >> 6], bit(pfn),
					  __ATOMIC_RELEASE);
	}

	/** clear - the block around @pfn is about to change: to be called before it does */
	void clear(Pfn pfn) noexcept
	{
		if (pfn.raw() < end)
			__atomic_fetch_and(&word_[pfn.raw() >> Order >> 6], ~bit(pfn),
					   __ATOMIC_RELEASE);
	}

private:
	[[nodiscard]] static constexpr std::uint64_t bit(Pfn pfn) noexcept
	{
		return std::uint64_t{1} << (pfn.raw() >> Order) % 64;
	}

	std::uint64_t word_[Blocks / 64]{};
};

/**
 * class Contiguity - which blocks are contiguous and aligned
 *
 * A bit is to be cleared before the first of its block's frames goes, after all large pages of
 * it went.
 */
template <unsigned int Order, std::size_t Blocks>
class Contiguity : public BlockBits<Order, Blocks> {
public:
	using Bits = BlockBits<Order, Blocks>;
	using Bits::block_pages;

	/**
	 * examine - look at the block around @pfn, and remember
	 * @at: what is behind a frame: Pfn to Result<Mfn>, an error where there is no memory
	 *
	 * To be called when the block's frames are entered.
	 *
	 * Return: is it contiguous?
	 */
	template <class Lookup> bool examine(Pfn pfn, const Lookup &at) noexcept
	{
		if (pfn.raw() >= Bits::end)
			return false;
		if (!follows(Bits::first_of(pfn), at)) {
			this->clear(pfn);
			return false;
		}
		this->set(pfn);
		return true;
	}

private:
	using Bits::set; /* after a look only */

	template <class Lookup>
	[[nodiscard]] static bool follows(Pfn first, const Lookup &at) noexcept
	{
		const Result<Mfn> start = at(first);

		if (!start || start.value().raw() % block_pages != 0)
			return false;
		for (std::uint64_t i = 1; i < block_pages; ++i) {
			const Result<Mfn> mfn = at(first + Pages{i});

			if (!mfn || mfn.value() != start.value() + Pages{i})
				return false;
		}
		return true;
	}
};

} // namespace xen

#endif
