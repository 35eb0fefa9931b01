/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of the counts of a process's pointers: where they are, what they count, and where
 * they end.  Part of the suite of marshal_cases.hh.
 */
#ifndef ARCH_POWERPC_XEN_MARSHAL_COUNT_CASES_HH
#define ARCH_POWERPC_XEN_MARSHAL_COUNT_CASES_HH

#include "marshal_pointer.hh"
#include "marshal_rows.hh"

namespace xen::cases::marshal {

using ppc::UserPointer;

/* A page of a process; an address that is none of a process's; what no count may be. */
inline constexpr u64 user = 0x10001000, kernel = 0xc000000000001000, far_too_many = 0x7fffffff;

/* One pointer, after a look at the row's structure; ENOENT if the table has none there. */
struct Found {
	UserPointer pointer;
	Result<void> status = err::noent;

	Found(const Row &row, const Structure &made, bool compat = false) noexcept
	{
		if (const ppc::Pointer *const one = pointer_of(row); one != nullptr)
			status = pointer.find(*one, made.at(), compat, row.in_parts);
	}

	[[nodiscard]] bool failed(Errno error) const noexcept
	{
		return !status && status.error() == error;
	}
	[[nodiscard]] bool has(u64 elements) const noexcept
	{
		return status.ok() && pointer.elements() == elements;
	}
};

/* A structure with a pointer and a count; all else is @fill. */
inline Structure with(const Row &row, u64 pointer, u64 count, u8 fill = 0) noexcept
{
	const Structure made{row.bytes, fill};

	name_operation(made, row.call, row.number);
	if (row.count_bytes != 0)
		made.put(row.count_at, row.count_bytes, opaque(count));
	made.put(row.at, 8, opaque(pointer));
	return made;
}

/* The count of three elements; of a map, of three bytes. */
constexpr u64 three(const Row &row) noexcept
{
	return row.unit == Unit::Bits ? 17 : row.unit == Unit::HighestIndex ? 2 : 3;
}

/* How many elements that is, where there is a count at all. */
constexpr u64 elements(const Row &row) noexcept
{
	return row.unit == Unit::One ? 1 : 3;
}

/* Whatever else the structure says: every other number in it would be far too many. */
XEN_CASE(counts_are_where_the_abi_has_them)
{
	for (const Row &row : rows) {
		CHECK(Found(row, with(row, user, three(row), 0x7f)).has(elements(row)));
		if (row.count_bytes == 0)
			continue;
		CHECK(Found(row, with(row, user, far_too_many)).failed(err::toobig));
		if (row.count_bytes == 8)
			CHECK(Found(row, with(row, user, u64{1} << 40 | 3)).failed(err::toobig));
	}
}

XEN_CASE(counts_count_elements_bits_or_indices)
{
	for (const Row &row : rows) {
		const auto counted = [&](u64 count) noexcept {
			return Found(row, with(row, user, count)).pointer.elements();
		};
		const bool bits = row.unit == Unit::Bits, index = row.unit == Unit::HighestIndex;

		if (row.unit == Unit::One)
			continue;
		CHECK_EQ(counted(0), index ? 1U : 0U);
		CHECK_EQ(counted(1), index ? 2U : 1U);
		CHECK_EQ(counted(8), bits ? 1U : index ? 9U : 8U);
		CHECK_EQ(counted(9), bits ? 2U : index ? 10U : 9U);
		CHECK_EQ(counted(16), bits ? 2U : index ? 17U : 16U);
	}
}

/* The limits of the table, where nobody looks whether a descriptor suffices. */
XEN_CASE(counts_end_at_their_limit)
{
	for (const Row &row : rows) {
		const ppc::Pointer *const one = pointer_of(row);
		const auto behind = [&](u64 count) noexcept {
			return ppc::elements_behind(*one, with(row, user, count).at());
		};
		const u64 most = row.unit == Unit::Bits		  ? row.limit / 8
				 : row.unit == Unit::HighestIndex ? row.limit + 1
								  : row.limit;

		if (!CHECK(one != nullptr))
			continue;
		CHECK_EQ(behind(row.limit).value_or(0), most);
		if (row.unit == Unit::One)
			continue;
		for (const u64 above : {row.limit + 1, ~u64{0} >> 1, ~u64{0}, ~u64{0} - 1}) {
			const Result<u64> refused = behind(above);

			CHECK(!refused && refused.error() == err::toobig);
		}
	}
}

XEN_CASE(what_one_descriptor_cannot_list_is_refused_or_divided)
{
	for (const Row &row : rows) {
		const Found most(row, with(row, user, row.at_once));
		const Found more(row, with(row, user, row.at_once + 1));

		CHECK(most.status.ok());
		if (row.unit == Unit::One)
			continue;
		if (!row.in_parts) {
			CHECK(more.failed(err::toobig));
			continue;
		}
		CHECK(more.has(row.at_once + 1));
		CHECK_EQ(more.pointer.fits(0), row.at_once);
		/* From the second page's last element on: that, and 510 pages. */
		CHECK_EQ(more.pointer.fits(1023), 1U + 510 * 512);
		CHECK(Found(row, with(row, user, row.limit)).has(row.limit));
		CHECK(Found(row, with(row, user, row.limit + 1)).failed(err::toobig));
	}
}

} // namespace xen::cases::marshal

#endif
