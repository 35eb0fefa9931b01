/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about xencomm's areas, the page scheme: only where they are announced.
 *
 * extraversion writes 16 bytes into the area's first page; translate_gpfn_list has two
 * pointers nested in it (translated mode only: in direct mode it translates nothing).
 */
#include <abi/memory.hh>
#include <abi/tree.hh>

#include "probe/facts.hh"
#include "probe/view.hh"

namespace probe {

namespace {

u8 *data; /* four contiguous pages */

constexpr u8 untouched = 0xee;

s64 extraversion(u64 handle)
{
	return xen_call(XenCall::XenVersion, 1, handle);
}

u64 at(u64 offset)
{
	return address_of(data + offset);
}

constexpr u64 virt = 0x40000000;

abi::AreaHeader *area(u32 nr_pages)
{
	auto *header = reinterpret_cast<abi::AreaHeader *>(data);

	fill(data, untouched, 4 * page_bytes);
	header->magic.store(abi::area_magic);
	header->nr_pages.store(nr_pages);
	header->virt_base.store(virt);
	header->phys_base.store(address_of(data));
	for (u32 i = 1; i < nr_pages; i++)
		words(header + 1)[i - 1].store(at(i * page_bytes));
	return header;
}

/* area_handle - of the argument at @offset in the first page */
u64 area_handle(u64 offset)
{
	return abi::area_flag | address_of(data) | offset;
}

/* try_area - extraversion at offset 512 of the area as it stands */
void try_area(const char *name, u64 handle = 0)
{
	const s64 result = extraversion(handle ? handle : area_handle(512));
	u64 n = 0;

	for (u64 i = 512; i < page_bytes; i++)
		n += data[i] != untouched;
	fact(name, xen_result(result), " ", n);
}

/* translate - translate_gpfn_list in the area: lists at virtual @in and @out */
void try_nested(const char *name, u64 in, u64 out, u64 nr = 4)
{
	auto *ask = reinterpret_cast<abi::TranslateGpfnList *>(data + 256);

	*ask = {};
	ask->domid.store(domid_self);
	ask->nr_gpfns.store(nr);
	ask->gpfn_list.store(in);
	ask->mfn_list.store(out);
	fact(name, xen_result(xen_call(XenCall::MemoryOp, 8, area_handle(256))));
}

void areas()
{
	area(1);
	try_area("xencomm.area.write");
	area(1);
	try_area("xencomm.area.header_itself", area_handle(0));
	area(1);
	try_area("xencomm.area.end_of_page", area_handle(page_bytes - 8));
	area(1)->magic.store(abi::xencomm_magic);
	try_area("xencomm.area.magic");
	area(1)->nr_pages.store(0);
	try_area("xencomm.area.no_pages");
	area(1)->nr_pages.store(abi::max_area_pages + 1);
	try_area("xencomm.area.too_many_pages");
	area(1)->nr_pages.store(0xffffffff);
	try_area("xencomm.area.all_ones_pages");
	area(1)->virt_base.store(virt + 8);
	try_area("xencomm.area.odd_virt_base");
	area(1)->phys_base.store(at(page_bytes));
	try_area("xencomm.area.wrong_phys_base");
	area(1)->phys_base.store(0);
	try_area("xencomm.area.zero_phys_base");
	area(1)->virt_base.store(~u64{0xfff});
	try_area("xencomm.area.virt_base_wraps");
	area(1);
	try_area("xencomm.area.outside_memory", abi::area_flag | u64{1} << 44);
	try_area("xencomm.area.grant_frame", abi::area_flag | maximum_ram_page() << 12 | 512);
	area(1);
	for (u64 i = 0; i < 4; i++)
		words(data + 1024)[i].store(1);
	if (!direct_mode()) {
		try_nested("xencomm.area.nested", virt + 1024, virt + 2048);
		fact("xencomm.area.nested.answer",
		     words(data + 2048)[3].load() == words(data + 2048)[0].load());
		try_nested("xencomm.area.nested_below", virt - 8, virt + 2048);
		try_nested("xencomm.area.nested_beyond", virt + page_bytes, virt + 2048);
		try_nested("xencomm.area.nested_across_end", virt + page_bytes - 16, virt + 2048);
		try_nested("xencomm.area.nested_inline", inline_handle(data + 1024), virt + 2048);
		try_nested("xencomm.area.nested_wraps", none - 7, virt + 2048);
	}
	if (!has(abi::tree::feature_xencomm_area_multi)) {
		area(2);
		try_area("xencomm.area.two_pages_refused");
		return absent("xencomm.area_multi");
	}
	area(3);
	for (u64 i = 0; i < 4; i++) /* the list crosses from page 1 to page 2 */
		words(data + 2 * page_bytes - 16)[i].store(i);
	if (!direct_mode()) {
		try_nested("xencomm.area.multi", virt + 2 * page_bytes - 16, virt + 2048);
		fact("xencomm.area.multi.answer",
		     words(data + 2048)[3].load() == words(data + 2048)[0].load() + 3);
		try_nested("xencomm.area.multi.beyond", virt + 3 * page_bytes - 16, virt + 2048);
		words(data + 24)[1].store(u64{1} << 44);
		try_nested("xencomm.area.multi.bad_page", virt + 2 * page_bytes, virt + 2048);
		words(data + 24)[1].store(at(2 * page_bytes) + 8);
		try_nested("xencomm.area.multi.odd_page", virt + 2 * page_bytes, virt + 2048);
		words(data + 24)[1].store(maximum_ram_page() << 12);
		try_nested("xencomm.area.multi.grant_page", virt + 2 * page_bytes, virt + 2048);
	}
	area(3);
	words(data + 24)[1].store(u64{1} << 44);
	try_area("xencomm.area.multi.unneeded_bad_page");
}

} // namespace

void facts_area()
{
	data = pages(4);
	if (has(abi::tree::feature_xencomm_area))
		areas();
	else
		absent("xencomm.area");
}

} // namespace probe
