// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's units have inline, as functions whose instructions can be counted.
 *
 * Compiled with the kernel's own command line, as if it were a unit of the port.
 */
#include "translate.hh"
#include "xencomm.hh"

using namespace xen;
using namespace xen::ppc;

extern "C" {

u64 cost_ram(u64 pfn) noexcept;
u64 cost_translate(u64 pfn) noexcept;
u64 cost_inline_handle(const void *object) noexcept;
u64 cost_descriptor(const void *object, u64 bytes) noexcept;

/* The table alone, as direct mode's page table asks it for each page. */
u64 cost_ram(u64 pfn) noexcept
{
	Mfn mfn;

	return p2m_state.table.is_ram(Pfn{pfn}, mfn) ? mfn.raw() : ~u64{0};
}

/* The same in code that serves both kinds of domain. */
u64 cost_translate(u64 pfn) noexcept
{
	const Result<Gfn> gfn = translate(Pfn{pfn});

	return gfn ? gfn.value().raw() : ~u64{0};
}

u64 cost_inline_handle(const void *object) noexcept
{
	return inline_handle(object);
}

/* Kernel memory that is not contiguous: a descriptor in this cpu's page. */
u64 cost_descriptor(const void *object, u64 bytes) noexcept
{
	Handles handles;
	const Result<u64> handle = handles.of(object, bytes);

	return handle ? handle.value() : ~u64{0};
}

} // extern "C"
