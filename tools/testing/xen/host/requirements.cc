// SPDX-License-Identifier: GPL-2.0
/*
 * What must not compile, and what must cost nothing.
 *
 * Nothing runs here: if this file compiles, the requirements hold.  Each forbidden
 * mix stands beside an allowed one of the same shape, so that a requirement cannot
 * hold for want of an operator.
 */
#include <type_traits>
#include <utility>

#include <xen/core/batch.hh>
#include <xen/core/bits.hh>
#include <xen/core/endian.hh>
#include <xen/core/frame_range.hh>
#include <xen/core/result.hh>
#include <xen/core/shared.hh>

namespace {

using namespace xen;

template <class A, class B>
concept Comparable = requires(A a, B b) { a == b; };
template <class A, class B>
concept Ordered = requires(A a, B b) { a < b; };
template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };
template <class A, class B>
concept Subtractable = requires(A a, B b) { a - b; };
template <class A, class B>
concept AddAssignable = requires(A a, B b) { a += b; };
template <class A>
concept Incrementable = requires(A a) { ++a; };
template <class To, class From>
concept Buildable = std::is_constructible_v<To, From>;

/* Number spaces do not meet. */
static_assert(Comparable<Mfn, Mfn> && !Comparable<Mfn, Pfn> && !Comparable<Gfn, Mfn>);
static_assert(Ordered<Pfn, Pfn> && !Ordered<Pfn, Gfn> && !Ordered<Pfn, Pages>);
static_assert(!Comparable<Mfn, std::uint64_t> && !Comparable<Port, unsigned int>);
static_assert(!Comparable<Port, GrantRef> && !Comparable<VcpuId, Port>);
static_assert(!Buildable<Mfn, Pfn> && !Buildable<Pfn, Mfn> && !Buildable<Gfn, Pfn>);
static_assert(!Buildable<Mfn, MachAddr> && !Buildable<MachAddr, Mfn>);
static_assert(!Buildable<VirtAddr, void *>);
static_assert(!std::is_assignable_v<Mfn &, Pfn> && !std::is_assignable_v<Mfn &, std::uint64_t>);
static_assert(!Buildable<FrameRange<Mfn>, FrameRange<Pfn>>);

/* A number becomes an Id in the open only, and never turns back by itself. */
static_assert(Buildable<Mfn, std::uint64_t> && !std::is_convertible_v<std::uint64_t, Mfn>);
static_assert(!std::is_convertible_v<Mfn, std::uint64_t> && !std::is_convertible_v<Mfn, bool>);
static_assert(!Buildable<bool, Port> && !Buildable<std::uint32_t, Port>);

/* Arithmetic has a unit. */
static_assert(Addable<Mfn, Pages> && !Addable<Mfn, Mfn> && !Addable<Mfn, int>);
static_assert(!Addable<Pages, Mfn>);
static_assert(Subtractable<Mfn, Mfn> && Subtractable<Mfn, Pages> && !Subtractable<Mfn, Pfn>);
static_assert(!Subtractable<Pages, Mfn> && !Subtractable<Mfn, int>);
static_assert(std::is_same_v<decltype(Mfn{} - Mfn{}), Pages>);
static_assert(std::is_same_v<decltype(Mfn{} - Pages{}), Mfn>);
static_assert(AddAssignable<Mfn &, Pages> && !AddAssignable<Mfn &, std::uint64_t>);
static_assert(Incrementable<Pfn &> && !Incrementable<Pages &> && !Incrementable<Port &>);
static_assert(!Addable<Port, Pages> && !Addable<Port, Port> && !Subtractable<DomId, DomId>);
static_assert(Addable<MachAddr, std::size_t> && !Addable<MachAddr, Pages>);
static_assert(!Addable<MachAddr, MachAddr>);

/* Only what has an address converts to one, and to its own kind. */
template <class F>
concept HasAddress = requires(F f) { to_addr<12>(f); };
template <class A>
concept HasFrame = requires(A a) { to_frame<12>(a); };
static_assert(HasAddress<Mfn> && HasAddress<Pfn> && !HasAddress<Gfn> && !HasAddress<Pages>);
static_assert(HasFrame<MachAddr> && HasFrame<PhysAddr> && !HasFrame<VirtAddr> && !HasFrame<Mfn>);
static_assert(std::is_same_v<decltype(to_addr<12>(Mfn{})), MachAddr>);
static_assert(std::is_same_v<decltype(to_frame<12>(PhysAddr{})), Pfn>);

