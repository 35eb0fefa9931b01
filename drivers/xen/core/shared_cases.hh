/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of memory that others write.  What a second writer does is tested on the host. */
#ifndef XEN_CORE_SHARED_CASES_HH
#define XEN_CORE_SHARED_CASES_HH

#include <xen/core/abi.hh>
#include <xen/core/shared.hh>

#include "cases.hh"

namespace xen::cases::shared {

struct Clock {
	std::uint32_t version;
	std::uint32_t pad;
	std::uint64_t stamp;
	std::int8_t shift;
	std::uint8_t flags[7];
};

struct Triple {
	std::uint8_t byte[3];
};

/* Shared objects are never constructed over live memory: they are laid over it. */
template <class T> Shared<T> &laid_over(T &memory) noexcept
{
	static_assert(sizeof(Shared<T>) == sizeof(T) && alignof(Shared<T>) == alignof(T));
	return reinterpret_cast<Shared<T> &>(memory);
}

XEN_CASE(snapshot_copies_every_field)
{
	Clock live = opaque(Clock{6, 0, 0x1122334455667788, -3, {1, 2, 3, 4, 5, 6, 7}});
	const Clock seen = laid_over(live).snapshot();

	CHECK_EQ(seen.version, 6U);
	CHECK_EQ(seen.stamp, 0x1122334455667788U);
	CHECK_EQ(seen.shift, -3);
	for (unsigned int i = 0; i < 7; ++i)
		CHECK_EQ(seen.flags[i], i + 1);
}

XEN_CASE(snapshot_does_not_follow_later_writes)
{
	std::uint64_t live = opaque(1ULL);
	const Shared<std::uint64_t> &shared = laid_over(live);
	const std::uint64_t before = shared.snapshot();

	opaque(&live)[0] = 2;
	CHECK_EQ(before, 1U);
	CHECK_EQ(shared.snapshot(), 2U);
}

XEN_CASE(odd_sizes_are_copied_by_byte)
{
	Triple live = opaque(Triple{{7, 8, 9}});
	const Triple seen = laid_over(live).snapshot();

	CHECK_EQ(seen.byte[0], 7);
	CHECK_EQ(seen.byte[1], 8);
	CHECK_EQ(seen.byte[2], 9);
}

XEN_CASE(words_are_exchanged_and_masked)
{
	std::uint64_t live = opaque(0xf0ULL);
	Shared<std::uint64_t> &shared = laid_over(live);

	CHECK_EQ(shared.load(), 0xf0U);
	CHECK_EQ(shared.fetch_or(0x0f), 0xf0U);
	CHECK_EQ(shared.load(), 0xffU);
	CHECK_EQ(shared.fetch_and(0x3c), 0xffU);
	CHECK_EQ(shared.load(), 0x3cU);
	CHECK_EQ(shared.exchange(0), 0x3cU);
	CHECK_EQ(shared.load(), 0U);
}

XEN_CASE(bytes_leave_their_neighbours)
{
	struct Pair {
		Shared<std::uint8_t> left;
		Shared<std::uint8_t> right;
	} pair{};

	CHECK_EQ(pair.left.exchange(0xff), 0);
	CHECK_EQ(pair.right.load(), 0);
	CHECK_EQ(pair.right.fetch_or(0x81), 0);
	CHECK_EQ(pair.left.fetch_and(0x0f), 0xff);
	CHECK_EQ(pair.left.load(), 0x0f);
	CHECK_EQ(pair.right.load(), 0x81);
}

XEN_CASE(vcpu_info_head_is_usable)
{
	VcpuInfoHead head{};

	CHECK_EQ(head.evtchn_upcall_mask.exchange(1), 0);
	CHECK_EQ(head.evtchn_upcall_mask.load(), 1);
	CHECK_EQ(head.evtchn_upcall_pending.load(), 0);
	CHECK_EQ(head.evtchn_pending_sel.fetch_or(1UL << 63), 0U);
	CHECK_EQ(head.evtchn_pending_sel.exchange(0), 1UL << 63);
}

inline constexpr Case all[] = {
	XEN_LIST(snapshot_copies_every_field),	XEN_LIST(snapshot_does_not_follow_later_writes),
	XEN_LIST(odd_sizes_are_copied_by_byte), XEN_LIST(words_are_exchanged_and_masked),
	XEN_LIST(bytes_leave_their_neighbours), XEN_LIST(vcpu_info_head_is_usable),
};
inline constexpr Suite suite{"shared", all};

} // namespace xen::cases::shared

#endif
