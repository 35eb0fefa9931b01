// SPDX-License-Identifier: GPL-2.0
/*
 * Pointers in the argument of a call through an area (area_pointers.hh).
 *
 * The table is proved to lie inside its structures when it is compiled; what comes from
 * the caller or the hypervisor here are values only.
 */
#include "area_pointers.hh"
#include "user_pointer.hh"

namespace xen::ppc {

namespace {

Result<void> confine(u8 *structure, const Pointer &pointer, const DataPages &data) noexcept
{
	const u64 target = load_field<u64>(structure, pointer.at);

	if (!pointer_used(pointer, structure) || (target == 0 && !pointer.required))
		return {};

	const Result<u64> elements = elements_behind(pointer, structure);

	if (!elements)
		return elements.error();

	const u64 bytes = elements.value() * pointer.element; /* no overflow: the table's proof */

	/* Nothing is behind it, so nothing may be looked for there. */
	if (bytes == 0)
		store_field<u64>(structure, pointer.at, 0);
	/* Below the data pages, and above them, the difference is larger than they are. */
	else if (target - data.start >= data.bytes || bytes > data.bytes - (target - data.start))
		return err::fault;
	return {};
}

} // namespace

void take_pointers(const UserOp &op, u8 *structure, bool narrow) noexcept
{
	for (const Pointer &pointer : op.pointers) {
		if (!pointer_used(pointer, structure))
			store_field<u64>(structure, pointer.at, 0);
		/* The other half of the field is padding there, which may hold anything. */
		else if (narrow)
			store_field<u64>(structure, pointer.at,
					 load_field<u64>(structure, pointer.at) & ~u32{0});
	}
}

Result<void> confine(const UserOp &op, u8 *structure, const DataPages &data) noexcept
{
	for (const Pointer &pointer : op.pointers)
		if (const Result<void> confined = confine(structure, pointer, data); !confined)
			return confined;
	return {};
}

Question::Question(const UserOp &op, u8 *structure) noexcept
	: op_(op), structure_(structure), command_(load_field<u32>(structure, op.ask_at))
{
	for (u32 i = 0; i < op.pointers.size(); ++i) {
		pointers_[i] = load_field<u64>(structure, op.pointers[i].at);
		store_field<u64>(structure, op.pointers[i].at, 0);
	}
	store_field<u32>(structure, op.ask_at, op.ask_as);
}

Question::~Question() noexcept
{
	for (u32 i = 0; i < op_.pointers.size(); ++i)
		store_field<u64>(structure_, op_.pointers[i].at, pointers_[i]);
	store_field<u32>(structure_, op_.ask_at, command_);
}

bool Question::needed(const UserOp &op, const u8 *structure) noexcept
{
	for (const Pointer &pointer : op.pointers)
		if (pointer.counts == Counts::Asked && load_field<u64>(structure, pointer.at) != 0)
			return true;
	return false;
}

u32 next_pointer(const UserOp &op, u32 from) noexcept
{
	u32 next = op.bytes;

	for (const Pointer &pointer : op.pointers)
		if (pointer.at >= from && pointer.at < next)
			next = pointer.at;
	return next;
}

} // namespace xen::ppc
