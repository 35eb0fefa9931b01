/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Id - a number that knows what it numbers.
 *
 * Two Ids with different tags neither convert, compare nor mix; the number itself
 * is reached by raw() only.  An Id has the size, alignment and calling convention
 * of its representation, and all-zero memory is a valid Id.
 */
#ifndef XEN_CORE_ID_HH
#define XEN_CORE_ID_HH

#include <compare>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace xen {

/**
 * class Id - strong integer
 * @Tag: empty type that makes this kind of number distinct
 * @Rep: unsigned representation, as wide as the ABI has it
 *
 * A default-initialised Id is indeterminate, like the integer it stands for;
 * a value-initialised one (`Pfn{}`) is zero.
 */
template <class Tag, std::unsigned_integral Rep> class Id {
public:
	using Raw = Rep;

	Id() noexcept = default;
	explicit constexpr Id(Rep raw) noexcept : raw_(raw) {}

	[[nodiscard]] constexpr Rep raw() const noexcept { return raw_; }

	friend constexpr bool operator==(Id, Id) noexcept = default;
	friend constexpr auto operator<=>(Id, Id) noexcept = default;

private:
	Rep raw_;
};

/* An event channel's number: one side of a channel, valid in one domain. */
using Port = Id<struct PortTag, std::uint32_t>;
/* An index into a domain's grant table. */
using GrantRef = Id<struct GrantRefTag, std::uint32_t>;
/* A domain's number, or one of the reserved numbers of domid:: in abi.hh. */
using DomId = Id<struct DomIdTag, std::uint16_t>;
/* Xen's number of a virtual CPU: not always Linux's number of the same CPU. */
using VcpuId = Id<struct VcpuIdTag, std::uint32_t>;
/* An entry's index in the hashed page table (ppc). */
using HpteSlot = Id<struct HpteSlotTag, std::uint64_t>;

static_assert(sizeof(Port) == 4 && sizeof(DomId) == 2 && sizeof(HpteSlot) == 8);
static_assert(std::is_trivial_v<Port> && std::is_standard_layout_v<Port>);

} // namespace xen

#endif
