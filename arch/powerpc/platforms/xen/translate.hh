/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the guest's frame numbers to those that the hypervisor wants.
 *
 * The one place where the kind of domain matters.  Two questions: is this the domain's own
 * memory, and if so what does a hypercall take for it - that is all that xencomm may pass;
 * and what is behind a frame at all, which a page-table entry needs to know.
 *
 * Everything works in real mode, takes no lock and allocates nothing; only the window's
 * part of what_is() wants address translation on.
 */
#ifndef ARCH_POWERPC_XEN_TRANSLATE_HH
#define ARCH_POWERPC_XEN_TRANSLATE_HH

#include <xen/core/frame.hh>
#include <xen/core/result.hh>

#include <abi/wire.hh>

#include "p2m.hh"

namespace xen::ppc {

/**
 * translate - the frame number that a hypercall takes for the domain's own memory
 *
 * Context: any, real mode included.
 *
 * Return: the number; EFAULT for a frame that is not the domain's memory: a device's,
 * another domain's, none.
 */
[[nodiscard, gnu::always_inline]] inline Result<Gfn> translate(Pfn pfn) noexcept
{
	if (!is_direct()) {
		if (pfn.raw() >= p2m_state.ram_end) [[unlikely]]
			return err::fault;
		return Gfn{pfn.raw()};
	}
	const Result<Mfn> mfn = p2m_state.table.ram(pfn);

	if (!mfn) [[unlikely]]
		return mfn.error();
	return Gfn{mfn.value().raw()};
}

/** translate - the same for an address */
[[nodiscard, gnu::always_inline]] inline Result<u64> translate(PhysAddr addr) noexcept
{
	const Result<Gfn> gfn = translate(to_frame<page_shift>(addr));

	if (!gfn) [[unlikely]]
		return gfn.error();
	return gfn.value().raw() << page_shift | page_offset<page_shift>(addr);
}

/**
 * what_is - what is behind any frame of the guest's
 *
 * The frame of an entry that is there is what H_ENTER takes; in a translated domain that
 * is most often the guest's own number.
 *
 * Context: any; real mode for frames outside of the window only.
 */
[[nodiscard]] P2mEntry what_is(Pfn pfn) noexcept;

/**
 * own_frame_of - which of the domain's own frames a machine frame is
 *
 * Nobody keeps a table for the way back: this looks at one entry of each block of 16 MB,
 * and at all of those that are not contiguous and may have memory.
 *
 * Context: any, real mode included; of memory that moves meanwhile the answer is old.
 *
 * Return: the frame; ENOENT if it is not the domain's.
 */
[[nodiscard]] Result<Pfn> own_frame_of(Gfn gfn) noexcept;

/**
 * contiguous - can the hypervisor walk from @pfn over @pages frames by adding?
 *
 * Context: any, real mode included.
 *
 * Return: whether all of them are the domain's memory and follow each other; true for no
 * pages.
 */
[[nodiscard]] bool contiguous(Pfn pfn, Pages pages) noexcept;

/* machine_address()'s rest; stops the kernel if the address has no memory. */
[[nodiscard]] u64 machine_address_above_rma(PhysAddr addr) noexcept;

/**
 * machine_address - what a hypercall takes for an address in the kernel's linear region
 * @addr: of memory that is the domain's own, always: the kernel image, a stack, an
 *        allocation
 *
 * Context: any, real mode included.
 */
[[nodiscard, gnu::always_inline]] inline u64 machine_address(PhysAddr addr) noexcept
{
	if (addr.raw() < p2m_state.linear_limit) [[likely]]
		return addr.raw() + p2m_state.linear_offset;
	return machine_address_above_rma(addr);
}

} // namespace xen::ppc

#endif
