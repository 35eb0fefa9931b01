// SPDX-License-Identifier: GPL-2.0
/* The services of fake_hpt_glue.hh. */
#include "fake_hpt_glue.hh"
#include "pagetable_glue.h"

namespace host {

std::vector<std::string> stale_translations;

u64 kernel_vsid_of(u64 address)
{
	return ((address >> 28) * 0x9e3779b1 + 0x7654321) & ((u64{1} << 37) - 1);
}

} // namespace host

[[gnu::weak]] unsigned long xen_glue_hpt_shift() noexcept
{
	return 18;
}

[[gnu::weak]] unsigned long xen_glue_kernel_vpn(unsigned long ea, int) noexcept
{
	return host::kernel_vsid_of(ea) << 16 | ((ea >> 12) & 0xffff);
}

[[gnu::weak]] const void *xen_glue_flush_batch() noexcept
{
	return nullptr;
}

[[gnu::weak]] void xen_glue_irqs_enable() noexcept {}
[[gnu::weak]] void xen_glue_no_kernel_ro() noexcept {}
[[gnu::weak]] void xen_glue_no_page_size(int) noexcept {}
[[gnu::weak]] void xen_glue_no_large_pages() noexcept {}
[[gnu::weak]] void xen_glue_hpt_failed(const char *, unsigned long, long) noexcept {}
[[gnu::weak]] void xen_glue_hpt_odd(const char *, unsigned long) noexcept {}
[[gnu::weak]] void xen_glue_hpt_not_cleared(unsigned long, long) noexcept {}
[[gnu::weak]] void xen_glue_hpt_found(int, int, int, int) noexcept {}

[[gnu::weak]] void xen_glue_hpt_stale(const char *call, unsigned long, long) noexcept
{
	host::stale_translations.push_back(call);
}
