/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the guest's frame numbers to those that the hypervisor wants.
 *
 * The one place where the kind of domain matters; it works in real mode, takes no lock and
 * allocates nothing.  Translated domains, the only ones so far, pass their own numbers: the
 * hypervisor keeps the p2m.
 */
#ifndef ARCH_POWERPC_XEN_TRANSLATE_HH
#define ARCH_POWERPC_XEN_TRANSLATE_HH

#include <xen/core/frame.hh>
#include <xen/core/result.hh>

#include <abi/wire.hh>

namespace xen::ppc {

/**
 * translate - the frame number that a hypercall takes for @pfn
 *
 * Context: any, real mode included.
 *
 * Return: the number, or why this domain has no such frame.
 */
[[nodiscard, gnu::always_inline]] inline Result<Gfn> translate(Pfn pfn) noexcept
{
	return Gfn{pfn.raw()};
}

/** translate - the same for an address */
[[nodiscard, gnu::always_inline]] inline Result<u64> translate(PhysAddr addr) noexcept
{
	const Result<Gfn> gfn = translate(to_frame<page_shift>(addr));

	if (!gfn)
		return gfn.error();
	return gfn.value().raw() << page_shift | page_offset<page_shift>(addr);
}

} // namespace xen::ppc

#endif
