/* SPDX-License-Identifier: GPL-2.0 */
/*
 * domctl, as far as looking at a domain goes (layouts 2).
 *
 * refhv builds its domains before the first guest instruction: every command that makes,
 * changes or ends one answers -ENOSYS.  A vcpu is not stopped to be looked at: one that
 * runs shows the registers of its last entry.
 */
#include <abi/vcpu.hh>

#include "base/rules.hh"
#include "call/control.hh"
#include "mm/frames.hh"

namespace refhv {

namespace {

using namespace xen::ppc;
using control::Back;

constexpr u32 vcpu_numbers = 32; /* of the ABI */
constexpr u32 nr_held = 1024;
constexpr u32 max_map_bytes = 64; /* 512 processors */

constinit Be<u64> held[nr_held] = {}; /* a piece of a memory list */

bool running(const Vcpu &vcpu)
{
	return vcpu.online && !vcpu.blocked && !vcpu.dom->shut_down;
}

s64 getdomaininfo(Call &call, Domctl &block, DomctlGetdomaininfo &p)
{
	const u16 id = block.domain.load();
	const Domain *dom = id == domid_self ? &call.mem.dom : control::next_domain(id);

	if (!dom)
		return fail::srch;
	block.domain.store(dom->id.raw());
	p = control::describe(*dom);
	return 0;
}

/*
 * Translated: element i is guest frame i, up to the domain's limit, with holes.  Direct:
 * the frames that the domain owns, by machine number; its own order is its own business.
 */
s64 getmemlist(Call &call, Domctl &block, DomctlGetmemlist &p)
{
	const Domain *dom = find_domain(DomId{block.domain.load()});
	const u64 room = p.max_pfns.load();
	u64 done = 0, holds = 0;
	bool copied = true;

	if (!dom)
		return fail::inval;
	const u64 numbers = dom->direct ? frames::count() : dom->p2m.entries;
	for (u64 i = 0; i < numbers && copied && done + holds < room; ++i) {
		if (!dom->direct)
			held[holds++].store(dom->p2m.entry[i]); /* p2m_invalid is the ABI's hole */
		else if (frames::ram_of(Mfn{i}, dom->id))
			held[holds++].store(i);
		if (holds < nr_held && i + 1 < numbers && done + holds < room)
			continue;
		copied = xencomm::write(call.mem, p.buffer.load(), done * sizeof(held[0]), held,
					holds * sizeof(held[0]));
		done += copied ? holds : 0;
		holds = 0;
	}
	p.num_pfns.store(done);
	return copied ? 0 : fail::fault;
}

/* Of the hash table: its size may be asked for, and it is there already. */
s64 shadow_op(Call &call, Domctl &block, DomctlShadowOp &p)
{
	const Domain *dom = find_domain(DomId{block.domain.load()});
	const auto op = static_cast<ShadowCommand>(p.op.load());

	if (!dom)
		return fail::srch;
	if (dom == &call.mem.dom || p.op.load() == 0)
		return fail::inval;
	if (op != ShadowCommand::GetAllocation && op != ShadowCommand::SetAllocation) {
		violation(Rule::DangerousCall, call.mem.dom, "shadow_op stops Xen", p.op.load());
		return fail::inval;
	}
	p.mb.store(static_cast<u32>(1ul << dom->hpt.log2_bytes >> 20));
	return op == ShadowCommand::GetAllocation ? 0 : fail::busy;
}

/* The vcpu that a command names, or why there is none. */
s64 named(const Domctl &block, u32 number, const Vcpu *&vcpu)
{
	const Domain *dom = find_domain(DomId{block.domain.load()});

	if (!dom)
		return fail::srch;
	if (number >= vcpu_numbers)
		return fail::inval;
	if (number >= dom->nr_vcpus)
		return fail::srch;
	vcpu = &dom->vcpu[number];
	return 0;
}

s64 getvcpucontext(Call &call, Domctl &block, DomctlVcpucontext &p)
{
	VcpuGuestContext context{};
	CpuUserRegs &to = context.user_regs;
	const Vcpu *vcpu = nullptr;

	if (const s64 code = named(block, p.vcpu.load(), vcpu))
		return code;
	if (!vcpu->initialised)
		return xen::err::nodata.to_linux();
	const Regs &from = vcpu->regs;
	for (u32 i = 0; i < std::size(from.gpr); ++i)
		to.gprs[i].store(from.gpr[i]);
	to.pc.store(from.pc);
	to.msr.store(from.msr);
	to.lr.store(from.lr);
	to.ctr.store(from.ctr);
	to.xer.store(from.xer);
	to.cr.store(static_cast<u32>(from.cr));
	to.entry_vector.store(static_cast<u32>(from.vector));
	return xencomm::put(call.mem, p.ctxt.load(), context) ? 0 : fail::fault;
}

s64 getvcpuinfo(Call &, Domctl &block, DomctlGetvcpuinfo &p)
{
	const Vcpu *vcpu = nullptr;

	if (const s64 code = named(block, p.vcpu.load(), vcpu))
		return code;
	p.online = vcpu->online;
	p.blocked = vcpu->blocked;
	p.running = running(*vcpu);
	p.cpu_time.store(time::state_time(*vcpu, Runstate::Running));
	p.cpu.store(vcpu->cpu);
	return 0;
}

/* The only processor that it ever runs on; faults and a null map are no errors. */
s64 getvcpuaffinity(Call &call, Domctl &block, DomctlVcpuaffinity &p)
{
	const u64 bytes = (u64{p.cpumap.nr_cpus.load()} + 7) / 8;
	u8 map[max_map_bytes] = {};
	const Vcpu *vcpu = nullptr;

	if (const s64 code = named(block, p.vcpu.load(), vcpu))
		return code;
	map[vcpu->cpu / 8] = static_cast<u8>(1u << vcpu->cpu % 8);
	static_cast<void>(xencomm::write(call.mem, p.cpumap.bitmap.load(), 0, map,
					 bytes < sizeof(map) ? bytes : sizeof(map)));
	return 0;
}

} // namespace

const Domain *control::next_domain(u32 id)
{
	const Domain *next = nullptr;

	for (const Domain &dom : domains)
		if (dom.present && dom.id.raw() >= id && (!next || dom.id < next->id))
			next = &dom;
	return next;
}

DomctlGetdomaininfo control::describe(const Domain &dom)
{
	DomctlGetdomaininfo info{};
	bool runs = false;
	u32 online = 0;
	u64 cpu_time = 0;

	for (u32 v = 0; v < dom.nr_vcpus; ++v) {
		online += dom.vcpu[v].online;
		runs |= running(dom.vcpu[v]);
		cpu_time += time::state_time(dom.vcpu[v], Runstate::Running);
	}
	u32 flags = runs ? dominf::running : dominf::blocked;
	if (dom.shut_down)
		flags |= dominf::shutdown | dominf::ShutdownReasonField::make(dom.shutdown_reason);
	info.domain.store(dom.id.raw());
	info.flags.store(flags);
	info.tot_pages.store(dom.tot_pages);
	info.max_pages.store(dom.max_pages);
	info.shared_info_frame.store((dom.shared_info_at.raw() - dom.rma.raw()) >> page_shift);
	info.cpu_time.store(cpu_time);
	info.nr_online_vcpus.store(online);
	info.max_vcpu_id.store(dom.nr_vcpus - 1);
	return info;
}

/* do_domctl - r4 block; -EPERM, -EFAULT, -EACCES, -ENOSYS or the command's result */
s64 do_domctl(Call &call)
{
	Domctl block;

	if (const s64 code = control::begin(call, block, domctl_version))
		return code;
	switch (static_cast<DomctlOp>(block.cmd.load())) {
	case DomctlOp::Getdomaininfo:
		return control::serve(call, block, Back::IfDone, getdomaininfo);
	case DomctlOp::Getmemlist:
		return control::serve(call, block, Back::Always, getmemlist);
	case DomctlOp::ShadowOp:
		return control::serve(call, block, Back::Always, shadow_op);
	case DomctlOp::Getvcpucontext:
		return control::serve(call, block, Back::Never, getvcpucontext);
	case DomctlOp::Getvcpuinfo:
		return control::serve(call, block, Back::IfDone, getvcpuinfo);
	case DomctlOp::Getvcpuaffinity:
		return control::serve(call, block, Back::Never, getvcpuaffinity);
	default:
		return fail::nosys;
	}
}

} // namespace refhv
