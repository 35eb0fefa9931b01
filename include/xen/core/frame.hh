/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page frames, counts of pages, addresses.
 *
 * Three number spaces that Linux keeps in one unsigned long:
 *   Pfn  a frame as the guest numbers its own memory, dense from zero;
 *   Mfn  a frame as the machine numbers it;
 *   Gfn  what a hypercall wants: a Pfn in a translated guest, an Mfn in a PV one.
 * None converts into another here: a conversion is a lookup with a name (the p2m).
 *
 * The page shift is a parameter of what needs it, so that one file serves 4 KiB and
 * 64 KiB pages.  Arithmetic wraps like the integers beneath, except that a
 * difference which would be negative breaks a contract.
 */
#ifndef XEN_CORE_FRAME_HH
#define XEN_CORE_FRAME_HH

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <xen/core/contract.hh>
#include <xen/core/id.hh>

namespace xen {

/* Addresses: in machine memory, in the guest's own (pseudo-)physical memory, virtual. */
using MachAddr = Id<struct MachAddrTag, std::uint64_t>;
using PhysAddr = Id<struct PhysAddrTag, std::uint64_t>;
using VirtAddr = Id<struct VirtAddrTag, std::uint64_t>;

/* A number of pages: what two frames are apart. */
using Pages = Id<struct PagesTag, std::uint64_t>;

using Pfn = Id<struct PfnTag, std::uint64_t>;
using Mfn = Id<struct MfnTag, std::uint64_t>;
using Gfn = Id<struct GfnTag, std::uint64_t>;

template <class T>
concept Frame = std::same_as<T, Pfn> || std::same_as<T, Mfn> || std::same_as<T, Gfn>;

template <class T>
concept Address =
	std::same_as<T, MachAddr> || std::same_as<T, PhysAddr> || std::same_as<T, VirtAddr>;

/* What can be counted off in whole units from zero. */
template <class T>
concept Steppable = Frame<T> || std::same_as<T, Pages>;

template <Steppable F> [[nodiscard]] constexpr F operator+(F at, Pages by) noexcept
{
	return F{at.raw() + by.raw()};
}

/**
 * operator- - the frame @by pages below @at
 *
 * Contract: @by does not exceed @at.
 */
template <Frame F> [[nodiscard]] constexpr F operator-(F at, Pages by) noexcept
{
	contract(by.raw() <= at.raw(), "frame minus pages stays above zero");
	return F{at.raw() - by.raw()};
}

/**
 * operator- - how many pages @from lies below @to
 *
 * Contract: @from is not above @to.
 */
template <Steppable F> [[nodiscard]] constexpr Pages operator-(F to, F from) noexcept
{
	contract(from.raw() <= to.raw(), "difference of frames is not negative");
	return Pages{to.raw() - from.raw()};
}

template <Steppable F> constexpr F &operator+=(F &at, Pages by) noexcept
{
	return at = at + by;
}
template <Steppable F> constexpr F &operator-=(F &at, Pages by) noexcept
{
	return at = at - by;
}
template <Frame F> constexpr F &operator++(F &at) noexcept
{
	return at += Pages{1};
}
template <Frame F> constexpr F &operator--(F &at) noexcept
{
	return at -= Pages{1};
}

/* Bytes within the same address space. */
template <Address A> [[nodiscard]] constexpr A operator+(A at, std::size_t bytes) noexcept
{
	return A{at.raw() + bytes};
}

namespace detail {
template <class T> struct AddressOf;
template <> struct AddressOf<Mfn> {
	using Type = MachAddr;
};
template <> struct AddressOf<Pfn> {
	using Type = PhysAddr;
};
template <class T> struct FrameOf;
template <> struct FrameOf<MachAddr> {
	using Type = Mfn;
};
template <> struct FrameOf<PhysAddr> {
	using Type = Pfn;
};
} // namespace detail

/**
 * to_addr - the address of a frame's first byte
 * @Shift: log2 of the page's bytes
 * @frame: an Mfn gives a MachAddr, a Pfn a PhysAddr; a Gfn is neither
 *
 * Contract: the address is representable.
 */
template <unsigned int Shift, class F>
[[nodiscard]] constexpr typename detail::AddressOf<F>::Type to_addr(F frame) noexcept
{
	static_assert(Shift > 0 && Shift < 64);
	contract(frame.raw() <= (~std::uint64_t{0} >> Shift), "frame has an address");
	return typename detail::AddressOf<F>::Type{frame.raw() << Shift};
}

/**
 * to_frame - the frame that holds an address
 * @Shift: log2 of the page's bytes
 * @addr: a MachAddr gives an Mfn, a PhysAddr a Pfn; a VirtAddr has none without a walk
 */
template <unsigned int Shift, class A>
[[nodiscard]] constexpr typename detail::FrameOf<A>::Type to_frame(A addr) noexcept
{
	static_assert(Shift > 0 && Shift < 64);
	return typename detail::FrameOf<A>::Type{addr.raw() >> Shift};
}

/** page_offset - an address's distance in bytes from the start of its page */
template <unsigned int Shift, Address A>
[[nodiscard]] constexpr std::size_t page_offset(A addr) noexcept
{
	static_assert(Shift > 0 && Shift < 64);
	return addr.raw() & ((std::uint64_t{1} << Shift) - 1);
}

/**
 * pages_of - pages needed to hold @bytes, rounded up
 * @Shift: log2 of the page's bytes
 *
 * Right for every @bytes: the sum that rounding up would take does not wrap.
 */
template <unsigned int Shift> [[nodiscard]] constexpr Pages pages_of(std::uint64_t bytes) noexcept
{
	static_assert(Shift > 0 && Shift < 64);
	const bool rest = (bytes & ((std::uint64_t{1} << Shift) - 1)) != 0;

	return Pages{(bytes >> Shift) + (rest ? 1 : 0)};
}

static_assert(sizeof(Pfn) == 8 && alignof(Pfn) == alignof(std::uint64_t));
static_assert(std::is_trivial_v<Mfn> && std::is_standard_layout_v<Mfn>);
static_assert(Mfn{7} - Mfn{4} == Pages{3} && Mfn{4} + Pages{3} == Mfn{7});
static_assert(to_addr<12>(Mfn{1}) == MachAddr{0x1000} && to_frame<16>(PhysAddr{0x2ffff}) == Pfn{2});

} // namespace xen

#endif
