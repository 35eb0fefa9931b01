/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pointers in structures of hypercalls, once more and by hand, for the cases of
 * marshal_cases.hh; and the structures of these cases.
 *
 * Numbers of calls and operations, sizes, offsets and units are those of the ABI's tables of
 * handles, written as numbers: nothing here is computed from the port's structures or taken
 * from its table.
 */
#ifndef ARCH_POWERPC_XEN_MARSHAL_ROWS_HH
#define ARCH_POWERPC_XEN_MARSHAL_ROWS_HH

#include "boot.hh"
#include "cases.hh"
#include "user_call.hh"

namespace xen::cases::marshal {

using ppc::u16;
using ppc::u32;
using ppc::u64;
using ppc::u8;

/* What a count counts; Asked: elements, and the hypervisor is asked for their number. */
enum class Unit : u8 { Elements, Bits, HighestIndex, One, Asked };

/* What the hypervisor does with what is behind the pointer. */
enum class Way : u8 { Reads, Writes, Both };

/* Whether there must be a pointer where there are elements. */
inline constexpr bool needed = true, may_be_null = false;

/* One pointer of one structure. */
struct Row {
	u32 call, number, bytes;
	u32 at, element;
	u32 count_at, count_bytes;
	Unit unit;
	Way way;
	bool required;
	u64 limit;	 /* the largest count that the operation takes */
	u64 at_once;	 /* the largest for which one descriptor suffices, if that is less */
	bool in_parts{}; /* if it does not suffice, there are several */
};

/* A descriptor lists 511 pages, which are 2093056 bytes. */
inline constexpr Row rows[] = {
	/* memory_op: {increase,decrease}_reservation, populate_physmap, translate_gpfn_list */
	{12, 0, 32, 0, 8, 8, 8, Unit::Elements, Way::Writes, may_be_null, 16777216, 261632, true},
	{12, 1, 32, 0, 8, 8, 8, Unit::Elements, Way::Reads, needed, 16777216, 261632, true},
	{12, 6, 32, 0, 8, 8, 8, Unit::Elements, Way::Both, needed, 16777216, 261632, true},
	{12, 8, 32, 16, 8, 8, 8, Unit::Elements, Way::Reads, needed, 16777216, 261632, true},
	{12, 8, 32, 24, 8, 8, 8, Unit::Elements, Way::Writes, needed, 16777216, 261632, true},
	/* grant_table_op: setup_table */
	{20, 2, 24, 16, 8, 4, 4, Unit::Elements, Way::Writes, needed, 65536, 65536},
	/* acm_op: setpolicy, getpolicy, dumpstats, getssid */
	{27, 1, 72, 8, 1, 16, 4, Unit::Elements, Way::Reads, needed, 65535, 65535},
	{27, 2, 72, 8, 1, 16, 4, Unit::Elements, Way::Writes, needed, 65535, 65535},
	{27, 3, 72, 8, 1, 16, 4, Unit::Elements, Way::Writes, needed, 65535, 65535},
	{27, 4, 72, 16, 1, 24, 4, Unit::Elements, Way::Writes, needed, 65535, 65535},
	/* sysctl: readconsole, tbuf_op, physinfo */
	{35, 1, 136, 16, 1, 24, 4, Unit::Elements, Way::Writes, needed, 1073741824, 2093056},
	{35, 2, 136, 16, 1, 24, 4, Unit::Bits, Way::Reads, needed, 65536, 65536},
	{35, 3, 136, 96, 4, 88, 4, Unit::HighestIndex, Way::Writes, may_be_null, 65535, 65535},
	/* perfc_op, getdomaininfolist, debug_keys, getcpuinfo */
	{35, 5, 136, 24, 84, 12, 4, Unit::Asked, Way::Writes, may_be_null, 16777216, 24917},
	{35, 5, 136, 32, 4, 16, 4, Unit::Asked, Way::Writes, may_be_null, 16777216, 523264},
	{35, 6, 136, 16, 72, 12, 4, Unit::Elements, Way::Writes, needed, 16777216, 29070},
	{35, 7, 136, 8, 1, 16, 4, Unit::Elements, Way::Reads, needed, 256, 256},
	{35, 8, 136, 16, 8, 8, 4, Unit::Elements, Way::Writes, needed, 16777216, 261632},
	/* domctl: getmemlist, getpageframeinfo2, setvcpuaffinity, shadow_op */
	{36, 6, 144, 32, 8, 16, 8, Unit::Elements, Way::Writes, needed, 1073741824, 261632},
	{36, 8, 144, 24, 4, 16, 8, Unit::Elements, Way::Both, needed, 1073741824, 523264},
	{36, 9, 144, 24, 1, 32, 4, Unit::Bits, Way::Reads, needed, 65536, 65536},
	{36, 10, 144, 32, 1, 40, 8, Unit::Bits, Way::Writes, may_be_null, 68719476736, 16744448},
	/* setvcpucontext, getvcpucontext, getvcpuaffinity, gethvmcontext, sethvmcontext */
	{36, 12, 144, 24, 360, 0, 0, Unit::One, Way::Reads, needed, 1, 1},
	{36, 13, 144, 24, 360, 0, 0, Unit::One, Way::Writes, needed, 1, 1},
	{36, 25, 144, 24, 1, 32, 4, Unit::Bits, Way::Writes, may_be_null, 65536, 65536},
	{36, 33, 144, 24, 1, 16, 4, Unit::Elements, Way::Writes, may_be_null, 1073741824, 2093056},
	{36, 34, 144, 24, 1, 16, 4, Unit::Elements, Way::Reads, may_be_null, 1073741824, 2093056},
};

/* The kernel's copy of a structure: it ends where the page does. */
class Structure {
public:
	static constexpr u32 room = 1024;

