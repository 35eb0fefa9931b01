// SPDX-License-Identifier: GPL-2.0
/*
 * The life of an area: made, mapped in two parts, released with its file.
 *
 * The header page is mapped first and read-only for good; where it is mapped becomes the
 * area's virtual base, and the data pages follow right behind it.  Each part is mapped
 * once, and none goes to a child, unless the user wants it (MADV_DOFORK): the child can make
 * no calls.  The hypervisor is told once where everything is.  What the user does to the
 * mappings afterwards changes nothing: the pages belong to the file, the hypervisor finds
 * them by their own addresses, and pointers in the area's range lead there even if something
 * else is mapped at that range by now; that is then not touched.
 *
 * Locking: area.stage, changed by compare and exchange, lets one of those win who want the
 * same step; nobody sleeps for it, as mapping comes with the address space's lock held,
 * for which a call waits when it touches user memory.  A stage is published after what
 * belongs to it.  Pages of all areas are counted with atomic additions.
 */
#include "area.hh"

#include "boot.hh"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

/* In this order; those that end in -ing belong to who does it and go back on failure. */
enum class Stage : unsigned int {
	None,
	Creating,
	Created,
	MappingHeader,
	HeaderMapped,
	MappingData,
	Ready,
};
static_assert(Stage::None == Stage{}, "a file begins with zeros");

/* Of all areas together: 16 MB that cannot be moved or swapped out. */
constexpr u32 max_all_pages = 4096;
constinit u32 all_pages = 0;

bool advance(xen_area &area, Stage from, Stage to) noexcept
{
	auto expected = static_cast<unsigned int>(from);

	return __atomic_compare_exchange_n(&area.stage, &expected, static_cast<unsigned int>(to),
					   false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

Stage stage_of(const xen_area &area) noexcept
{
	return static_cast<Stage>(__atomic_load_n(&area.stage, __ATOMIC_ACQUIRE));
}

void publish(xen_area &area, Stage stage) noexcept
{
	__atomic_store_n(&area.stage, static_cast<unsigned int>(stage), __ATOMIC_RELEASE);
}

void uncharge(u32 pages) noexcept
{
	__atomic_fetch_sub(&all_pages, pages, __ATOMIC_RELAXED);
}

/* @pages is small: the sum cannot wrap, however many try at once. */
bool charge(u32 pages) noexcept
{
	if (__atomic_add_fetch(&all_pages, pages, __ATOMIC_RELAXED) <= max_all_pages)
		return true;
	uncharge(pages);
	return false;
}

/* The first @pages of them. */
void free_pages(xen_area &area, u32 pages) noexcept
{
	while (pages != 0)
		xen_glue_area_put_page(area.page[--pages]);
}

Result<void> allocate(xen_area &area, u32 pages) noexcept
{
	if (!charge(pages))
		return err::nospc;
	for (u32 i = 0; i < pages; ++i) {
		area.page[i] = xen_glue_area_page();
		if (area.page[i] == nullptr) {
			free_pages(area, i);
			uncharge(pages);
			return err::nomem;
		}
	}
	area.nr_pages = pages;
	return {};
}

u64 machine_address_of(const void *page) noexcept
{
	return machine_address(linear_address(page));
}

/* Tell the hypervisor where the area is, for its owner and in the machine. */
void stamp(const xen_area &area) noexcept
{
	auto *const header = static_cast<AreaHeader *>(area.page[0]);
	auto *const address = reinterpret_cast<Be<u64> *>(header + 1);

	for (u32 i = 1; i < area.nr_pages; ++i)
		address[i - 1].store(machine_address_of(area.page[i]));
	header->nr_pages.store(area.nr_pages);
	header->virt_base.store(area.virt_base);
	header->phys_base.store(machine_address_of(area.page[0]));
	header->magic.store(area_magic);
}

/* Why a part cannot be mapped at this stage: it is too early, or has been done. */
Errno out_of_turn(Stage now, Stage wanted) noexcept
{
	return now < wanted ? err::nxio : err::busy;
}

Result<void> map_header(xen_area &area, const xen_area_mapping &mapping) noexcept
{
	if (mapping.writable != 0)
		return err::acces;
	if (mapping.pages != 1)
		return err::inval;
	if (!advance(area, Stage::Created, Stage::MappingHeader))
		return out_of_turn(stage_of(area), Stage::Created);

	/* So that no pointer into the area looks like another handle. */
	const bool fits = mapping.start <= area_flag - (u64{area.nr_pages} << page_shift);
	int error = fits ? 0 : err::inval.to_linux();

	xen_glue_area_seal(mapping.handle);
	if (error == 0)
		error = xen_glue_area_insert(mapping.handle, mapping.start, area.page[0]);
	if (error != 0) {
		publish(area, Stage::Created);
		return Errno::from_xen(error);
	}
	area.virt_base = mapping.start;
	area.owner = xen_glue_area_caller();
	xen_glue_area_hold(area.owner);
	stamp(area);
	publish(area, area.nr_pages == 1 ? Stage::Ready : Stage::HeaderMapped);
	return {};
}

Result<void> map_data(xen_area &area, const xen_area_mapping &mapping) noexcept
{
	if (!advance(area, Stage::HeaderMapped, Stage::MappingData))
		return out_of_turn(stage_of(area), Stage::HeaderMapped);

	int error = 0;

	if (area.owner != xen_glue_area_caller())
		error = err::perm.to_linux();
	else if (mapping.first != 1 || mapping.pages != area.nr_pages - 1 ||
		 mapping.start != area.virt_base + page_size)
		error = err::inval.to_linux();
	for (u32 i = 1; i < area.nr_pages && error == 0; ++i)
		error = xen_glue_area_insert(mapping.handle,
					     area.virt_base + (u64{i} << page_shift), area.page[i]);
	publish(area, error == 0 ? Stage::Ready : Stage::HeaderMapped);
	return error == 0 ? Result<void>{} : Errno::from_xen(error);
}

} // namespace

bool area_ready(const xen_area &area) noexcept
{
	return stage_of(area) == Stage::Ready;
}

} // namespace xen::ppc

using namespace xen::ppc;

int xen_area_offered() noexcept
{
	return boot().initdomain && has(Feature::XencommArea);
}

unsigned int xen_area_max_data_pages() noexcept
{
	return has(Feature::XencommAreaMulti) ? max_area_pages - 1 : 0;
}

unsigned int xen_area_max_all_pages() noexcept
{
	return max_all_pages;
}

int xen_area_create(xen_area *area, unsigned int data_pages, unsigned int flags) noexcept
{
	if (flags != 0)
		return xen::err::inval.to_linux();
	if (data_pages >= max_area_pages)
		return xen::err::toobig.to_linux();
	if (data_pages > xen_area_max_data_pages())
		return xen::err::opnotsupp.to_linux();
	if (!advance(*area, Stage::None, Stage::Creating))
		return xen::err::busy.to_linux();

	const xen::Result<void> made = allocate(*area, 1 + data_pages);

	publish(*area, made ? Stage::Created : Stage::None);
	return made.to_linux();
}

int xen_area_map(xen_area *area, const xen_area_mapping *mapping) noexcept
{
	if (mapping->shared == 0)
		return xen::err::inval.to_linux();
	return (mapping->first == 0 ? map_header(*area, *mapping) : map_data(*area, *mapping))
		.to_linux();
}

void xen_area_release(xen_area *area) noexcept
{
	if (area->owner != nullptr)
		xen_glue_area_drop(area->owner);
	if (area->nr_pages != 0) {
		free_pages(*area, area->nr_pages);
		uncharge(area->nr_pages);
	}
}
