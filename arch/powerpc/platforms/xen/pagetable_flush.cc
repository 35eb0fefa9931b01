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

struct Targets {
	Batch batch;
	PageSize size;
	Segment segment;

	[[nodiscard, gnu::always_inline]] Target operator[](u64 index) const noexcept
	{
		const Vpn vpn = batch.vpn(index);
		const u64 place = batch.place(index);
		const u64 hash = hash_of(vpn, shift_of(size), segment);
		const bool secondary = (place & pteg_size) != 0;

		return {group_of(secondary ? ~hash : hash, table.slots) + place % pteg_size,
			avpn(vpn, size, segment)};
	}
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
[[nodiscard]] bool answered(u64 word) noexcept
{
	const bulk::Code code = bulk::CodeField::get(word);

	return bulk::TypeField::get(word) == bulk::Type::Response &&
	       (code == bulk::Code::Success || code == bulk::Code::NotFound);
}

/* H_REMOVE of @number slots whatever they hold; one call if there is one.  Returns failures. */
u64 clear(u64 first, u64 number, s64 &failure) noexcept
{
	u64 failed = 0;

	if (table.bulk && number == bulk::max_requests) {
		u64 words[2 * bulk::max_requests] = {};

		for (u64 i = 0; i < number; ++i)
			words[2 * i] = bulk::TypeField::make(bulk::Type::Request) |
				       bulk::SlotField::make(first + i);
		if (h_bulk_remove(words).code == h::success)
			return 0;
	}
	for (u64 slot = first; slot < first + number; ++slot) {
		const s64 code = h_remove(0, slot, 0);

		if (code == h::success || code == h::not_found)
			continue;
		++failed;
		failure = code;
	}
	return failed;
}

/* @number targets from @first, at most four of them; those left undone go one by one. */
void remove_bulk(const Targets &targets, u64 first, u64 number) noexcept
{
	u64 words[2 * bulk::max_requests] = {};

	for (u64 i = 0; i < number; ++i) {
		const Target target = targets[first + i];

		words[2 * i] = request(target.slot);
		words[2 * i + 1] = target.wanted;
	}
	if (number < bulk::max_requests)
		words[2 * number] = end_mark;

	const auto [code, out] = h_bulk_remove(words);

	if (code != h::success) [[unlikely]]
		xen_glue_hpt_failed("H_BULK_REMOVE", bulk::SlotField::get(words[0]), code);
	for (u64 i = 0; i < number; ++i)
		if (!answered(out[2 * i])) [[unlikely]]
			remove_for_good(bulk::SlotField::get(words[2 * i]), words[2 * i + 1]);
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

void xen_hpte_flush_range(unsigned long number, int) noexcept
{
	const Batch batch{xen_glue_flush_batch()};
	const Targets targets{batch, batch.size(), batch.segment()};
	u64 done = 0;

	if (table.bulk) {
		for (; done + 1 < number; done += bulk::max_requests)
			remove_bulk(targets, done,
				    number - done < bulk::max_requests ? number - done
								       : bulk::max_requests);
	}
	for (; done < number; ++done) {
		const Target target = targets[done];
		const PtegGuard guard{table.locks, target.slot};

		remove_for_good(target.slot, target.wanted);
	}
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
