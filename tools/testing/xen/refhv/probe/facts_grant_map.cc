/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about mappings of grants (ABI 4.4, layouts 5), one's own: refusals, flags, handles.
 *
 * A mapping of one's own grant stopped the historical hypervisor; facts_second.cc has
 * another domain's.
 */
#include "probe/facts.hh"
#include "probe/grants.hh"

namespace probe {

namespace {

namespace flag = abi::grant_flag;

constinit GrantTable table{};
u8 *args;      /* elements of calls */
u8 *from, *to; /* pages that are granted, read-only and for writing */
u16 self;

constexpr u32 in_ref = 8, out_ref = 9, bad_ref = 10, free_ref = 11;

void try_map(const char *name, u64 host_addr, u32 flags, u32 ref, u16 domid)
{
	const Mapped m =
		map_grant(reinterpret_cast<abi::GrantMapRef *>(args), host_addr, flags, ref, domid);

	fact(name, xen_result(m.result), " ", m.status);
	if (!m.result && !m.status)
		(void)unmap_grant(reinterpret_cast<abi::GrantUnmapRef *>(args), host_addr,
				  flags & abi::map_flag::device ? m.bus : 0, m.handle);
}

void refused_mappings()
{
	using namespace abi::map_flag;
	const u64 at = window_address(3);

	try_map("grant.map.unknown_domain", at, host, in_ref, domid_nobody);
	try_map("grant.map.self_number", at, host, in_ref, domid_self);
	try_map("grant.map.no_kind", at, 0, in_ref, self);
	try_map("grant.map.readonly_only", at, readonly, in_ref, self);
	if (!daring())
		return;
	try_map("grant.map.ref_beyond", at, host, abi::nr_grants, self);
	try_map("grant.map.ref_huge", at, host, 0xffffffff, self);
	try_map("grant.map.ref_free", at, host, free_ref, self);
	try_map("grant.map.write_readonly", at, host, in_ref, self);
	try_map("grant.map.application", at, host | application, out_ref, self);
	try_map("grant.map.pte", at, host | contains_pte, out_ref, self);
	if (direct_mode())
		return; /* there host_addr is a cookie */
	try_map("grant.map.below_window", window_address(0) - page_bytes, host, out_ref, self);
	try_map("grant.map.above_window", window_address(window_pages()), host, out_ref, self);
	try_map("grant.map.odd_address", at + 8, host, out_ref, self);
	try_map("grant.map.address_zero", 0, host, out_ref, self);
}

/* write_through - H_ENTER @number with @pp, then a store; how far it came */
const char *write_through(u64 number, u64 pp, u8 *memory)
{
	const View v = view(number, 6, mmu::low_ram | pp);
	const char *answer = "refused";

	if (v) {
		memory[64] = 0;
		const Trap t = set(v, 64, none);

		answer = t ? "trap" : memory[64] == 0xff ? "written" : "elsewhere";
	}
	(void)drop(v);
	return answer;
}

void mappings()
{
	using namespace abi::map_flag;
	auto *map = reinterpret_cast<abi::GrantMapRef *>(args);
	auto *unmap = reinterpret_cast<abi::GrantUnmapRef *>(args);
	const u64 at = window_address(3);
	const Mapped m = map_grant(map, at, host, out_ref, self);

	fact("grant.own.map", xen_result(m.result), " ", m.status);
	if (m.result || m.status)
		return;
	fact("grant.own.bus_address", m.bus == address_of(to) || !direct_mode());
	fact("grant.own.flags", hex(table.flags(out_ref)));
	fact("grant.own.write", write_through(mapped_number(3, m), 0, to));
	const Mapped again = map_grant(map, at, host, out_ref, self);

	fact("grant.own.same_slot", xen_result(again.result), " ", again.status);
	if (!again.result && !again.status)
		fact("grant.own.same_slot.unmap", unmap_grant(unmap, at, 0, again.handle));
	const Mapped second = map_grant(map, window_address(4), host | device, out_ref, self);

	fact("grant.own.second", xen_result(second.result), " ", second.status,
	     second.handle != m.handle ? " other handle" : " same handle");
	fact("grant.own.second.unmap",
	     unmap_grant(unmap, window_address(4), second.bus, second.handle));
	fact("grant.own.flags_one_left", hex(table.flags(out_ref)));
	const View v = view(mapped_number(3, m), 7);

	fact("grant.own.unmap_while_entered", unmap_grant(unmap, at, 0, m.handle));
	fact("grant.own.still_readable", get(v, 0) != none);
	(void)drop(v);
	fact("grant.own.unmap_elsewhere", unmap_grant(unmap, at + page_bytes, 0, m.handle));
	fact("grant.own.unmap_nothing", unmap_grant(unmap, 0, 0, m.handle));
	fact("grant.own.unmap", unmap_grant(unmap, at, 0, m.handle));
	fact("grant.own.unmap_again", unmap_grant(unmap, at, 0, m.handle));
	const s64 unmap_bad_handle_result = unmap_grant(unmap, at, 0, 511);
	fact("grant.own.unmap_bad_handle", unmap_bad_handle_result, " ",
	     unmap_grant(unmap, at, 0, 512), " ", unmap_grant(unmap, at, 0, 0xffffffff));
	fact("grant.own.flags_unmapped", hex(table.flags(out_ref)));
	if (!direct_mode())
		fact("grant.own.enter_unmapped", write_through(mapped_number(3, m), 0, to));

	const Mapped ro = map_grant(map, at, host | readonly, in_ref, self);

	fact("grant.readonly.map", xen_result(ro.result), " ", ro.status);
	if (!ro.result && !ro.status) {
		const u64 number = mapped_number(3, ro);

		fact("grant.readonly.flags", hex(table.flags(in_ref)));
		if (!direct_mode()) /* direct: the frame is its owner's, which may write */
			fact("grant.readonly.write", write_through(number, 2, from));
		const View r = view(number, 6, mmu::low_ram | 3);

		fact("grant.readonly.read", papr_result(r.code), " ", r && get(r, 0) != none);
		if (r && !direct_mode())
			fact("grant.readonly.widen",
			     papr_result(static_cast<s64>(papr(abi::Papr::Protect, 2, r.slot).r3)));
		(void)drop(r);
		fact("grant.readonly.unmap", unmap_grant(unmap, at, 0, ro.handle));
	}
	const Mapped dev = map_grant(map, 0, device, out_ref, self);

	fact("grant.device.map", xen_result(dev.result), " ", dev.status, " ", dev.bus != 0);
	if (!dev.result && !dev.status)
		fact("grant.device.unmap", unmap_grant(unmap, 0, dev.bus, dev.handle));
}

/* All tracking slots taken: the next mapping says so. */
void exhaustion()
{
	auto *map = reinterpret_cast<abi::GrantMapRef *>(args);
	u64 done = 0;
	Mapped m{};
	Be<u64> *handle = words(pages(16));

	while (done < 8000) {
		m = map_grant(map, window_address(8 + done % 512), abi::map_flag::device, out_ref,
			      self);
		if (m.result || m.status)
			break;
		handle[done++].store(u64{m.handle} | m.bus << 20);
	}
	fact("grant.exhausted", done > 100, " ", m.status);
	bool clean = true;

	for (u64 i = 0; i < done; i++)
		clean &= unmap_grant(reinterpret_cast<abi::GrantUnmapRef *>(args), 0,
				     handle[i].load() >> 20, handle[i].load() & 0xfffff) == 0;
	fact("grant.exhausted.released", clean, " ", hex(table.flags(out_ref)));
}

/* A frame that a grant of one's own maps is not given away (protocol 7.9). */
void granted_away()
{
	auto *map = reinterpret_cast<abi::GrantMapRef *>(args);
	const u64 pfn = high_pfn(0x40), frame = frame_number(pfn);
	Be<u64> *word = words(args + 2048);

	table.set(bad_ref, flag::permit_access, self, static_cast<u32>(frame));
	const Mapped m = map_grant(map, window_address(3), abi::map_flag::host, bad_ref, self);

	if (m.result || m.status)
		return;
	/* the reservation: list, 1 extent, order 0, any address, own domain */
	word[0].store(inline_handle(word + 8));
	word[1].store(1);
	word[2].store(0);
	word[3].store(u64{domid_self} << 48);
	word[8].store(frame);
	fact("grant.mapped.decrease", xen_call(XenCall::MemoryOp, 1, inline_handle(word)));
	fact("grant.mapped.unmap", unmap_grant(reinterpret_cast<abi::GrantUnmapRef *>(args),
					       window_address(3), 0, m.handle));
	table.clear(bad_ref);
}

} // namespace

void facts_grant_map()
{
	args = page();
	from = page();
	to = page();
	self = own_domid();
	if (!table.open())
		return fact("grant.map.table", "refused");
	table.set(in_ref, flag::permit_access | flag::readonly, self,
		  static_cast<u32>(frame_number(pfn_of(from))));
	table.set(out_ref, flag::permit_access, self, static_cast<u32>(frame_number(pfn_of(to))));
	refused_mappings();
	if (daring()) {
		mappings();
		exhaustion();
		granted_away();
	}
	table.clear(in_ref);
	table.clear(out_ref);
	table.close();
}

} // namespace probe