/* Free of cost: the layout of the number, and all-zero memory will do. */
template <class I, class Raw>
constexpr bool free_of_cost = std::is_trivial_v<I> && std::is_standard_layout_v<I> &&
			      sizeof(I) == sizeof(Raw) && alignof(I) == alignof(Raw) &&
			      std::has_unique_object_representations_v<I>;
static_assert(free_of_cost<Pfn, std::uint64_t> && free_of_cost<Mfn, std::uint64_t>);
static_assert(free_of_cost<Gfn, std::uint64_t> && free_of_cost<Pages, std::uint64_t>);
static_assert(free_of_cost<Port, std::uint32_t> && free_of_cost<GrantRef, std::uint32_t>);
static_assert(free_of_cost<DomId, std::uint16_t> && free_of_cost<VcpuId, std::uint32_t>);
static_assert(free_of_cost<HpteSlot, std::uint64_t> && free_of_cost<MachAddr, std::uint64_t>);

/* Stored integers have a byte order and keep it to themselves. */
static_assert(free_of_cost<Be<std::uint16_t>, std::uint16_t>);
static_assert(free_of_cost<Le<std::int64_t>, std::int64_t>);
static_assert(!std::is_convertible_v<Be<std::uint32_t>, std::uint32_t>);
static_assert(!std::is_convertible_v<std::uint32_t, Be<std::uint32_t>>);
static_assert(!Buildable<Be<std::uint32_t>, Le<std::uint32_t>>);
static_assert(!Comparable<Be<std::uint32_t>, Le<std::uint32_t>> &&
	      !Comparable<Be<std::uint32_t>, std::uint32_t>);

/* Results are looked at, and hold what they say. */
struct MoveOnly {
	MoveOnly(MoveOnly &&) noexcept {}
	~MoveOnly() {}
};
static_assert(!std::is_convertible_v<Result<long>, bool> && Buildable<bool, Result<long>>);
static_assert(!std::is_convertible_v<Result<long>, long> && !std::is_convertible_v<Errno, int>);
static_assert(std::is_trivially_copyable_v<Result<Mfn>> && sizeof(Result<Mfn>) == 16);
static_assert(std::is_move_constructible_v<Result<MoveOnly>>);
static_assert(!std::is_copy_constructible_v<Result<MoveOnly>>);

/* Foreign memory comes out as a copy and in no other way. */
struct Record {
	std::uint64_t word[2];
};
template <class S>
concept Loadable = requires(S s) { s.load(); };
static_assert(!std::is_copy_constructible_v<Shared<Record>>);
static_assert(!std::is_assignable_v<Shared<Record> &, Record>);
static_assert(!std::is_convertible_v<Shared<std::uint64_t>, std::uint64_t>);
static_assert(Loadable<Shared<std::uint64_t> &> && !Loadable<Shared<Record> &>);
static_assert(!Loadable<Shared<std::int32_t> &> && !Loadable<Shared<bool> &>);

/* A batch is zeroed memory; its guards move but do not copy. */
using Queue = Batch<64, 4080, 32>;
static_assert(std::is_trivially_default_constructible_v<Queue> && std::is_standard_layout_v<Queue>);
static_assert(std::is_trivially_destructible_v<Queue> && !std::is_copy_constructible_v<Queue>);
static_assert(!std::is_copy_constructible_v<Queue::Slot>);
static_assert(!std::is_copy_assignable_v<Queue::Slot>);
static_assert(std::is_nothrow_move_constructible_v<Queue::Slot>);
static_assert(!std::is_default_constructible_v<Queue::Slot>);
static_assert(!std::is_copy_constructible_v<Queue::Extension>);
static_assert(std::is_nothrow_move_constructible_v<Queue::Extension>);
[[maybe_unused]] constinit Queue proof_of_constant_initialisation{};

/* A backend that forgets a function is named by its concept. */
struct Deaf {
	long call(unsigned long, const unsigned long *) noexcept;
};
struct Whole : Deaf {
	long multicall(MulticallEntry *, unsigned int) noexcept;
};
struct Throwing : Deaf {
	long multicall(MulticallEntry *, unsigned int);
};
static_assert(HypercallBackend<Whole> && !HypercallBackend<Deaf> && !HypercallBackend<Throwing>);

} // namespace
