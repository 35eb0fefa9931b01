// SPDX-License-Identifier: GPL-2.0
/* The fixture of pagetable_rig.hh, and the services that pagetable*.cc borrows. */
#include "pagetable.hh"
#include "pagetable_rig.hh"

namespace host {

Kernel *kernel;

u64 kernel_vsid(u64 ea)
{
	return ((ea >> 28) * 0x9e3779b1 + 0x1234567) & ((u64{1} << 37) - 1);
}

PageTable::PageTable()
{
	kernel = &services;
	reset_cpu();
	reset_boot();
	hypervisor = &xen;
	for (int size = 0; size < XEN_MMU_PAGE_COUNT; ++size)
		services.page_sizes.insert(size);
	start();
}

PageTable::~PageTable()
{
	for (const auto &[rule, times] : xen.broken)
		if (rules_matter)
			ADD_FAILURE() << times << " times: " << rule;
	for (const auto &word : xen::ppc::pteg_locks)
		EXPECT_EQ(word.owner, 0U) << "a lock was left taken";
	hypervisor = nullptr;
	kernel = nullptr;
}

void PageTable::start(std::initializer_list<xen::ppc::Feature> features)
{
	reset_boot();
	for (const auto feature : features)
		announce(feature);
	xen::ppc::table = xen::ppc::Table{};
	xen_hpte_early();
	xen_hpte_start();
	EXPECT_TRUE(xen::ppc::learn_slots());
	xen.calls.clear();
}

void PageTable::start_modern()
{
	using xen::ppc::Feature;

	xen.historical = false;
	xen.atomic = true;
	xen.enter_keeps_pp0 = xen.protect_keeps_pp0 = true;
	start({Feature::BulkRemove, Feature::AtomicHpt, Feature::Pp0Kept});
}

u64 PageTable::inserted(const Page &page, u64 frame, u64 rflags, u64 vflags)
{
	const long place = insert(page, frame, rflags, vflags);

	EXPECT_GE(place, 0);
	return ((vflags & second) != 0 ? page.second_group() : page.first_group()) +
	       static_cast<u64>(place) % 8;
}

} // namespace host

using host::kernel;

namespace {

/* Printing may fault, and a fault may need any group: nobody speaks with a lock in hand. */
void expect_no_lock_held()
{
	const auto self = static_cast<xen::ppc::u32>(reinterpret_cast<host::u64>(xen_local_paca));

	for (const auto &word : xen::ppc::pteg_locks)
		EXPECT_NE(__atomic_load_n(&word.owner, __ATOMIC_RELAXED), self)
			<< "a message under the lock of a group";
}

void note(std::vector<std::string> &list, const std::string &line)
{
	expect_no_lock_held();

	const std::lock_guard guard{kernel->lock};

	list.push_back(line);
}

std::string line_of(const char *call, unsigned long slot, long code)
{
	return std::string(call) + " " + std::to_string(slot) + " " + std::to_string(code);
}

} // namespace

extern "C" {

unsigned long xen_glue_hpt_shift() noexcept
{
	return kernel->hpt_shift;
}

unsigned long xen_glue_kernel_vpn(unsigned long ea, int) noexcept
{
	return host::kernel_vsid(ea) << 16 | ((ea >> 12) & 0xffff);
}

const void *xen_glue_flush_batch() noexcept
{
	return kernel->batch;
}

void xen_glue_irqs_enable() noexcept
{
	++kernel->irqs_enabled;
	host::paca_set<host::u8>(XEN_PACA_SOFT_MASK, 0);
}

void xen_glue_no_kernel_ro() noexcept
{
	kernel->kernel_ro = false;
}

void xen_glue_no_page_size(int psize) noexcept
{
	kernel->page_sizes.erase(psize);
}

void xen_glue_no_large_pages() noexcept
{
	kernel->large_pages = false;
}

void xen_glue_hpt_failed(const char *call, unsigned long slot, long code) noexcept
{
	note(kernel->failed, line_of(call, slot, code));
}

void xen_glue_hpt_odd(const char *what, unsigned long) noexcept
{
	note(kernel->odd, what);
}

void xen_glue_hpt_stale(const char *call, unsigned long slot, long code) noexcept
{
	note(kernel->stale, line_of(call, slot, code));
}

void xen_glue_hpt_not_cleared(unsigned long entries, long) noexcept
{
	kernel->not_cleared = entries;
}

void xen_glue_hpt_found(int large_linear, int kernel_ro, int locks, int bulk) noexcept
{
	kernel->found = std::string(large_linear != 0 ? "large" : "small") +
			(kernel_ro != 0 ? " ro" : "") + (locks != 0 ? " locks" : "") +
			(bulk != 0 ? " bulk" : "");
}

} // extern "C"
