/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One hypercall of a process, while it is made: its arguments, the kernel's copy of what
 * they point to, and the pointers found in the copy.
 *
 * marshal.cc takes the structure from the process and back, and enters the hypervisor;
 * marshal_list.cc does what an operation with pointers needs in between.
 */
#ifndef ARCH_POWERPC_XEN_MARSHAL_CALL_HH
#define ARCH_POWERPC_XEN_MARSHAL_CALL_HH

#include "marshal_pointer.hh"

namespace xen::ppc {

inline constexpr Errno interrupted{4}; /* EINTR, which no hypervisor returns */

/** class UserCall - made on the stack for marshal(), for one call */
class UserCall {
public:
	UserCall(const Signature &signature, const CallArguments &args, bool compat) noexcept
		: signature_(signature), compat_(compat)
	{
		for (u32 i = 0; i < nr_call_arguments; ++i)
			args_[i] = args[i];
	}

	/* A call without a pointer, and one that points to @argument: marshal()'s result. */
	s64 numbers_only() noexcept;
	s64 with_structures(const Argument &argument) noexcept;

private:
	/* Some structures, from the copy to the copy back. */
	s64 piece(u64 from, u32 bytes, u32 structures) noexcept;
	/* What happens between the two; the process's pointers are back afterwards. */
	s64 perform(const UserOp &op, u32 structures) noexcept;
	/* The counts of an operation that writes as much as it has: into the copy. */
	Result<void> ask(const UserOp &op) noexcept;
	/* In one entry to the hypervisor, or in several. */
	s64 whole(const UserOp &op) noexcept;
	s64 parts(const UserOp &op) noexcept;
	/* Handles in place of the pointers, for @count elements from @done or for @all. */
	Result<void> describe(const UserOp &op, u64 done, u64 count, bool all) noexcept;
	void let_go(const UserOp &op) noexcept;
	s64 enter(u32 structures) noexcept;
	Errno refuse(Errno error) const noexcept;

	const Signature &signature_;
	CallArguments args_;
	KernelPage copy_;
	UserPointer pointers_[max_pointers];
	bool compat_;
	bool entered_ = false;
};

/* judge - what no hypervisor answers, or not to this operation, is EIO */
[[nodiscard]] inline s64 judge(const UserOp &op, s64 status) noexcept
{
	if (status < 0)
		return Errno::from_xen(status).to_linux();
	return status > 0 && !op.counts ? err::io.to_linux() : status;
}

} // namespace xen::ppc

#endif
