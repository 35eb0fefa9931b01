/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every rule of base/rules.hh broken once, on purpose, with the code of the refusal.
 *
 * A row for each rule that dom0 alone can break at this moment; hostile/rules.txt says
 * why another one cannot be broken, or by whom it is.  V17 ends the domain and is
 * broken last of all (hostile.cc).
 */
#include <abi/hpte.hh>
#include <abi/memory.hh>
#include <abi/vcpu.hh>

#include "probe/events.hh"
#include "probe/grants.hh"
#include "probe/hostile/rules.hh"

namespace probe::hostile {

namespace {

u8 *block, *list;
constexpr u32 own_ref = 100, bad_ref = 101;
constinit GrantTable table{};

u64 own_frame(u64 index)
{
	return frame_number(high_pfn(0x100 + index));
}

/* enter - the code; what was obeyed is taken back */
s64 enter(u64 number, u64 low = mmu::low_ram, u64 ea = mmu::plain + 0x100000)
{
	const Regs r = mmu::enter(ea, number, low);

	if (!r.r3)
		(void)mmu::remove(ea, r.r4);
	return static_cast<s64>(r.r3);
}

s64 code(const Regs &r)
{
	return static_cast<s64>(r.r3);
}

s64 decrease(u64 number)
{
	auto *ask = reinterpret_cast<abi::MemoryReservation *>(block);

	*ask = {};
	words(list)[0].store(number);
	ask->extent_start.store(inline_handle(list));
	ask->nr_extents.store(1);
	ask->domid.store(domid_self);
	return xen_call(XenCall::MemoryOp, 1, inline_handle(ask));
}

s64 extraversion(u64 handle)
{
	return xen_call(XenCall::XenVersion, 1, handle);
}

/* V01, V02 */
s64 out_of_range()
{
	return enter(u64{1} << 41);
}
s64 not_owned()
{
	return enter(maximum_ram_page() - 1); /* nobody's */
}

/* V03: not aligned */
s64 large_page()
{
	return enter(frame_number(rma_bytes() / page_bytes) + 1, mmu::low_ram, mmu::large);
}

s64 unmapped_window()
{
	return direct_mode() ? not_broken : enter(window_base() + 5);
}

/* V05: a read-only mapping of one's own grant, entered writable */
s64 write_not_granted()
{
	auto *map = reinterpret_cast<abi::GrantMapRef *>(block);
	const u64 at = window_address(1);

	if (direct_mode())
		return not_broken;
	const Mapped m = map_grant(map, at, abi::map_flag::host | abi::map_flag::readonly, own_ref,
				   own_domid());
	if (m.result || m.status)
		return not_broken;
	const s64 result = enter(window_base() + 1, mmu::low_ram | 2);

	(void)unmap_grant(reinterpret_cast<abi::GrantUnmapRef *>(block), at, 0, m.handle);
	return result;
}

/* V06, V07 */
s64 io_attributes()
{
	return enter(0x90001, mmu::low_ram);
}
s64 ram_attributes()
{
	return enter(own_frame(0), abi::hpte_low::inhibited | abi::hpte_low::guarded);
}

/* V08 to V12 */
s64 shared_frame()
{
	return extraversion(abi::inline_flag | table.number[0] << 12);
}
s64 magic()
{
	const u64 at[] = {address_of(list)};
	const u64 handle = descriptor_at(block, at, 1);

	words(block)[0].store(1);
	return extraversion(handle);
}
s64 alignment()
{
	const u64 at[] = {address_of(list)};

	return extraversion(descriptor_at(block + 4, at, 1));
}
s64 data_frame()
{
	return extraversion(abi::inline_flag | u64{1} << 44);
}
s64 area()
{
	words(block)[0].store(u64{abi::area_magic} << 32 | 0xffff);
	return extraversion(abi::area_flag | address_of(block) | 512);
}

/* V13, V14 */
s64 rma_freed()
{
	return decrease(frame_number(pfn_of(block)));
}
s64 referenced()
{
	const Regs r = mmu::enter(mmu::plain, own_frame(0));
	const s64 result = decrease(own_frame(0));

	(void)mmu::remove(mmu::plain, r.r4);
	return result;
}

/* V15: unmapped while an HPTE maps it */
s64 still_mapped()
{
	auto *map = reinterpret_cast<abi::GrantMapRef *>(block);
	auto *unmap = reinterpret_cast<abi::GrantUnmapRef *>(block);
	const u64 at = window_address(2);
	const Mapped m = map_grant(map, at, abi::map_flag::host, own_ref, own_domid());

	if (m.result || m.status)
		return not_broken;
	const Regs r = mmu::enter(mmu::plain, mapped_number(2, m));
	const s64 result = unmap_grant(unmap, at, 0, m.handle);

	(void)mmu::remove(mmu::plain, r.r4);
	(void)unmap_grant(unmap, at, 0, m.handle);
	return result;
}

/* V16: an entry that names what its domain does not own */
s64 grant_frame()
{
	auto *op = reinterpret_cast<abi::GrantCopy *>(block);

	*op = {};
	op->source.u.grant.ref.store(bad_ref);
	op->source.domid.store(own_domid());
	op->dest.u.gmfn.store(frame_number(pfn_of(list)));
	op->dest.domid.store(domid_self);
	op->len.store(8);
	op->flags.store(abi::copy_flag::source_gref);
	const s64 result = grant_op(GrantOp::Copy, op);

	return result ? result : op->status.load();
}

/* V18: both vcpus at one group, again and again; only with race=hpt can they meet there */
constexpr u64 race_ms = 3000; /* long enough for a host that has few cores to spare */
volatile u64 race_end;	      /* timebase; 0: not yet begun */

void race_here(u64 which)
{
	const u64 ea = mmu::plain + 0x200000;

	if (which)
		race_end = timebase() + ticks_of_us(race_ms * 1000);
	while (timebase() < race_end) {
		const Regs r = mmu::enter(ea, own_frame(which));

		if (!r.r3)
			(void)mmu::remove(ea, r.r4);
	}
}
s64 pteg_race()
{
	(void)mmu::slots();
	if (vcpus() < 2 || has("atomic-hpt") || on_vcpu(1, race_here, 1))
		return not_broken;
	if (wait_until([] { return race_end != 0; }, 5000))
		race_here(0);
	return vcpu_done(1, 10'000) ? 0 : -1;
}

/* V19, V20 */
s64 slot_range()
{
	return code(papr(abi::Papr::Read, 0, mmu::slots()));
}
s64 dangerous()
{
	return code(papr(abi::Papr::GetTce, 0, 0));
}

/* V21: from problem state */
void user_call(u64 answer)
{
	*reinterpret_cast<volatile s64 *>(answer) = xen_call(XenCall::XenVersion, 0);
}
s64 user()
{
	auto *answer = reinterpret_cast<volatile s64 *>(list);

	*answer = 99;
	(void)mmu::problem_state(user_call, reinterpret_cast<u64>(list));
	return *answer;
}

/* V22: a segment of 1 TB, which no 970 has */
s64 facility()
{
	return code(papr(abi::Papr::Enter, 0, 0, u64{1} << 62 | abi::hpte_high::valid,
			 own_frame(0) << 12 | mmu::low_ram));
}

/* V23: a word of shared_info that is nobody's; seen at the next tick, and cleared: 0 */
s64 reserved_page()
{
	volatile u32 *word = reinterpret_cast<volatile u32 *>(&shared_info()) + 1023;

	*word = 1;
	return wait_until([word] { return *word == 0; }, 500) ? 0 : 1;
}

/* V25, V26 */
s64 debug_address()
{
	return code(papr(abi::Papr::SetXdabr, u64{1} << 45, 0x10));
}
s64 tce()
{
	return code(papr(abi::Papr::PutTce, 16, 0, 0));
}

/* V27: a context whose MSR no guest can have; for a vcpu that nobody uses: the third */
s64 vcpu_context()
{
	auto *context = reinterpret_cast<abi::VcpuGuestContext *>(list);
	const u32 last = vcpus() - 1;

	if (last < 2)
		return not_broken;
	fill(context, 0, sizeof(*context));
	context->user_regs.msr.store(u64{1} << 60);
	return xen_call(XenCall::VcpuOp, 0, last, inline_handle(context));
}

/* given_back - words that are not zero in the frame that takes another one's place */
u64 given_back()
{
	const u64 pfn = high_pfn(0x180);
	u64 found = 0;

	if (decrease(frame_number(pfn)) != 1)
		return none;
	words(list)[0].store(pfn);
	if (xen_call(XenCall::MemoryOp, 6, inline_handle(block)) != 1)
		return none;
	if (direct_mode())
		set_frame_number(pfn, words(list)[0].load());
	const View v = view(frame_number(pfn), 9);

	for (u64 at = 0; at < page_bytes; at += 8)
		found += get(v, at) != 0;
	(void)drop(v);
	return found;
}

enum class Answer : u8 { Papr, Xen, Number };

constexpr struct {
	const char *id;
	Answer answer;
	s64 (*broken)();
} rows[] = {
	{"V01", Answer::Papr, out_of_range},
	{"V02", Answer::Papr, not_owned},
	{"V03", Answer::Papr, large_page},
	{"V04", Answer::Papr, unmapped_window},
	{"V05", Answer::Papr, write_not_granted},
	{"V06", Answer::Papr, io_attributes},
	{"V07", Answer::Papr, ram_attributes},
	{"V08", Answer::Xen, shared_frame},
	{"V09", Answer::Xen, magic},
	{"V10", Answer::Xen, alignment},
	{"V11", Answer::Xen, data_frame},
	{"V12", Answer::Xen, area},
	{"V13", Answer::Number, rma_freed},
	{"V14", Answer::Number, referenced},
	{"V15", Answer::Number, still_mapped},
	{"V16", Answer::Number, grant_frame},
	{"V18", Answer::Number, pteg_race},
	{"V19", Answer::Papr, slot_range},
	{"V20", Answer::Papr, dangerous},
	{"V21", Answer::Xen, user},
	{"V22", Answer::Papr, facility},
	{"V23", Answer::Number, reserved_page},
	{"V25", Answer::Papr, debug_address},
	{"V26", Answer::Papr, tce},
	{"V27", Answer::Xen, vcpu_context},
};

} // namespace

void break_rules()
{
	block = page();
	list = page();
	if (!table.open())
		fail("no grant table");
	table.set(own_ref, abi::grant_flag::permit_access, own_domid(),
		  static_cast<u32>(own_frame(1)));
	table.set(bad_ref, abi::grant_flag::permit_access, own_domid(), 0x90001);
	for (const auto &r : rows) {
		const s64 result = r.broken();

		/* Whether two vcpus meet in a group is chance and race=hpt: nobody compares it. */
		put(r.broken == pteg_race ? "info rule." : "rule.");
		put(r.id);
		put(": ");

		if (result == not_broken)
			put("not by this domain");
		else if (r.answer == Answer::Papr)
			put(papr_result(result));
		else if (r.answer == Answer::Xen)
			put(xen_result(result));
		else /* a count, or a grant status */
			put(result);
		put('\n');
	}
	fact("hostile.new_frame", given_back());
	table.clear(bad_ref);
	/* What the random calls find: grants of every kind, to this domain. */
	for (u32 ref = 0; ref < 64; ref++)
		table.set(ref, static_cast<u16>(ref % 4 | (ref & 4)), own_domid(),
			  static_cast<u32>(own_frame(ref)));
	table.close();
}

} // namespace probe::hostile
