// SPDX-License-Identifier: GPL-2.0
/* A pointer of a process and the handle made of it: marshal_pointer.hh. */
#include "marshal_pointer.hh"

namespace xen::ppc {

namespace {

constexpr u64 max_bytes = u64{UserPages::max} << page_shift;

/* The alignment of an array's elements, which have no integer larger than 8 bytes. */
constexpr u64 alignment(u32 element) noexcept
{
	const u64 lowest = element & (~element + 1);

	return lowest < sizeof(u64) ? lowest : sizeof(u64);
}

} // namespace

Result<void> UserPointer::find(const Pointer &row, const u8 *structure, bool compat,
			       bool divisible) noexcept
{
	row_ = &row;
	written_ = load_field<u64>(structure, row.at);
	address_ = compat ? static_cast<u32>(written_) : written_;
	elements_ = 0;
	if (!pointer_used(row, structure)) {
		address_ = 0;
		return {};
	}
	/* Without a pointer a count of several parts still counts. */
	if (address_ == 0 && !row.required && !divisible)
		return {};

	const Result<u64> elements = elements_behind(row, structure);

	if (!elements)
		return elements.error();
	elements_ = elements.value();
	if (elements_ == 0)
		return {};
	if (address_ == 0)
		return row.required ? Result<void>{err::fault} : Result<void>{};
	if (address_ % alignment(row.element) != 0)
		return err::inval;

	const u64 bytes = elements_ * row.element; /* no overflow: the table's proof */

	if (address_ + bytes < address_ || xen_glue_user_range(address_, bytes) == 0)
		return err::fault;
	if (!divisible && (address_ & (page_size - 1)) + bytes > max_bytes)
		return err::toobig;
	return {};
}

u64 UserPointer::fits(u64 done) const noexcept
{
	if (address_ == 0)
		return ~u64{0};

	const u64 offset = (address_ + done * row_->element) & (page_size - 1);

	return (max_bytes - offset) / row_->element;
}

Result<u64> UserPointer::handle(u64 done, u64 count) noexcept
{
	if (address_ == 0 || count == 0)
		return u64{0};

	const u64 start = address_ + done * row_->element, bytes = count * row_->element;

	if (const Result<void> room = descriptor_.alloc(); !room)
		return room.error();
	if (const Result<void> held = pages_.take(start, bytes, row_->flow != Flow::In); !held)
		return held.error();

	XencommPage page{reinterpret_cast<Be<u64> *>(descriptor_.at()), descriptor_.address()};
	const Result<u64> made = page.handle(pages_, start & (page_size - 1), bytes);

	if (!made)
		pages_.release();
	return made;
}

} // namespace xen::ppc
