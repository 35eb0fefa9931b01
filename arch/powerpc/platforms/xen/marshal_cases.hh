/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of the pointers in a process's structures: where they are, and what becomes of each
 * before the process's memory or the hypervisor is touched.
 *
 * Structures are in static memory and have the kernel's part only: nothing is behind a
 * pointer, no process is needed and no hypercall is made.  What is expected stands in
 * marshal_rows.hh.
 */
#ifndef ARCH_POWERPC_XEN_MARSHAL_CASES_HH
#define ARCH_POWERPC_XEN_MARSHAL_CASES_HH

#include "marshal_count_cases.hh"
#include "marshal_op_cases.hh"

namespace xen::cases::marshal {

XEN_CASE(pointers_are_where_the_abi_has_them)
{
	constexpr ppc::Flow flows[] = {ppc::Flow::In, ppc::Flow::Out, ppc::Flow::InOut};

	for (const Row &row : rows) {
		const ppc::UserOp *const op = listed(row);
		const ppc::Pointer *const one = pointer_of(row);

		if (!CHECK(op != nullptr) || !CHECK(one != nullptr))
			continue;
		CHECK_EQ(op->bytes, row.bytes);
		CHECK_EQ(op->divisible, row.in_parts);
		CHECK_EQ(one->element, row.element);
		CHECK_EQ(one->required, row.required);
		CHECK_EQ(one->counts == ppc::Counts::Asked, row.unit == Unit::Asked);
		CHECK(one->flow == flows[static_cast<u8>(row.way)]);
	}
}

XEN_CASE(no_structure_has_another_pointer)
{
	std::size_t pointers = 0;

	each_operation([&](const ppc::UserOp &op) noexcept { pointers += op.pointers.size(); });
	CHECK_EQ(pointers, std::size(rows));
}

XEN_CASE(a_null_pointer_is_a_fault_only_where_elements_are_needed)
{
	for (const Row &row : rows) {
		const Found found(row, with(row, 0, three(row)));

		if (row.required) {
			CHECK(found.failed(err::fault));
			if (row.unit != Unit::One && row.unit != Unit::HighestIndex)
				CHECK(Found(row, with(row, 0, 0)).has(0));
			continue;
		}
		/* Parts are counted without a pointer as well. */
		CHECK(found.has(row.in_parts ? 3 : 0));
		CHECK_EQ(Found(row, with(row, 0, three(row))).pointer.handle(0, 3).value_or(1), 0U);
		if (!row.in_parts)
			CHECK(Found(row, with(row, 0, far_too_many)).has(0));
	}
}

/* Elements are aligned like the largest integer in them. */
XEN_CASE(pointers_are_aligned_and_the_process_s)
{
	for (const Row &row : rows) {
		const u64 count = three(row);
		const bool bytes = row.element == 1, words = row.element % 8 != 0;

		for (const u64 off : {u64{1}, u64{2}, u64{4}}) {
			const Found found(row, with(row, user + off, count));

			if (bytes || (words && off == 4))
				CHECK(found.has(elements(row)));
			else
				CHECK(found.failed(err::inval));
		}
		CHECK(Found(row, with(row, kernel, count)).failed(err::fault));
		CHECK(Found(row, with(row, ~u64{7}, row.at_once)).failed(err::fault));
		CHECK(Found(row, with(row, u64{1} << 63, count)).failed(err::fault));
	}
}

/* A 32-bit process writes the low half of the eight bytes; the other may hold anything. */
XEN_CASE(a_32_bit_pointer_is_the_low_half)
{
	for (const Row &row : rows) {
		constexpr u64 rubbish = 0xdeadbeef00000000;
		const Structure made = with(row, rubbish | user, three(row));

		CHECK(Found(row, made, true).has(elements(row)));
		CHECK(Found(row, made, false).failed(err::fault));

		const Found null(row, with(row, rubbish, three(row)), true);

		if (row.required)
			CHECK(null.failed(err::fault));
		else
			CHECK(null.has(row.in_parts ? 3 : 0));
	}
}

/* All eight bytes of each pointer, and no other. */
XEN_CASE(a_process_gets_its_own_pointers_back)
{
	for (const Row &row : rows) {
		const Found found(row, with(row, 0xfedcba9810001000, three(row)), true);
		const Structure made{row.bytes, 0x55};
		const u8 own[] = {0xfe, 0xdc, 0xba, 0x98, 0x10, 0, 0x10, 0};

		found.pointer.restore(made.at());
		for (u32 i = 0; i < row.bytes; ++i)
			CHECK_EQ(made.at()[i],
				 i - row.at < sizeof(own) ? own[i - row.at] : u8{0x55});
	}
}

/* tbuf_op has a map in one of its commands only. */
XEN_CASE(a_pointer_that_the_command_does_not_look_at_is_none)
{
	for (const Row &row : rows) {
		const Structure made = with(row, kernel + 1, far_too_many);

		if (row.call != 35 || row.number != 2)
			continue;
		for (const u32 command : {0U, 2U, 3U, 4U, 5U, 0x100U, 0x1000000U}) {
			made.put(8, 4, command);
			CHECK(Found(row, made).has(0));
		}
		made.put(8, 4, 1);
		CHECK(Found(row, made).failed(err::toobig));
	}
}

/* Any numbers anywhere: what passes is a list of the process's that the operation takes. */
XEN_CASE(whatever_a_structure_holds_what_passes_is_in_bounds)
{
	u64 state = 20060802, passed = 0, refused = 0;
	const auto random = [&state] {
		state = state * 6364136223846793005 + 1442695040888963407;
		return state >> 24;
	};

	for (u32 round = 0; round < 40 * std::size(rows); ++round) {
		const Row &row = rows[round % std::size(rows)];
		const u64 pointer = random() << random() % 25, count = random() >> random() % 40;
		const bool compat = random() % 2 != 0;
		const Found found(row, with(row, pointer, count, static_cast<u8>(random())),
				  compat);
		const u64 means = compat ? pointer & 0xffffffff : pointer;

		if (!found.status) {
			++refused;
			continue;
		}
		CHECK(found.pointer.elements() <= row.limit + 1);
		if (found.pointer.elements() == 0 || means == 0)
			continue;
		++passed;
		CHECK(means < kernel && means % (row.element % 8 == 0	? 8
						 : row.element % 4 == 0 ? 4
									: 1) ==
						0);
		if (!row.in_parts)
			CHECK(found.pointer.elements() <= 2093056 / row.element);
	}
	CHECK(passed > 100 && refused > 100);
}

inline constexpr Case all[] = {
	XEN_LIST(pointers_are_where_the_abi_has_them),
	XEN_LIST(no_structure_has_another_pointer),
	XEN_LIST(counts_are_where_the_abi_has_them),
	XEN_LIST(counts_count_elements_bits_or_indices),
	XEN_LIST(counts_end_at_their_limit),
	XEN_LIST(what_one_descriptor_cannot_list_is_refused_or_divided),
	XEN_LIST(a_null_pointer_is_a_fault_only_where_elements_are_needed),
	XEN_LIST(pointers_are_aligned_and_the_process_s),
	XEN_LIST(a_32_bit_pointer_is_the_low_half),
	XEN_LIST(a_process_gets_its_own_pointers_back),
	XEN_LIST(a_pointer_that_the_command_does_not_look_at_is_none),
	XEN_LIST(whatever_a_structure_holds_what_passes_is_in_bounds),
	XEN_LIST(operations_are_found_by_their_numbers),
	XEN_LIST(operations_that_do_not_exist_are_enosys),
	XEN_LIST(operations_that_exist_and_may_not_pass_are_eopnotsupp),
	XEN_LIST(other_interface_versions_are_eacces),
	XEN_LIST(values_that_act_on_this_domain_are_refused),
	XEN_LIST(values_that_stop_a_hypervisor_are_refused),
};
inline constexpr Suite suite{"ppc_marshal", all};

} // namespace xen::cases::marshal

#endif
