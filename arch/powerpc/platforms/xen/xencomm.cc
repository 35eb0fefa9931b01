// SPDX-License-Identifier: GPL-2.0
/*
 * Handles for kernel memory that is not contiguous in the machine.
 *
 * Each cpu has one page to build descriptors in, which makes them fit what the historical
 * hypervisor understands: neither head nor list crosses a page.  The pages are static,
 * so that they exist before the first allocation and lie in the real-mode area.
 *
 * Locking: interrupts are off from the first descriptor of a hypercall to its end.
 */
#include "xencomm.hh"

#include <abi/shared_info.hh>

#include "paca.hh"
#include "xencomm_glue.h"

namespace xen::ppc {

static_assert(xencomm::inline_flag == inline_flag && xencomm::magic == xencomm_magic &&
	      xencomm::page_shift == page_shift && xencomm::max_entries == max_addrs_in_page &&
	      sizeof(XencommDesc) == xencomm::head_words * sizeof(u64));

namespace {

struct alignas(page_size) DescriptorPage {
	Be<u64> word[xencomm::words_per_page];
};

/* By Linux's number of the cpu; a cpu that is no vcpu never runs. */
constinit DescriptorPage pages[XEN_NR_CPUS]{};
static_assert(XEN_NR_CPUS <= max_vcpus, "no page for what cannot be a vcpu");

/* Pages of the linear region, which follow each other there. */
struct LinearPages {
	Pfn first;

	[[nodiscard]] Result<u64> address(u64 page) const noexcept
	{
		return translate(to_addr<page_shift>(first + Pages{page}));
	}
};

/* Pages of the kernel's other mappings. */
struct MappedPages {
	u64 first;

	[[nodiscard]] Result<u64> address(u64 page) const noexcept
	{
		const u64 at = first + (page << page_shift);
		const u64 found = xen_glue_mapped_address(reinterpret_cast<const void *>(at));

		if (found == invalid_address)
			return err::fault;
		return translate(PhysAddr{found});
	}
};

} // namespace

Handles::~Handles() noexcept
{
	if (used_ != 0)
		xen_glue_irqs_restore(irq_flags_);
}

Result<u64> Handles::of(const void *object, u64 bytes) noexcept
{
	if (bytes == 0)
		return u64{0};
	switch (region_of(object)) {
	case Region::Linear:
		return of_linear(linear_address(object), bytes);
	case Region::Mapped: {
		const u64 start = reinterpret_cast<u64>(object), offset = start & (page_size - 1);

		return describe(MappedPages{start - offset}, offset, bytes);
	}
	case Region::Alien:
		break;
	}
	return err::fault;
}

/* Most objects lie in one page, and most others in pages that follow each other. */
Result<u64> Handles::of_linear(PhysAddr start, u64 bytes) noexcept
{
	const Pfn first = to_frame<page_shift>(start);
	const u64 offset = page_offset<page_shift>(start);

	if (bytes > xencomm::max_pages << page_shift)
		return err::toobig;

	const Result<u64> address = translate(start);

	if (!address)
		return address.error();
	if (address.value() != 0 && (offset + bytes <= page_size ||
				     contiguous(first, pages_of<page_shift>(offset + bytes))))
		return inline_flag | address.value();
	return describe(LinearPages{first}, offset, bytes);
}

template <class Source> Result<u64> Handles::describe(Source source, u64 offset, u64 bytes) noexcept
{
	const u64 flags = used_ == 0 ? xen_glue_irqs_off() : 0;
	DescriptorPage &page = pages[paca::load<u16>(XEN_PACA_INDEX)];
	XencommPage builder{page.word, machine_address(linear_address(page.word)), used_};
	const Result<u64> handle = builder.handle(source, offset, bytes);

	/* Nothing was built: the page is nobody's as long as this object has none in it. */
	if (used_ == 0 && builder.used() == 0)
		xen_glue_irqs_restore(flags);
	else if (used_ == 0)
		irq_flags_ = flags;
	used_ = builder.used();
	return handle;
}

} // namespace xen::ppc
