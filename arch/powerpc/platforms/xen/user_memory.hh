/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that a hypercall of user space needs: pages of the process, held while the
 * hypervisor uses them, and pages of the kernel, for copies and descriptors.
 *
 * Pages of the process are pinned; where that is refused because a driver has mapped them,
 * as with buffers of /dev/xen/hypercall when pinning takes its slow way, they are found by a
 * walk of the page table and have their reference counted.  Whatever the process does
 * meanwhile, unmapping the memory included, the hypervisor writes to pages that nobody else
 * got.
 *
 * Invariant: every page that was taken is given back once, in the way it was taken.
 * Everything here sleeps; no lock is held in between.
 */
#ifndef ARCH_POWERPC_XEN_USER_MEMORY_HH
#define ARCH_POWERPC_XEN_USER_MEMORY_HH

#include <xen/core/result.hh>
#include <xen/core/xencomm.hh>

#include <abi/wire.hh>

#include "user_memory_glue.h"
#include "xencomm.hh"

namespace xen::ppc {

/** class KernelPage - a page of the kernel's, all zero at first, or none */
class KernelPage {
public:
	KernelPage() noexcept = default;
	~KernelPage() noexcept
	{
		if (at_ != nullptr)
			xen_glue_page_free(at_);
	}
	KernelPage(const KernelPage &) = delete;
	KernelPage &operator=(const KernelPage &) = delete;

	/** alloc - get one, unless there is one already; ENOMEM */
	[[nodiscard]] Result<void> alloc() noexcept
	{
		if (at_ == nullptr)
			at_ = xen_glue_page_alloc();
		return at_ != nullptr ? Result<void>{} : Result<void>{err::nomem};
	}

	/** at - its first byte; contract: there is one */
	[[nodiscard]] u8 *at() const noexcept { return static_cast<u8 *>(at_); }

	/** address - what a hypercall takes for it */
	[[nodiscard]] u64 address() const noexcept { return machine_address(linear_address(at_)); }

private:
	void *at_ = nullptr;
};

/** class UserPages - pages of the current process, held until release() */
class UserPages {
public:
	/* As many as a descriptor lists, and their pointers fit into a page. */
	static constexpr u32 max = xencomm::max_entries;

	UserPages() noexcept = default;
	~UserPages() noexcept { release(); }
	UserPages(const UserPages &) = delete;
	UserPages &operator=(const UserPages &) = delete;

	/**
	 * take - hold the pages of a range; contract: none are held
	 * @start: any address
	 * @bytes: at least one
	 * @write: the hypervisor writes to them
	 *
	 * Return: EFAULT for what is not all the process's, not mapped, or not writable
	 * where it must be; E2BIG for more than max pages; ENOMEM; what pinning returned.
	 * After an error nothing is held.
	 */
	[[nodiscard]] Result<void> take(u64 start, u64 bytes, bool write) noexcept;

	/** release - give all of them back */
	void release() noexcept;

	/**
	 * address - what a hypercall takes for one of them
	 *
	 * Return: EFAULT for a page that is not the domain's own memory.
	 */
	[[nodiscard]] Result<u64> address(u64 page) const noexcept;

	[[nodiscard]] u32 held() const noexcept { return held_; }

private:
	[[nodiscard]] void **list() const noexcept { return reinterpret_cast<void **>(list_.at()); }
	[[nodiscard]] bool walked(u32 page) const noexcept
	{
		return (walked_[page / 64] >> page % 64 & 1) != 0;
	}

	KernelPage list_;
	u64 walked_[(max + 63) / 64] = {}; /* a bit: a reference, not a pin */
	u32 held_ = 0;
	bool write_ = false;
};

} // namespace xen::ppc

#endif
