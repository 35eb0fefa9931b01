/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hypercall entry: both families of calls, their names and their counters.
 *
 * A call is refused by number, then by injected fault, and only then reaches its handler;
 * every refusal leaves the guest's other registers alone.  A handler that has done its
 * share asks for a restart: the guest executes its `sc 1` again with changed arguments.
 */
#include "call/hypercall.hh"

#include <abi/hcall.hh>

#include "base/print.hh"
#include "base/rules.hh"
#include "base/trace.hh"
#include "dom/domain.hh"

namespace refhv {

namespace {

namespace h = xen::ppc::h;
using xen::ppc::Papr;
using xen::ppc::XenCall;

constexpr u64 perfmon_enable = 1ul << 63;
constexpr u64 dabrx_default = 2; /* ABI 3.2: supervisor accesses */
constexpr u64 dabrx_hyp = 4, dabrx_max = 0xf;
constexpr u32 refusals_said = 16;
constinit u32 refusals = 0;

/* A call that is not there: the guest is told each time, the console only at first. */
void refuse(const Vcpu &vcpu, const char *family, u64 number)
{
	if (refusals++ < refusals_said)
		print("refhv: d", vcpu.dom->id.raw(), ": ", family, " call ", hex(number),
		      " is not implemented\n");
}

s64 set_dabr(Domain &, Regs &regs)
{
	cpu::set_dabr(regs.gpr[4], dabrx_default);
	return h::success;
}

s64 set_xdabr(Domain &dom, Regs &regs)
{
	const u64 extension = regs.gpr[5];

	if (extension == 0 || extension > dabrx_max || (extension & dabrx_hyp)) {
		violation(Rule::DebugAddress, dom, "DABRX is 0 or has reserved bits", extension);
		return h::parameter;
	}
	cpu::set_dabr(regs.gpr[4], extension);
	return h::success;
}

s64 perfmon(Domain &, Regs &regs)
{
	const u64 set = regs.gpr[4], reset = regs.gpr[5];

	if ((set | reset) & ~perfmon_enable)
		return h::parameter;
	if (set & reset)
		return h::resource;
	if (set | reset)
		cpu::set_pmu(set != 0);
	return h::success;
}

s64 dangerous(Domain &dom, Regs &regs)
{
	violation(Rule::DangerousCall, dom, "H_GET_TCE and H_STUFF_TCE stop Xen", regs.gpr[3]);
	return h::parameter;
}

struct XenEntry {
	XenCall number;
	const char *name;
	Handler handler;
};

constexpr XenEntry xen_table[] = {
	{XenCall::SchedOpCompat, "sched_op_compat", do_sched_op},
	{XenCall::MemoryOp, "memory_op", do_memory_op},
	{XenCall::Multicall, "multicall", do_multicall},
	{XenCall::SetTimerOp, "set_timer_op", do_set_timer_op},
	{XenCall::XenVersion, "xen_version", do_xen_version},
	{XenCall::ConsoleIo, "console_io", do_console_io},
	{XenCall::GrantTableOp, "grant_table_op", do_grant_table_op},
	{XenCall::VmAssist, "vm_assist", do_vm_assist},
	{XenCall::RtasProxy, "rtas_proxy", do_rtas},
	{XenCall::VcpuOp, "vcpu_op", do_vcpu_op},
	{XenCall::NmiOp, "nmi_op", do_nmi_op},
	{XenCall::SchedOp, "sched_op", do_sched_op},
	{XenCall::EventChannelOp, "event_channel_op", do_event_channel_op},
	{XenCall::PhysdevOp, "physdev_op", do_physdev_op},
	{XenCall::Sysctl, "sysctl", do_sysctl},
	{XenCall::Domctl, "domctl", do_domctl},
};

struct PaprEntry {
	Papr number;
	const char *name;
	s64 (*handler)(Domain &, Regs &);
};

/* The default build of the historical hypervisor had no H_GET and H_PUT_TERM_CHAR. */
constexpr PaprEntry papr_table[] = {
	{Papr::Remove, "H_REMOVE", hpt::remove},
	{Papr::Enter, "H_ENTER", hpt::enter},
	{Papr::Read, "H_READ", hpt::read},
	{Papr::ClearMod, "H_CLEAR_MOD", hpt::clear_mod},
	{Papr::ClearRef, "H_CLEAR_REF", hpt::clear_ref},
	{Papr::Protect, "H_PROTECT", hpt::protect},
	{Papr::GetTce, "H_GET_TCE", dangerous},
	{Papr::PutTce, "H_PUT_TCE", tce::put},
	{Papr::SetDabr, "H_SET_DABR", set_dabr},
	{Papr::PerfMon, "H_PERFMON", perfmon},
	{Papr::BulkRemove, "H_BULK_REMOVE", hpt::bulk_remove},
	{Papr::SetXdabr, "H_SET_XDABR", set_xdabr},
	{Papr::StuffTce, "H_STUFF_TCE", dangerous},
};

/* The entry of @number, or null. */
template <class Entry, size_t n> const Entry *find(const Entry (&table)[n], u64 number)
{
	for (const Entry &entry : table)
		if (static_cast<u64>(entry.number) == number)
			return &entry;
	return nullptr;
}

s64 papr_call(Vcpu &vcpu, u64 token)
{
	const bool exists = token % 4 == 0 && token <= static_cast<u64>(Papr::Last);
	const PaprEntry *entry = find(papr_table, token);
	s64 code = h::parameter;

	if (exists)
		++vcpu.papr_calls[token / 4];
	if (!entry || (options.historical && entry->number == Papr::BulkRemove)) {
		refuse(vcpu, "PAPR", token);
		return code;
	}
	return inject_fault(entry->name, &code) ? code : entry->handler(*vcpu.dom, vcpu.regs);
}

/* The calls of one family that any vcpu of @dom made: a line each, a column for each vcpu. */
template <auto counts, class Table>
void print_family(const Domain &dom, const Table &table, u64 step)
{
	for (u64 i = 0; i < std::size(dom.vcpu[0].*counts); ++i) {
		const auto *entry = find(table, i * step);
		u64 sum = 0;

		for (u32 v = 0; v < dom.nr_vcpus; ++v)
			sum += (dom.vcpu[v].*counts)[i];
		if (!sum)
			continue;
		put("refhv:");
		for (u32 v = 0; v < dom.nr_vcpus; ++v)
			print("\t", (dom.vcpu[v].*counts)[i]);
		if (entry)
			print("\t", entry->name, "\n");
		else
			print("\tcall ", hex(i * step), "\n");
	}
}

} // namespace

s64 hypercall::xen_call(Call &call, u32 number)
{
	s64 code = fail::nosys;

	if (number >= xen::ppc::nr_xen_calls)
		return code;
	++call.vcpu.calls[number];
	const XenEntry *entry = find(xen_table, number);
	if (!entry || (options.historical && entry->number == XenCall::Multicall)) {
		refuse(call.vcpu, "Xen", number);
		return code;
	}
	if (inject_fault(entry->name, &code))
		return code;
	return entry->handler(call);
}

void hypercall::enter(Vcpu &vcpu)
{
	Regs &regs = vcpu.regs;
	const u64 token = regs.gpr[3], number = token & ~xen::ppc::xen_mark;
	const bool xen = (token & xen::ppc::xen_mark) == xen::ppc::xen_mark;
	s64 result;

	if (regs.msr & msr::pr) {
		violation(Rule::UserHypercall, *vcpu.dom, "hypercall from problem state", token);
		result = xen ? fail::perm : h::privilege;
	} else if (xen) {
		Call call{vcpu, Memory{*vcpu.dom}, {}};

		for (u32 i = 0; i < std::size(call.arg); ++i)
			call.arg[i] = regs.gpr[4 + i];
		result = xen_call(call, static_cast<u32>(number));
		trace(Trace::Hcall, number, regs.gpr[4], static_cast<u64>(result));
		if (call.restart) {
			regs.pc -= 4;
			for (u32 i = 0; i < std::size(call.arg); ++i)
				regs.gpr[4 + i] = call.arg[i];
			return; /* r3 still holds the marked number */
		}
	} else {
		const u64 first = regs.gpr[4];

		result = papr_call(vcpu, token);
		trace(Trace::Papr, token, first, static_cast<u64>(result));
	}
	regs.gpr[3] = static_cast<u64>(result);
}

void hypercall::print_counts()
{
	for (const Domain &dom : domains) {
		if (!dom.present)
			continue;
		print("refhv: hypercalls of d", dom.id.raw(), " by vcpu:\n");
		print_family<&Vcpu::calls>(dom, xen_table, 1);
		print_family<&Vcpu::papr_calls>(dom, papr_table, 4);
	}
}

} // namespace refhv
