/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of the operation that a process's structure asks for: which row of the table it is,
 * and what is refused for its number, its version or a value in it.  Part of the suite of
 * marshal_cases.hh.
 */
#ifndef ARCH_POWERPC_XEN_MARSHAL_OP_CASES_HH
#define ARCH_POWERPC_XEN_MARSHAL_OP_CASES_HH

#include "marshal_rows.hh"

namespace xen::cases::marshal {

/* The largest structure of all. */
inline constexpr u32 any_bytes = 144;

/* A number of an operation, or of a call with any operation. */
struct Named {
	u32 call;
	u64 number;
};

/* A value in a structure. */
struct Value {
	u32 call, number, bytes;
	u32 at, at_bytes;
};

/* What comes of a structure that says no more than which operation it is for. */
inline bool refused(u32 call, u64 number, Errno error) noexcept
{
	const Structure made{any_bytes};

	name_operation(made, call, static_cast<u32>(number));

	const auto found = find(made, call, number);

	return !found && found.error() == error;
}

/* Of one that may pass but for a value: what comes of it with that value. */
inline Result<const ppc::UserOp *> found_with(const Value &at, u64 value) noexcept
{
	const Structure made{at.bytes};

	name_operation(made, at.call, at.number);
	permit(made, at.call, at.number);
	made.put(at.at, at.at_bytes, opaque(value));
	return find(made, at.call, at.number);
}

inline bool passes_with(const Value &at, u64 value) noexcept
{
	return found_with(at, value).ok();
}

inline bool refused_with(const Value &at, u64 value, Errno error) noexcept
{
	const auto found = found_with(at, value);

	return !found && found.error() == error;
}

XEN_CASE(operations_are_found_by_their_numbers)
{
	for (const Row &row : rows) {
		const Structure made{row.bytes};
		/* Its lists could stop the hypervisor of 2007: user_call_memory.cc. */
		const bool dangerous = row.call == 12 && (row.number == 1 || row.number == 8);

		name_operation(made, row.call, row.number);
		permit(made, row.call, row.number);

		const auto found = find(made, row.call, row.number);

		if (dangerous && ppc::historical())
			CHECK(!found && found.error() == err::opnotsupp);
		else
			CHECK(found && found.value() == listed(row));
	}
}

XEN_CASE(operations_that_do_not_exist_are_enosys)
{
	constexpr u64 high = u64{1} << 32;
	constexpr Named unknown[] = {
		/* domctl: those that the hypervisor refuses, and those that nobody has */
		{36, 0},
		{36, 7},
		{36, 21},
		{36, 22},
		{36, 23},
		{36, 28},
		{36, 29},
		{36, 32},
		{36, 35},
		{36, 36},
		{36, 37},
		{36, 0x06000000},
		{36, 0xffffffff},
		/* sysctl, acm_op */
		{35, 0},
		{35, 10},
		{35, 0x01000000},
		{27, 0},
		{27, 8},
		/* memory_op: what ppc has not, and progress above the operation's bits */
		{12, 5},
		{12, 7},
		{12, 9},
		{12, 10},
		{12, 12},
		{12, 14},
		{12, 15},
		{12, 16 + 6},
		{12, high | 6},
		/* grant_table_op, event_channel_op */
		{20, 3},
		{20, 8},
		{20, high | 2},
		{32, 11},
		{32, high | 5},
		/* no call */
		{0, 0},
		{16, 0},
		{34, 0},
		{37, 0},
		{63, 0},
		{64, 0},
	};

	for (const Named &one : unknown)
		CHECK(refused(one.call, one.number, err::nosys));
}

XEN_CASE(operations_that_exist_and_may_not_pass_are_eopnotsupp)
{
	constexpr Named withheld[] = {
		{27, 6}, {27, 7}, {12, 11}, {20, 0}, {20, 1}, {20, 4}, {20, 7},
		{32, 3}, {29, 3}, {24, 10}, {33, 7}, {13, 0}, {15, 0}, {28, 0},
	};

	for (const Named &one : withheld)
		CHECK(refused(one.call, one.number, err::opnotsupp));
}

/* Before the operation: the number of one may mean another in another version. */
XEN_CASE(other_interface_versions_are_eacces)
{
	constexpr u32 now[] = {5, 4, 0xaaaa000a}, calls[] = {36, 35, 27}, commands[] = {6, 6, 1};

	for (u32 i = 0; i < std::size(calls); ++i) {
		const Value version{calls[i], commands[i], any_bytes, 4, 4};
		const Value unknown{calls[i], 0x1000, any_bytes, 4, 4};

		CHECK(passes_with(version, now[i]));
		for (const u32 other : {0U, now[i] - 1, now[i] + 1, now[i] << 24, 0x15U, ~0U}) {
			CHECK(refused_with(version, other, err::acces));
			CHECK(refused_with(unknown, other, err::acces));
		}
	}
}

/* By its own number, or as whoever calls. */
XEN_CASE(values_that_act_on_this_domain_are_refused)
{
	constexpr Value guarded[] = {
		{36, 3, 144, 8, 2},  /* pausedomain */
		{36, 11, 144, 8, 2}, /* max_mem */
		{36, 12, 144, 8, 2}, /* setvcpucontext */
		{36, 15, 144, 8, 2}, /* max_vcpus */
		{36, 27, 144, 8, 2}, /* resumedomain */
		{12, 0, 32, 24, 2},  /* increase_reservation */
		{12, 6, 32, 24, 2},  /* populate_physmap */
		{20, 2, 24, 0, 2},   /* setup_table */
		{29, 4, 8, 0, 2},    /* remote_shutdown */
		{32, 6, 8, 0, 2},    /* alloc_unbound */
		{32, 10, 2, 0, 2},   /* reset */
	};
	constexpr Value free[] = {{36, 4, 144, 8, 2}, {36, 5, 144, 8, 2}, {36, 6, 144, 8, 2}};

	for (const Value &domain : guarded) {
		CHECK(passes_with(domain, another_domain()));
		CHECK(refused_with(domain, 0x7ff0, err::opnotsupp));
		CHECK(refused_with(domain, ppc::boot().domain.raw(), err::opnotsupp));
	}
	for (const Value &domain : free)
		CHECK(passes_with(domain, ppc::boot().domain.raw()));
}

XEN_CASE(values_that_stop_a_hypervisor_are_refused)
{
	constexpr Value shadow{36, 10, 144, 16, 4};

	for (const u32 op : {30U, 31U})
		CHECK(passes_with(shadow, op));
	for (const u32 op : {0U, 1U, 2U, 3U, 11U, 12U, 29U, 32U, 0x1e000000U})
		CHECK(refused_with(shadow, op, err::opnotsupp));

	for (const u32 op : {0U, 6U}) {
		const Value order{12, op, 32, 16, 4};

		CHECK(passes_with(order, 24));
		CHECK(refused_with(order, 25, err::inval));
		CHECK(refused_with(order, 0xffffffff, err::inval));
	}

	/* Each of the structures of a call is looked at: two copies, by their flags. */
	for (u32 flags = 0; flags < 16; ++flags) {
		const Structure copies{80};

		copies.put(34, 2, flags % 4);
		copies.put(40 + 34, 2, flags / 4);

		const auto found = find(copies, 20, 5, 2);

		CHECK_EQ(found.ok(), flags == 15);
		if (!found)
			CHECK(found.error() == err::opnotsupp);
	}
}

} // namespace xen::cases::marshal

#endif
