/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pointers in the argument of a call through an area.
 *
 * They work on the kernel's copy of one structure; the table of operations (user_call.hh)
 * says where they are.  Nothing here sleeps or takes a lock.
 */
#ifndef ARCH_POWERPC_XEN_AREA_POINTERS_HH
#define ARCH_POWERPC_XEN_AREA_POINTERS_HH

#include <xen/core/result.hh>

#include "user_call.hh"

namespace xen::ppc {

/* What pointers may lead to, as the caller sees it. */
struct DataPages {
	u64 start, bytes;
};

/**
 * take_pointers - make a copy's pointers what they mean
 * @narrow: the caller is a 32-bit program, whose pointers have half of their field
 *
 * Those that mean nothing become null.
 */
void take_pointers(const UserOp &op, u8 *structure, bool narrow) noexcept;

/**
 * confine - make sure that the hypervisor finds nothing but data pages behind pointers
 * @structure: take_pointers() has seen it
 *
 * Return: EFAULT for a pointer that leads elsewhere, with the last of its elements too, or
 * for a null one that is needed; E2BIG for a count that the operation does not take.
 */
[[nodiscard]] Result<void> confine(const UserOp &op, u8 *structure, const DataPages &data) noexcept;

/**
 * class Question - a structure asks how many elements the hypervisor would write
 *
 * While it lives, the structure has no pointers and the command to ask; then it has its own
 * again, and the hypervisor's counts.
 */
class Question {
public:
	Question(const UserOp &op, u8 *structure) noexcept;
	~Question() noexcept;
	Question(const Question &) = delete;
	Question &operator=(const Question &) = delete;

	/** needed - is there a pointer whose elements only the hypervisor knows? */
	[[nodiscard]] static bool needed(const UserOp &op, const u8 *structure) noexcept;

private:
	const UserOp &op_;
	u8 *structure_;
	u64 pointers_[max_pointers] = {};
	u32 command_;
};

/** next_pointer - where the next pointer of a structure is, from @from on; or its end */
[[nodiscard]] u32 next_pointer(const UserOp &op, u32 from) noexcept;

} // namespace xen::ppc

#endif
