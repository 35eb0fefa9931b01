/* SPDX-License-Identifier: GPL-2.0 */
/*
 * FrameRange - frames from a first one on, in one number space.
 *
 * Half open: limit() is the first frame outside.  An empty range has a place but
 * contains, overlaps and intersects nothing.  Invariant: limit() does not wrap.
 */
#ifndef XEN_CORE_FRAME_RANGE_HH
#define XEN_CORE_FRAME_RANGE_HH

#include <xen/core/frame.hh>

namespace xen {

template <Frame F> class FrameRange {
public:
	/* Walks the range; enough of an iterator for range-for. */
	class Cursor {
	public:
		explicit constexpr Cursor(F at) noexcept : at_(at) {}
		[[nodiscard]] constexpr F operator*() const noexcept { return at_; }
		constexpr Cursor &operator++() noexcept
		{
			++at_;
			return *this;
		}
		friend constexpr bool operator==(Cursor, Cursor) noexcept = default;

	private:
		F at_;
	};

	FrameRange() noexcept = default;

	/** FrameRange - @count frames from @first on; contract: their end is a frame number */
	constexpr FrameRange(F first, Pages count) noexcept : first_(first), count_(count)
	{
		contract(count.raw() <= ~std::uint64_t{0} - first.raw(),
			 "frame range does not wrap");
	}

	/** between - the frames from @first up to, not including, @end; contract: first <= end */
	[[nodiscard]] static constexpr FrameRange between(F first, F end) noexcept
	{
		return FrameRange{first, end - first};
	}

	[[nodiscard]] constexpr F first() const noexcept { return first_; }
	[[nodiscard]] constexpr F limit() const noexcept { return first_ + count_; }
	[[nodiscard]] constexpr Pages count() const noexcept { return count_; }
	[[nodiscard]] constexpr bool empty() const noexcept { return count_ == Pages{0}; }

	[[nodiscard]] constexpr Cursor begin() const noexcept { return Cursor{first_}; }
	[[nodiscard]] constexpr Cursor end() const noexcept { return Cursor{limit()}; }

	[[nodiscard]] constexpr bool contains(F frame) const noexcept
	{
		return first_ <= frame && frame < limit();
	}

	/** contains - is every frame of @inner in this range?  True for an empty @inner. */
	[[nodiscard]] constexpr bool contains(FrameRange inner) const noexcept
	{
		return inner.empty() || (first_ <= inner.first_ && inner.limit() <= limit());
	}

	/** intersection - the frames in both; empty, at an unspecified place, when none are */
	[[nodiscard]] constexpr FrameRange intersection(FrameRange other) const noexcept
	{
		const F low = first_ < other.first_ ? other.first_ : first_;
		const F high = limit() < other.limit() ? limit() : other.limit();

		return low < high ? between(low, high) : FrameRange{low, Pages{0}};
	}

	[[nodiscard]] constexpr bool overlaps(FrameRange other) const noexcept
	{
		return !intersection(other).empty();
	}

	friend constexpr bool operator==(FrameRange, FrameRange) noexcept = default;

private:
	F first_;
	Pages count_;
};

using PfnRange = FrameRange<Pfn>;
using MfnRange = FrameRange<Mfn>;
using GfnRange = FrameRange<Gfn>;

static_assert(std::is_trivial_v<PfnRange> && sizeof(PfnRange) == 16);

} // namespace xen

#endif
