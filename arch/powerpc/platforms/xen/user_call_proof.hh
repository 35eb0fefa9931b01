/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every row of the tables of user hypercalls must be, checked when they are compiled;
 * and what rows of several tables need.
 */
#ifndef ARCH_POWERPC_XEN_USER_CALL_PROOF_HH
#define ARCH_POWERPC_XEN_USER_CALL_PROOF_HH

#include "boot.hh"
#include "user_call.hh"

namespace xen::ppc {

/** names_this_domain - does a number of a domain mean the kernel's own? */
[[nodiscard]] inline bool names_this_domain(u16 domain) noexcept
{
	constexpr u16 self = 0x7ff0;

	return domain == self || domain == boot().domain.raw();
}

namespace detail {

struct Piece {
	u32 at, bytes;
};

consteval bool apart(Piece a, Piece b)
{
	return a.at + a.bytes <= b.at || b.at + b.bytes <= a.at;
}

/* Pointers are whole, aligned and inside; counts too, and nothing lies over another. */
consteval bool sound(const UserOp &op, const Pointer &one)
{
	const u64 most = ~u64{0} / 4;
	const bool counted = one.counts != Counts::Fixed;

	if (one.at % 8 != 0 || one.at + 8u > op.used)
		return false;
	if (counted != (one.count_bytes == 4 || one.count_bytes == 8) ||
	    (!counted && one.count_bytes != 0))
		return false;
	if (counted &&
	    (one.count_at % one.count_bytes != 0 || one.count_at + one.count_bytes > op.used ||
	     !apart({one.at, 8}, {one.count_at, one.count_bytes})))
		return false;
	if (one.only_at != 0 && (one.only_at % 4 != 0 || one.only_at + 4u > op.used ||
				 !apart({one.at, 8}, {one.only_at, 4})))
		return false;
	if (one.counts == Counts::Asked && op.ask_at == 0)
		return false;
	if (op.ask_at != 0 && (!apart({one.at, 8}, {op.ask_at, 4}) ||
			       !apart({one.count_at, one.count_bytes}, {op.ask_at, 4})))
		return false;
	return one.element != 0 && one.limit != 0 && one.limit <= most / one.element;
}

consteval bool sound(const UserOp &op)
{
	if (op.name == nullptr || op.used > op.bytes || op.bytes > page_size ||
	    op.pointers.size() > max_pointers || (op.divisible && op.pointers.empty()))
		return false;
	if (op.ask_at % 4 != 0 || op.ask_at + 4u > page_size ||
	    (op.ask_at != 0 && op.ask_at + 4u > op.used))
		return false;
	for (const Pointer &one : op.pointers) {
		if (!sound(op, one))
			return false;
		if (op.divisible &&
		    (one.counts != Counts::Elements || one.count_at != op.pointers[0].count_at ||
		     one.count_bytes != op.pointers[0].count_bytes))
			return false;
		for (const Pointer &other : op.pointers) {
			if (&one == &other)
				continue;
			if (!apart({one.at, 8}, {other.at, 8}) ||
			    !apart({one.at, 8}, {other.count_at, other.count_bytes}))
				return false;
			if (one.count_at != other.count_at &&
			    !apart({one.count_at, one.count_bytes},
				   {other.count_at, other.count_bytes}))
				return false;
		}
	}
	return true;
}

} // namespace detail

/** sound - every row is, and no operation has two */
consteval bool sound(std::span<const UserOp> table)
{
	for (const UserOp &op : table) {
		if (!detail::sound(op))
			return false;
		for (const UserOp &other : table)
			if (&op != &other && op.call == other.call && op.number == other.number)
				return false;
	}
	return true;
}

} // namespace xen::ppc

#endif
