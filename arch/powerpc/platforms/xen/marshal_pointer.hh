/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A pointer inside a process's structure: from what the process wrote to a handle.
 *
 * find() reads pointer and count from the kernel's copy of the structure, once, and judges
 * them; handle() holds the pages of a part of the list and describes them.
 */
#ifndef ARCH_POWERPC_XEN_MARSHAL_POINTER_HH
#define ARCH_POWERPC_XEN_MARSHAL_POINTER_HH

#include "user_memory.hh"
#include "user_pointer.hh"

namespace xen::ppc {

/** class UserPointer - one of a structure's pointers, for one call */
class UserPointer {
public:
	/**
	 * find - look at what the process wrote
	 *
	 * Return: EFAULT, EINVAL or E2BIG as marshal() says; afterwards elements() may be
	 * handled.
	 */
	[[nodiscard]] Result<void> find(const Pointer &row, const u8 *structure, bool compat,
					bool divisible) noexcept;

	/** elements - how many there are; of a bitmap, bytes */
	[[nodiscard]] u64 elements() const noexcept { return elements_; }

	/** fits - how many elements from @done on a descriptor can list; contract: find() */
	[[nodiscard]] u64 fits(u64 done) const noexcept;

	/**
	 * handle - hold the memory of @count elements from @done on
	 *
	 * Return: their handle, 0 for none or a null pointer; an error as marshal() says,
	 * and nothing is held.
	 */
	[[nodiscard]] Result<u64> handle(u64 done, u64 count) noexcept;

	/** release - let the memory go; the handle is not valid any more */
	void release() noexcept { pages_.release(); }

	/** restore - put the process's own eight bytes into @structure */
	void restore(u8 *structure) const noexcept
	{
		if (row_ != nullptr)
			store_field(structure, row_->at, written_);
	}

private:
	const Pointer *row_ = nullptr;
	u64 written_ = 0; /* by the process */
	u64 address_ = 0; /* what it means by it; 0: nothing */
	u64 elements_ = 0;
	UserPages pages_;
	KernelPage descriptor_;
};

} // namespace xen::ppc

#endif
