/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handles to kernel memory for hypercalls (Documentation/xen/abi-ppc.rst, "xencomm").
 *
 * inline_handle() serves the linear region: static data of the kernel image, stacks,
 * kmalloc memory in one page.  It allocates nothing, does not fail, and works in real
 * mode.  Everything else goes through class Handles, which knows whether an object's pages
 * follow each other in the machine and builds a descriptor in a page of this cpu if they do
 * not: vmalloc and module memory, and in a direct domain any larger object.  Memory that is
 * not the domain's own, another domain's page in the window say, and user addresses never
 * become a handle.
 */
#ifndef ARCH_POWERPC_XEN_XENCOMM_HH
#define ARCH_POWERPC_XEN_XENCOMM_HH

#include <abi/xencomm.hh>

#include <xen/core/result.hh>
#include <xen/core/xencomm.hh>

#include "layout.h"
#include "translate.hh"

namespace xen::ppc {

/* Where a pointer points. */
enum class Region : u8 {
	Linear, /* guest-physical memory at XEN_LINEAR_BASE */
	Mapped, /* the kernel's other mappings, vmalloc and modules among them */
	Alien,	/* not the kernel's: user space, null, numbers */
};

#ifdef __powerpc64__
/** region_of - by the address alone; any context */
[[nodiscard, gnu::always_inline]] inline Region region_of(const void *at) noexcept
{
	const u64 address = reinterpret_cast<u64>(at);

	if (address < static_cast<u64>(XEN_LINEAR_BASE))
		return Region::Alien;
	return address < static_cast<u64>(XEN_LINEAR_END) ? Region::Linear : Region::Mapped;
}
#else
/* On the build machine, the tests'. */
Region region_of(const void *at) noexcept;
#endif

/** linear_address - guest-physical address behind a pointer into the linear region */
[[nodiscard, gnu::always_inline]] inline PhysAddr linear_address(const void *at) noexcept
{
	return PhysAddr{reinterpret_cast<u64>(at) & ~static_cast<u64>(XEN_LINEAR_BASE)};
}

/**
 * inline_handle - handle of an object in the linear region
 * @object: in one page, or of the kernel image or on a stack, which are contiguous in the
 *          machine too; null gives the null handle
 *
 * Context: any, real mode included.
 */
[[nodiscard, gnu::always_inline]] inline u64 inline_handle(const void *object) noexcept
{
	return object != nullptr ? inline_flag | machine_address(linear_address(object)) : 0;
}

/**
 * class Handles - the handles of one hypercall
 *
 * Lives around the hypercall.  While it holds a descriptor, interrupts are off: the page
 * that descriptors are built in belongs to this cpu.  It allocates nothing.  Descriptors
 * are not used twice, because Xen may write into them.  Two objects of one cpu must not
 * hold descriptors at the same time: nothing is called in between but the hypercall.
 */
class Handles {
public:
	Handles() noexcept = default;
	~Handles() noexcept;
	Handles(const Handles &) = delete;
	Handles &operator=(const Handles &) = delete;

	/**
	 * of - the handle of an object that the hypercall reads or writes
	 * @object: kernel memory; not looked at if there are no bytes
	 * @bytes: its size; none gives the null handle
	 *
	 * Context: any with address translation on; does not sleep.
	 *
	 * Return: the handle; EFAULT for what is not the kernel's memory or not the
	 * domain's, E2BIG when the page of descriptors is full (about 2 MB of scattered
	 * memory in one call).
	 */
	[[nodiscard]] Result<u64> of(const void *object, u64 bytes) noexcept;

private:
	Result<u64> of_linear(PhysAddr start, u64 bytes) noexcept;
	template <class Source> Result<u64> describe(Source source, u64 offset, u64 bytes) noexcept;

	u64 irq_flags_ = 0;
	u32 used_ = 0; /* words of the page; not 0: interrupts are off */
};

} // namespace xen::ppc

#endif