	/** Structure - all of @fill */
	explicit Structure(u32 bytes, u8 fill = 0) noexcept : at_(page_ + room - bytes)
	{
		for (u8 &byte : page_)
			byte = fill;
	}

	[[nodiscard]] u8 *at() const noexcept { return at_; }

	/** put - a number of @bytes bytes, the highest first */
	void put(u32 at, u32 bytes, u64 value) const noexcept
	{
		for (u32 i = bytes; i-- > 0; value >>= 8)
			at_[at + i] = static_cast<u8>(value);
	}

private:
	alignas(8) static inline constinit u8 page_[room]{};
	u8 *at_;
};

/** another_domain - the number of a domain that is not this one */
inline u16 another_domain() noexcept
{
	return ppc::boot().domain.raw() == 1 ? 2 : 1;
}

/** name_operation - what in a structure says which operation it is for */
inline void name_operation(const Structure &made, u32 call, u32 number) noexcept
{
	if (call == 27 || call == 35 || call == 36) {
		made.put(0, 4, number);
		made.put(4, 4, call == 27 ? 0xaaaa000a : call == 35 ? 4 : 5);
	}
	/* Only the command that sets the processors of a trace has a map of them. */
	if (call == 35 && number == 2)
		made.put(8, 4, 1);
}

/** permit - the values without which an operation is refused, whatever its pointers are */
inline void permit(const Structure &made, u32 call, u32 number) noexcept
{
	if (call == 36)
		made.put(8, 2, another_domain());
	if (call == 36 && number == 10)
		made.put(16, 4, 30);
	if (call == 20 || (call == 12 && number == 8))
		made.put(0, 2, another_domain());
	if (call == 12 && number != 8)
		made.put(24, 2, another_domain());
}

/** find - the table's row as a process gets it that has @structures of them at @made */
inline Result<const ppc::UserOp *> find(const Structure &made, u32 call, u64 number,
					u64 structures = 1) noexcept
{
	const ppc::CallArguments args = {opaque(number), 1, structures};

	return ppc::find_user_op(static_cast<ppc::XenCall>(call), args, made.at());
}

/* What is in the port's table, looked for in all of it. */
template <class F> void each_operation(F use) noexcept
{
	for (const auto *table : {&ppc::user_memory_ops, &ppc::user_grant_ops, &ppc::user_acm_ops,
				  &ppc::user_sysctls, &ppc::user_domctls, &ppc::user_other_ops})
		for (const ppc::UserOp &op : *table)
			use(op);
}

inline const ppc::UserOp *listed(const Row &row) noexcept
{
	const ppc::UserOp *found = nullptr;

	each_operation([&](const ppc::UserOp &op) noexcept {
		if (static_cast<u32>(op.call) == row.call && op.number == row.number)
			found = &op;
	});
	return found;
}

/** pointer_of - what the table says of the pointer in that place, or null */
inline const ppc::Pointer *pointer_of(const Row &row) noexcept
{
	const ppc::UserOp *const op = listed(row);

	if (op != nullptr)
		for (const ppc::Pointer &one : op->pointers)
			if (one.at == row.at)
				return &one;
	return nullptr;
}

} // namespace xen::cases::marshal

#endif
