// SPDX-License-Identifier: GPL-2.0
/*
 * Many entries at once: the flush of a batch of user pages, and the whole table for kexec.
 *
 * With H_BULK_REMOVE four entries go in one call.  A bulk call works on up to four groups,
 * so it is only used where the hypervisor excludes its callers by itself.
 */
#include <xen/core/endian.hh>

#include "pagetable.hh"

namespace xen::ppc {

namespace {

/* Linux's batch, by the offsets of its structure. */
class Batch {
public:
	explicit Batch(const void *at) noexcept : at_(static_cast<const u8 *>(at)) {}

	[[nodiscard]] PageSize size() const noexcept
	{
		return PageSize{static_cast<int>(field<u32>(XEN_BATCH_PSIZE))};
	}
	[[nodiscard]] Segment segment() const noexcept
	{
		return Segment{field<int>(XEN_BATCH_SSIZE)};
	}
	[[nodiscard]] Vpn vpn(u64 index) const noexcept
	{
		return Vpn{field<u64>(XEN_BATCH_VPN + index * sizeof(u64))};
	}
	/* The slot within its group, and 8 for a secondary one, from the Linux PTE. */
	[[nodiscard]] u64 place(u64 index) const noexcept
	{
		return field<Be<u64>>(XEN_BATCH_PTE + index * XEN_BATCH_PTE_BYTES).load() >>
		       XEN_PTE_PLACE_SHIFT;
	}

private:
	template <class T> [[nodiscard]] T field(u64 offset) const noexcept
	{
		return *reinterpret_cast<const T *>(at_ + offset);
	}

