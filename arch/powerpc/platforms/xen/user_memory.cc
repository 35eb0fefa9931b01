// SPDX-License-Identifier: GPL-2.0
/* Pages of a process for a hypercall: user_memory.hh. */
#include "user_memory.hh"

namespace xen::ppc {

Result<void> UserPages::take(u64 start, u64 bytes, bool write) noexcept
{
	contract(held_ == 0 && bytes != 0, "pages are taken once");
	if (start + bytes < start || xen_glue_user_range(start, bytes) == 0)
		return err::fault;

	const u64 offset = start & (page_size - 1), first = start - offset;
	const u64 pages = pages_of<page_shift>(offset + bytes).raw();

	if (pages > max)
		return err::toobig;
	if (const Result<void> room = list_.alloc(); !room)
		return room.error();
	write_ = write;
	while (held_ < pages) {
		const u64 at = first + (u64{held_} << page_shift);
		const u32 wanted = static_cast<u32>(pages) - held_;
		const int pinned = xen_glue_user_pin(at, wanted, write, list() + held_);

		if (pinned > 0 && static_cast<u32>(pinned) <= wanted) {
			held_ += static_cast<u32>(pinned);
			continue;
		}

		/* Not an ordinary mapping; or none, which the walk says as well. */
		const bool other = pinned >= 0 || pinned == err::fault.to_linux();
		const int error = other ? xen_glue_user_walk(at, write, list() + held_) : pinned;

		if (error != 0) {
			release();
			return Errno::from_xen(error);
		}
		walked_[held_ / 64] |= u64{1} << held_ % 64;
		++held_;
	}
	return {};
}

/* Pins are given back in runs, because there may be hundreds. */
void UserPages::release() noexcept
{
	u32 run = 0;

	for (u32 i = 0; i < held_; ++i) {
		if (!walked(i)) {
			++run;
			continue;
		}
		if (run != 0)
			xen_glue_user_unpin(list() + i - run, run, write_);
		xen_glue_user_put(list()[i], write_);
		run = 0;
	}
	if (run != 0)
		xen_glue_user_unpin(list() + held_ - run, run, write_);
	held_ = 0;
	for (u64 &bits : walked_)
		bits = 0;
}

Result<u64> UserPages::address(u64 page) const noexcept
{
	contract(page < held_, "a page that is held");
	return translate(PhysAddr{xen_glue_user_address(list()[page])});
}

} // namespace xen::ppc
