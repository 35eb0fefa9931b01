/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about xencomm (ABI 8): handles, descriptors and their defects.
 *
 * Two calls carry them: xen_version's extraversion writes 16 bytes, get_features reads
 * and writes 8; capabilities writes 1024.  A "-" before the digits of a pattern says that
 * nothing was written.
 */
#include <abi/memory.hh>
#include <abi/version.hh>

#include "probe/facts.hh"
#include "probe/grants.hh"
#include "probe/view.hh"

namespace probe {

namespace {

u8 *desc; /* a page for descriptors */
u8 *data; /* four contiguous pages */

constexpr u8 untouched = 0xee;

s64 version(u32 op, u64 handle)
{
	return xen_call(XenCall::XenVersion, op, handle);
}

s64 extraversion(u64 handle)
{
	return version(1, handle);
}

s64 features(u64 handle)
{
	return version(6, handle);
}

u64 written()
{
	u64 n = 0;

	for (u64 i = 0; i < 4 * page_bytes; i++)
		n += data[i] != untouched;
	return n;
}

/* try_write - extraversion through @handle: result and bytes that changed */
void try_write(const char *name, u64 handle)
{
	fill(data, untouched, 4 * page_bytes);
	const s64 result = extraversion(handle);

	fact(name, xen_result(result), " ", written());
}

/* try_read - get_features through @handle, whose data lie at @at */
void try_read(const char *name, u64 handle, u8 *at)
{
	auto *info = reinterpret_cast<abi::FeatureInfo *>(at);

	fill(data, untouched, 4 * page_bytes);
	*info = {};
	const s64 result = features(handle);

	fact(name, xen_result(result), " ", info->submap.load() ? "answered" : "no answer");
}

/* chunks - a descriptor at desc + @offset */
template <class... A> u64 chunks(u64 offset, A... address)
{
	const u64 list[] = {static_cast<u64>(address)...};

	return descriptor_at(desc + offset, list, sizeof...(A));
}

u64 at(u64 offset)
{
	return address_of(data + offset);
}

/* pagesize takes no argument: it tells a null handle from any other. */
void nulls()
{
	const u64 skip = abi::invalid_address;

	fact("xencomm.null.zero", xen_result(version(7, 0)));
	fact("xencomm.null.inline", xen_result(version(7, abi::inline_flag)));
	fact("xencomm.null.no_entries", xen_result(version(7, descriptor_at(desc, &skip, 0))));
	fact("xencomm.null.invalid_entries", xen_result(version(7, chunks(0, skip, skip, skip))));
	fact("xencomm.null.one_entry", xen_result(version(7, chunks(0, skip, at(0)))));
	fact("xencomm.null.other", xen_result(version(7, inline_handle(data))));
	fact("xencomm.copy.zero", xen_result(extraversion(0)));
	try_write("xencomm.copy.no_entries", descriptor_at(desc, &skip, 0));
	try_write("xencomm.copy.invalid_entries", chunks(0, skip, skip));
}

void inlines()
{
	try_write("xencomm.inline.write", inline_handle(data));
	try_write("xencomm.inline.odd_address", inline_handle(data + 3));
	try_write("xencomm.inline.crosses_page", inline_handle(data + page_bytes - 7));
	try_read("xencomm.inline.read", inline_handle(data + 64), data + 64);
	if (!daring()) /* the historical one writes to machine page 0 instead */
		return;
	try_write("xencomm.inline.beyond_memory",
		  abi::inline_flag | maximum_ram_page() << 12 | u64{1} << 40);
	try_write("xencomm.inline.huge", none);
	try_write("xencomm.inline.io", abi::inline_flag | u64{0x90001000});
	try_write("xencomm.inline.grant_frame", abi::inline_flag | maximum_ram_page() << 12);
	try_write("xencomm.inline.window", abi::inline_flag | window_base() << 12);
	try_write("xencomm.inline.foreign_frame", abi::inline_flag | (maximum_ram_page() - 1)
									     << 12);
	/* It ends in a page that is nobody's: the first bytes may have been written. */
	const u64 last = high_pfn(memory_bytes() / page_bytes - rma_bytes() / page_bytes - 3);
	auto *ask = reinterpret_cast<abi::MemoryReservation *>(desc);

	*ask = {};
	words(desc + 64)[0].store(frame_number(last));
	ask->extent_start.store(inline_handle(desc + 64));
	ask->nr_extents.store(1);
	ask->domid.store(domid_self);
	const u64 address = (direct_mode() ? frame_number(last) : last) << 12;

	fact("xencomm.inline.hole.make", xen_call(XenCall::MemoryOp, 1, inline_handle(ask)));
	try_write("xencomm.inline.hole", abi::inline_flag | address);
	words(desc + 64)[0].store(last);
	fact("xencomm.inline.hole.fill", xen_call(XenCall::MemoryOp, 6, inline_handle(ask)));
	if (direct_mode())
		set_frame_number(last, words(desc + 64)[0].load());
	const u64 now = direct_mode() ? frame_number(last) : last;

	fact("xencomm.inline.beyond_rma", xen_result(extraversion(abi::inline_flag | now << 12)));
	fact("xencomm.inline.beyond_rma.written", peek(frame_number(last), 0) != 0);
}

void descriptors()
{
	const u64 skip = abi::invalid_address, end = page_bytes;

	try_write("xencomm.desc.one", chunks(0, at(0)));
	try_write("xencomm.desc.offset", chunks(0, at(100)));
	try_write("xencomm.desc.two", chunks(0, at(end - 5), at(2 * end)));
	fact("xencomm.desc.two.split",
	     data[end - 1] != untouched && data[end] == untouched && data[2 * end] != untouched);
	try_write("xencomm.desc.one_byte_first", chunks(0, at(end - 1), at(end)));
	try_write("xencomm.desc.skip_first", chunks(0, skip, at(8)));
	try_write("xencomm.desc.skip_between", chunks(0, at(end - 5), skip, skip, at(end)));
	try_write("xencomm.desc.too_short", chunks(0, at(end - 5)));
	try_write("xencomm.desc.same_page_twice", chunks(0, at(end - 8), at(0)));
	try_read("xencomm.desc.read", chunks(0, at(2 * end + 24)), data + 2 * end + 24);
	try_write("xencomm.desc.more_than_needed", chunks(0, at(0), at(end), skip, at(2 * end)));
	fill(desc, 0, page_bytes);
	words(desc)[0].store(u64{abi::xencomm_magic} << 32 | abi::max_addrs_in_page);
	for (u32 i = 1; i <= abi::max_addrs_in_page; i++)
		words(desc)[i].store(i == abi::max_addrs_in_page ? at(0) : skip);
	try_write("xencomm.desc.511_last_one", address_of(desc));
	words(desc)[0].store(u64{abi::xencomm_magic} << 32 | 0xffffffff);
	words(desc)[1].store(at(16));
	try_write("xencomm.desc.huge_count", address_of(desc));
	const u64 high = high_pfn(8);

	if (poke(frame_number(high), 0, u64{abi::xencomm_magic} << 32 | 1) &&
	    poke(frame_number(high), 8, at(40)))
		try_write("xencomm.desc.beyond_rma", (direct_mode() ? frame_number(high) : high)
							     << 12);
	/* Its addresses run into the next page. */
	u8 *two = pages(2);
	const u64 three[] = {at(end - 5), skip, at(2 * end)};

	try_write("xencomm.desc.array_crosses_page", descriptor_at(two + end - 16, three, 3));
	try_write("xencomm.desc.header_ends_page", descriptor_at(two + end - 8, three, 3));
}

void defects()
{
	const u64 good = chunks(0, at(0));

	words(desc)[0].store(u64{0x58434f4e} << 32 | 1);
	try_write("xencomm.magic.wrong", good);
	words(desc)[0].store(u64{0x4d4f4358} << 32 | 1);
	try_write("xencomm.magic.swapped", good);
	words(desc)[0].store(1);
	try_write("xencomm.magic.zero", good);
	if (!daring())
		return;
	static constexpr u64 odd[] = {4, 1, 7};
	for (const u64 by : odd) {
		fill(desc, 0, 64);
		const u64 list[] = {at(0)};

		put("xencomm.desc.misaligned_by_");
		put_unsigned(by);
		try_write("", descriptor_at(desc + by, list, 1));
	}
	const u64 list[] = {at(0)};

	try_write("xencomm.desc.header_crosses_page",
		  descriptor_at(pages(2) + page_bytes - 4, list, 1));
	try_write("xencomm.desc.at_zero", 8);
	try_write("xencomm.desc.outside", u64{1} << 44);
	try_write("xencomm.desc.io", 0x90001000);
	try_write("xencomm.desc.grant_frame", maximum_ram_page() << 12);
	try_write("xencomm.desc.foreign_frame", (maximum_ram_page() - 1) << 12);
	try_write("xencomm.desc.reserved_bits", u64{1} << 61 | address_of(desc));
	try_write("xencomm.entry.outside", chunks(0, u64{1} << 44));
	try_write("xencomm.entry.io", chunks(0, 0x90001000));
	try_write("xencomm.entry.grant_frame", chunks(0, maximum_ram_page() << 12));
	try_write("xencomm.entry.window", chunks(0, window_base() << 12));
	try_write("xencomm.entry.second_bad", chunks(0, at(page_bytes - 5), u64{1} << 44));
	try_write("xencomm.entry.inline_flag", chunks(0, abi::inline_flag | at(0)));
	try_write("xencomm.entry.unneeded_bad", chunks(0, at(0), u64{1} << 44));
}

/* A nested handle may be of any form too. */
void nested()
{
	if (direct_mode())
		return;
	auto *ask = reinterpret_cast<abi::TranslateGpfnList *>(data);
	Be<u64> *in = words(data + page_bytes), *out = words(data + 2 * page_bytes);

	fill(data, 0, page_bytes);
	for (u64 i = 0; i < 4; i++)
		in[i].store(i);
	fill(out, untouched, page_bytes);
	ask->domid.store(domid_self);
	ask->nr_gpfns.store(4);
	ask->gpfn_list.store(chunks(0, address_of(in)));
	ask->mfn_list.store(chunks(64, address_of(out)));
	const s64 result = xen_call(XenCall::MemoryOp, 8, chunks(128, address_of(ask)));

	fact("xencomm.nested.descriptors", xen_result(result), " ",
	     out[3].load() == out[0].load() + 3);
}

/* console_io writes longer than 127 bytes go in pieces; a descriptor must survive that. */
void console()
{
	static constexpr char head[] = "info xencomm.console ";
	u64 n = 0;

	if (historical())
		return;
	for (; head[n]; n++)
		data[n] = static_cast<u8>(head[n]);
	for (; n < 299; n++)
		data[n] = '.';
	data[n++] = '\n';
	const u64 inlined = inline_handle(data);

	fact("xencomm.console.inline", xen_result(xen_call(XenCall::ConsoleIo, 0, n, inlined)));
	u8 *two = data + 2 * page_bytes; /* the same text around a page's end */

	for (u64 i = 0; i < n; i++)
		two[page_bytes - 150 + i] = data[i];
	const u64 handle = chunks(0, at(3 * page_bytes - 150), at(3 * page_bytes));

	fact("xencomm.console.descriptor", xen_result(xen_call(XenCall::ConsoleIo, 0, n, handle)));
}

} // namespace

void facts_xencomm()
{
	desc = page();
	data = pages(4);
	nulls();
	inlines();
	descriptors();
	defects();
	nested();
	console();
	facts_area();
}

} // namespace probe
