/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about grants (ABI 4.4, layouts 5): the table and copies.
 *
 * Everything here is done by one domain with itself; facts_second.cc has another
 * domain's grants.
 */
#include "probe/facts.hh"
#include "probe/grants.hh"

namespace probe {

namespace {

namespace flag = abi::grant_flag;

constinit GrantTable table{};
u8 *args;      /* elements of calls */
u8 *from, *to; /* pages that are copied */
u16 self;
u32 from_frame, to_frame;

constexpr u32 in_ref = 8, out_ref = 9, bad_ref = 10, free_ref = 11;
constexpr u32 last_ref = abi::nr_grants - 1;

void setup(const char *name, u64 nr, u16 domid, u64 count, bool with_list)
{
	auto *ask = reinterpret_cast<abi::GrantSetupTable *>(args);

	*ask = {};
	ask->dom.store(domid);
	ask->nr_frames.store(static_cast<u32>(nr));
	ask->status.store(99);
	ask->frame_list.store(with_list ? inline_handle(args + 1024) : 0);
	const s64 result = grant_op(GrantOp::SetupTable, ask, count);

	fact(name, xen_result(result), " ", ask->status.load());
}

void query(const char *name, u16 domid, u64 count)
{
	auto *ask = reinterpret_cast<abi::GrantQuerySize *>(args);

	*ask = {};
	ask->dom.store(domid);
	ask->status.store(99);
	const s64 result = grant_op(GrantOp::QuerySize, ask, count);

	fact(name, xen_result(result), " ", ask->status.load(), " ", ask->nr_frames.load(), " ",
	     ask->max_nr_frames.load());
}

void table_facts()
{
	query("grant.query.self", domid_self, 1);
	query("grant.query.by_number", self, 1);
	query("grant.query.unknown_domain", domid_nobody, 1);
	query("grant.query.two", domid_self, 2);
	query("grant.query.none", domid_self, 0);
	setup("grant.setup.four", 4, domid_self, 1, true);
	setup("grant.setup.five", 5, domid_self, 1, true);
	setup("grant.setup.huge", 0xffffffff, domid_self, 1, true);
	setup("grant.setup.unknown_domain", 4, domid_nobody, 1, true);
	setup("grant.setup.two", 4, domid_self, 2, true);
	setup("grant.setup.list_fault", 4, domid_self, 1, false);
	setup("grant.setup.zero", 0, domid_self, 1, true);
	fact("grant.open", table.open());
	bool in_row = true;
	for (u32 i = 0; i < abi::nr_grant_frames; i++)
		in_row &= table.number[i] == maximum_ram_page() + i;
	fact("grant.frames", in_row				    ? "maximum_ram_page"
			     : table.number[0] < maximum_ram_page() ? "machine frames"
								    : "wrong");
	table.set(last_ref, flag::permit_access, self, 1);
	fact("grant.entry.readback",
	     table.word(last_ref) == (u64{flag::permit_access} << 48 | u64{self} << 32 | 1));
	table.clear(last_ref);
	/* I and G of a grant frame are the hypervisor's to decide: forced to 0. */
	const View v = view(table.number[0], 5, 0x28 | mmu::low_ram);

	fact("grant.frame.inhibited.enter", papr_result(v.code));
	if (v)
		fact("grant.frame.inhibited.wimg", hex(papr(abi::Papr::Read, 0, v.slot).r5 & 0x78));
	(void)drop(v);
}

void refused_operations()
{
	fill(args, 0, page_bytes);
	fact("grant.dump", xen_result(grant_op(GrantOp::DumpTable, args)));
	fact("grant.replace", xen_result(grant_op(GrantOp::UnmapAndReplace, args)));
	fact("grant.operation_8", xen_result(grant_op(static_cast<GrantOp>(8), args)));
	fact("grant.operation_huge", xen_result(grant_op(static_cast<GrantOp>(0xffffffff), args)));
	static constexpr struct {
		GrantOp op;
		const char *name;
	} row[] = {
		{GrantOp::MapGrantRef, "map"}, {GrantOp::UnmapGrantRef, "unmap"},
		{GrantOp::Copy, "copy"},       {GrantOp::SetupTable, "setup"},
		{GrantOp::QuerySize, "query"},
	};
	for (const auto &r : row) {
		put("grant.counts.");
		put(r.name); /* 0, 513, -1 elements; no memory */
		fact("", xen_result(grant_op(r.op, args, 0)), " ",
		     xen_result(grant_op(r.op, args, 513)), " ",
		     xen_result(grant_op(r.op, args, 0xffffffff)), " ",
		     xen_result(xen_call(XenCall::GrantTableOp, static_cast<u64>(r.op), 0, 1)));
	}
	if (!daring())
		return;
	auto *give = reinterpret_cast<abi::GrantTransfer *>(args);

	*give = {};
	give->mfn.store(frame_number(high_pfn(0x40)));
	give->domid.store(self);
	give->status.store(99);
	const s64 transfer_result = grant_op(GrantOp::Transfer, give);
	fact("grant.transfer", xen_result(transfer_result), " ", give->status.load());
}

struct Side {
	u64 what;
	u16 domid;
	u16 offset;
};

void side(abi::GrantCopySide &into, const Side &s, bool by_ref)
{
	if (by_ref)
		into.u.grant.ref.store(static_cast<u32>(s.what));
	else
		into.u.gmfn.store(s.what);
	into.domid.store(s.domid);
	into.offset.store(s.offset);
}

void element(abi::GrantCopy &op, const Side &source, const Side &dest, u16 len, u16 flags)
{
	op = {};
	side(op.source, source, flags & abi::copy_flag::source_gref);
	side(op.dest, dest, flags & abi::copy_flag::dest_gref);
	op.len.store(len);
	op.flags.store(flags);
	op.status.store(99);
}

/* copy - one element, with what became of the destination: copied, untouched, partly */
void copy(const char *name, const Side &source, const Side &dest, u16 len, u16 flags)
{
	auto *op = reinterpret_cast<abi::GrantCopy *>(args);

	fill(to, 0xee, page_bytes);
	element(*op, source, dest, len, flags);
	const s64 result = grant_op(GrantOp::Copy, op);
	u64 written = 0;

	for (u64 i = 0; i < page_bytes; i++)
		written += to[i] != 0xee;
	fact(name, xen_result(result), " ", op->status.load(), " ", written);
}

void copies()
{
	using namespace abi::copy_flag;
	const Side f{from_frame, domid_self, 16}, t{to_frame, domid_self, 32};
	const Side fr{in_ref, self, 16}, tr{out_ref, self, 32};

	for (u64 i = 0; i < page_bytes; i++)
		from[i] = static_cast<u8>(i % 231);
	table.set(in_ref, flag::permit_access | flag::readonly, self, from_frame);
	table.set(out_ref, flag::permit_access, self, to_frame);
	copy("grant.copy.frame_frame", f, t, 100, 0);
	fact("grant.copy.bytes", same(from + 16, to + 32, 100));
	copy("grant.copy.ref_frame", fr, t, 100, source_gref);
	copy("grant.copy.frame_ref", f, tr, 100, dest_gref);
	copy("grant.copy.ref_ref", fr, tr, 100, source_gref | dest_gref);
	fact("grant.copy.ref_bytes", same(from + 16, to + 32, 100));
	copy("grant.copy.self_ref", {in_ref, domid_self, 0}, t, 8, source_gref);
	fact("grant.copy.flags_after", hex(table.flags(in_ref)), " ", hex(table.flags(out_ref)));
	copy("grant.copy.nothing", f, t, 0, 0);
	copy("grant.copy.page", {from_frame, domid_self, 0}, {to_frame, domid_self, 0}, 4096, 0);
	copy("grant.copy.last_byte", {from_frame, domid_self, 4095}, {to_frame, domid_self, 4095},
	     1, 0);
	copy("grant.copy.source_crosses", {from_frame, domid_self, 1}, t, 4096, 0);
	copy("grant.copy.dest_crosses", f, {to_frame, domid_self, 4095}, 2, 0);
	copy("grant.copy.offset_huge", {from_frame, domid_self, 0xffff}, t, 1, 0);
	copy("grant.copy.len_huge", f, t, 0xffff, 0);
	copy("grant.copy.ref_crosses", {in_ref, self, 4000}, t, 100, source_gref);
	copy("grant.copy.frame_of_other", {from_frame, 1, 0}, t, 8, 0);
	copy("grant.copy.to_frame_of_other", f, {to_frame, 1, 0}, 8, 0);
	copy("grant.copy.unknown_domain", {in_ref, domid_nobody, 0}, t, 8, source_gref);
	copy("grant.copy.to_unknown_domain", f, {out_ref, domid_nobody, 0}, 8, dest_gref);
	copy("grant.copy.to_readonly", f, {in_ref, self, 0}, 8, dest_gref);
	copy("grant.copy.ref_free", {free_ref, self, 0}, t, 8, source_gref);
	copy("grant.copy.ref_last", {last_ref, self, 0}, t, 8, source_gref);
	copy("grant.copy.ref_beyond", {abi::nr_grants, self, 0}, t, 8, source_gref);
	copy("grant.copy.ref_huge", {0xffffffff, self, 0}, t, 8, source_gref);
	copy("grant.copy.dest_ref_beyond", f, {abi::nr_grants, self, 0}, 8, dest_gref);
	table.set(bad_ref, flag::permit_access, domid_nobody, from_frame);
	copy("grant.copy.ref_for_other", {bad_ref, self, 0}, t, 8, source_gref);
	table.set(bad_ref, flag::accept_transfer, self, from_frame);
	copy("grant.copy.ref_transfer", {bad_ref, self, 0}, t, 8, source_gref);
	static constexpr struct {
		const char *name;
		u32 frame;
	} bad[] = {{"hole", 0xfffffff0}, {"io", 0x90001}, {"invalid", 0xffffffff}};
	for (const auto &b : bad) {
		if (!daring())
			break;
		table.set(bad_ref, flag::permit_access, self, b.frame);
		put("grant.copy.ref_to_");
		copy(b.name, {bad_ref, self, 0}, t, 8, source_gref);
		put("grant.copy.frame_");
		copy(b.name, {b.frame, domid_self, 0}, t, 8, 0);
		put("grant.copy.to_frame_");
		copy(b.name, f, {b.frame, domid_self, 0}, 8, 0);
	}
	copy("grant.copy.frame_huge", {u64{1} << 60, domid_self, 0}, t, 8, 0);
	if (daring())
		copy("grant.copy.grant_frame", {table.number[0], domid_self, 0}, t, 8, 0);
	table.clear(bad_ref);
}

/* A call of several: each has its own status; a fault stops the rest. */
void several()
{
	auto *op = reinterpret_cast<abi::GrantCopy *>(args);
	const Side f{from_frame, domid_self, 0}, t{to_frame, domid_self, 0};

	element(op[0], f, t, 8, 0);
	element(op[1], f, t, 4097, 0);
	element(op[2], f, t, 8, 0);
	const s64 result = grant_op(GrantOp::Copy, op, 3);

	fact("grant.several", xen_result(result), " ", op[0].status.load(), " ",
	     op[1].status.load(), " ", op[2].status.load());
	op = reinterpret_cast<abi::GrantCopy *>(args + page_bytes - sizeof(*op));
	element(*op, f, t, 8, 0);
	const u64 chunk[] = {address_of(op)};
	const s64 fault = xen_call(XenCall::GrantTableOp, static_cast<u64>(GrantOp::Copy),
				   descriptor_at(page(), chunk, 1), 2);

	fact("grant.several.fault", xen_result(fault), " ", op->status.load());
}

} // namespace

void facts_grant()
{
	args = page();
	from = page();
	to = page();
	self = own_domid();
	from_frame = static_cast<u32>(frame_number(pfn_of(from)));
	to_frame = static_cast<u32>(frame_number(pfn_of(to)));
	table_facts();
	refused_operations();
	copies();
	several();
	table.clear(in_ref);
	table.clear(out_ref);
	table.close();
	facts_grant_map();
}

} // namespace probe