	const u8 *at_;
};

/* Where an entry of a batch stands, and what it maps. */
struct Target {
	u64 slot;
	u64 wanted;
};

/*
 * A batch's entries.  @Usual: small pages of 256 MB segments, which most are; for these the
 * compiler knows every shift.
 */
template <bool Usual> class Targets {
public:
	explicit Targets(const Batch &batch) noexcept
		: batch_(batch), slots_(table.slots), size_(batch.size()), segment_(batch.segment())
	{
	}

	[[nodiscard, gnu::always_inline]] Target operator[](u64 index) const noexcept
	{
		const PageSize size = Usual ? PageSize::Small : size_;
		const Segment segment = Usual ? Segment::Megabytes256 : segment_;
		const Vpn vpn = batch_.vpn(index);
		const u64 place = batch_.place(index);
		const u64 hash = hash_of(vpn, shift_of(size), segment);
		const bool secondary = (place & pteg_size) != 0;

		return {group_of(secondary ? ~hash : hash, slots_) + place % pteg_size,
			avpn(vpn, size, segment)};
	}

private:
	Batch batch_;
	u64 slots_; /* of the table */
	PageSize size_;
	Segment segment_;
};

/* A request of H_BULK_REMOVE by AVPN, and the mark behind the last one. */
constexpr u64 request(u64 slot) noexcept
{
	return bulk::TypeField::make(bulk::Type::Request) | bulk::AvpnField::make(true) |
	       bulk::SlotField::make(slot);
}
constexpr u64 end_mark = bulk::TypeField::make(bulk::Type::End);

[[nodiscard, gnu::always_inline]] inline PaprAnswer<8> h_bulk_remove(const u64 *words) noexcept
{
	return papr<8>(Papr::BulkRemove, words[0], words[1], words[2], words[3], words[4], words[5],
		       words[6], words[7]);
}

/* Did this request find its entry or find none?  Anything else is not done. */
[[nodiscard, gnu::always_inline]] inline bool answered(u64 word) noexcept
{
	using bulk::Code;
	constexpr u64 response = bulk::TypeField::make(bulk::Type::Response);
	constexpr unsigned int code_low = 60; /* of CodeField */

	static_assert(bulk::CodeField::make(Code::Success) == 0 &&
		      bulk::CodeField::make(Code::NotFound) == u64{1} << code_low);
	return (word & ~(~u64{0} >> 4)) >> (code_low + 1) == response >> (code_low + 1);
}

/*
 * H_REMOVE of @number slots whatever they hold, in one call if there is one; what that left
 * undone goes one by one.  Returns failures.
 */
u64 clear(u64 first, u64 number, s64 &failure) noexcept
{
	u64 failed = 0;
	u64 done = 0; /* bit i: slot first + i */

	if (table.bulk && number == bulk::max_requests) {
		u64 words[2 * bulk::max_requests] = {};

		for (u64 i = 0; i < number; ++i)
			words[2 * i] = bulk::TypeField::make(bulk::Type::Request) |
				       bulk::SlotField::make(first + i);

		const auto [code, out] = h_bulk_remove(words);

		for (u64 i = 0; code == h::success && i < number; ++i)
			if (answered(out[2 * i])) [[likely]]
				done |= u64{1} << i;
	}
	for (u64 i = 0; i < number; ++i) {
		if ((done >> i & 1) != 0)
			continue;
		const s64 code = h_remove(0, first + i, 0);

		if (code == h::success || code == h::not_found)
			continue;
		++failed;
		failure = code;
	}
	return failed;
}

/* What a bulk call left undone goes one by one. */
[[gnu::cold, gnu::noinline]] void finish(const Target *targets, const u64 *out, u64 number,
					 s64 code) noexcept
{
	if (code != h::success)
		xen_glue_hpt_failed("H_BULK_REMOVE", targets[0].slot, code);
	for (u64 i = 0; i < number; ++i)
		if (!answered(out[2 * i]))
			remove_for_good(targets[i].slot, targets[i].wanted);
}

/* Four targets from @first. */
template <bool Usual> void remove_four(const Targets<Usual> &targets, u64 first) noexcept
{
	const Target t[] = {targets[first], targets[first + 1], targets[first + 2],
			    targets[first + 3]};
	const auto answer = papr<8>(Papr::BulkRemove, request(t[0].slot), t[0].wanted,
				    request(t[1].slot), t[1].wanted, request(t[2].slot),
				    t[2].wanted, request(t[3].slot), t[3].wanted);
	const auto &out = answer.out;

	if (answer.code != h::success || !answered(out[0]) || !answered(out[2]) ||
	    !answered(out[4]) || !answered(out[6])) [[unlikely]]
		finish(t, out, bulk::max_requests, answer.code);
}

/* The last two or three. */
template <bool Usual>
[[gnu::noinline]] void remove_rest(const Targets<Usual> &targets, u64 first, u64 number) noexcept
{
	Target t[bulk::max_requests];
	u64 words[2 * bulk::max_requests] = {};

	for (u64 i = 0; i < number; ++i) {
		t[i] = targets[first + i];
		words[2 * i] = request(t[i].slot);
		words[2 * i + 1] = t[i].wanted;
	}
	words[2 * number] = end_mark;

	const auto answer = h_bulk_remove(words);
	bool all = answer.code == h::success;

	for (u64 i = 0; i < number; ++i)
		all = all && answered(answer.out[2 * i]);
	if (!all) [[unlikely]]
		finish(t, answer.out, number, answer.code);
}

template <bool Usual> void flush(const Batch &batch, u64 number) noexcept
{
	const Targets<Usual> targets{batch};
	u64 done = 0;

	if (table.bulk) {
		for (; number - done >= bulk::max_requests; done += bulk::max_requests)
			remove_four(targets, done);
		if (number - done > 1) {
			remove_rest(targets, done, number - done);
			done = number;
		}
	}
	for (; done < number; ++done) {
		const Target target = targets[done];

		remove_for_good(target.slot, target.wanted);
	}
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

void xen_hpte_flush_range(unsigned long number, int) noexcept
{
	const Batch batch{xen_glue_flush_batch()};

	if (batch.size() == PageSize::Small && batch.segment() == Segment::Megabytes256) [[likely]]
		flush<true>(batch, number);
	else
		flush<false>(batch, number);
}

void xen_hpte_clear_all() noexcept
{
	u64 failed = 0;
	s64 last = h::success;

	if (table.slots == 0 && !learn_slots())
		return;
	for (u64 slot = 0; slot < table.slots; slot += bulk::max_requests)
		failed += clear(slot, bulk::max_requests, last);
	if (failed != 0)
		xen_glue_hpt_not_cleared(failed, last);
}
