/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the table of user hypercalls says about one pointer of one structure.
 *
 * Both ways into the hypervisor read it here: privcmd (marshal_pointer.cc) and areas
 * (area_pointers.cc).  The structure is the kernel's copy in wire order, which nobody else
 * changes; the table is proved to lie inside it when it is compiled.  No locking.
 */
#ifndef ARCH_POWERPC_XEN_USER_POINTER_HH
#define ARCH_POWERPC_XEN_USER_POINTER_HH

#include <xen/core/endian.hh>
#include <xen/core/result.hh>

#include "user_call.hh"

namespace xen::ppc {

/** load_field - a number of a structure in wire order */
template <class T> [[nodiscard]] inline T load_field(const u8 *structure, u32 at) noexcept
{
	Be<T> field;

	__builtin_memcpy(&field, structure + at, sizeof(field));
	return field.load();
}

/** store_field - write one */
template <class T> inline void store_field(u8 *structure, u32 at, T value) noexcept
{
	const Be<T> field{value};

	__builtin_memcpy(structure + at, &field, sizeof(field));
}

/** pointer_used - does the structure's command use this pointer at all? any context */
[[nodiscard]] inline bool pointer_used(const Pointer &row, const u8 *structure) noexcept
{
	return row.only_at == 0 || load_field<u32>(structure, row.only_at) == row.only_if;
}

/**
 * elements_behind - how many elements the structure says are behind a pointer
 *
 * Context: any.
 *
 * Return: their number, of a bitmap its bytes; E2BIG if the operation does not take so
 * many.  The number times the row's element size does not overflow: the table's proof.
 */
[[nodiscard]] inline Result<u64> elements_behind(const Pointer &row, const u8 *structure) noexcept
{
	if (row.counts == Counts::Fixed)
		return row.limit;

	u64 count = row.count_bytes == sizeof(u64) ? load_field<u64>(structure, row.count_at)
						   : load_field<u32>(structure, row.count_at);

	/* Before anything is added, which could wrap. */
	if (count > row.limit)
		return err::toobig;
	if (row.counts == Counts::LastIndex && ++count > row.limit)
		return err::toobig;
	return row.counts == Counts::Bits ? (count + 7) / 8 : count;
}

} // namespace xen::ppc

#endif
