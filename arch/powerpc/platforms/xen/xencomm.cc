// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptors for kernel memory that is not physically contiguous.
 *
 * Each cpu has one page to build them in, which makes them fit what the historical
 * hypervisor understands: neither head nor list crosses a page.  The pages are static,
 * so that they exist before the first allocation and lie in the linear region.
 *
 * Locking: interrupts are off from the first descriptor of a hypercall to its end.
 */
#include "xencomm.hh"

#include <abi/shared_info.hh>

#include "paca.hh"
#include "xencomm_glue.h"

namespace xen::ppc {

namespace {

constexpr u32 words_per_page = page_size / sizeof(u64);
constexpr u32 head_words = sizeof(XencommDesc) / sizeof(u64);

struct alignas(page_size) DescriptorPage {
	Be<u64> word[words_per_page];
};

/* By Linux's number of the cpu; a cpu that is no vcpu never runs. */
constinit DescriptorPage pages[XEN_NR_CPUS]{};
static_assert(XEN_NR_CPUS <= max_vcpus, "no page for what cannot be a vcpu");

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
		return inline_handle(object);
	case Region::Mapped:
		return describe(object, bytes);
	case Region::Alien:
		break;
	}
	return err::fault;
}

/* An address for each page that the object touches; only the first is not page aligned. */
Result<u64> Handles::describe(const void *object, u64 bytes) noexcept
{
	const u64 start = reinterpret_cast<u64>(object), offset = start & (page_size - 1);
	const u64 pieces = pages_of<page_shift>(offset + bytes).raw();

	if (bytes > u64{words_per_page} << page_shift ||
	    used_ + head_words + pieces > words_per_page)
		return err::toobig;
	if (used_ == 0)
		irq_flags_ = xen_glue_irqs_off();

	DescriptorPage &page = pages[paca::load<u16>(XEN_PACA_INDEX)];
	Be<u64> *const head = page.word + used_;

	static_assert(sizeof(XencommDesc) == sizeof(*head));
	head->store(u64{xencomm_magic} << 32 | pieces);
	/* From here on this object owns the page, also if a piece turns out to be missing. */
	used_ += head_words + static_cast<u32>(pieces);
	for (u64 i = 0; i < pieces; ++i) {
		const u64 at = i == 0 ? start : (start - offset) + (i << page_shift);
		const u64 address = xen_glue_mapped_address(reinterpret_cast<const void *>(at));

		if (address == invalid_address)
			return err::fault;
		head[head_words + i].store(address);
	}
	return linear_address(head).raw();
}

} // namespace xen::ppc
