/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Domains: finding them, and their end.
 *
 * Dom0's end is the machine's: the sums are printed and the power goes off.  Another
 * domain only stops; its cores nap from then on and its memory stays as it is.
 */
#include "dom/domain.hh"

#include <abi/evtchn.hh>
#include <abi/sched.hh>

#include "base/print.hh"
#include "base/rules.hh"
#include "base/trace.hh"
#include "call/hypercall.hh"
#include "machine/cpu.hh"
#include "mm/frames.hh"

namespace refhv {

constinit Domain domains[max_domains] = {};

namespace {

const char *reason_name(u8 reason)
{
	static constexpr const char *name[] = {"power off", "reboot", "suspend", "crash"};

	return reason < 4 ? name[reason] : "unknown reason";
}

void print_waits()
{
	for (const Domain &dom : domains)
		for (const Vcpu &vcpu : dom.vcpu)
			if (vcpu.waited)
				print("refhv: domain ", dom.id.raw(), " vcpu ", vcpu.id.raw(), ": ",
				      vcpu.waited, " events waited for an exit\n");
}

/* Does each domain own as many frames as its count says, and is every other one free or ours? */
bool balance()
{
	u64 owned[max_domains] = {}, unused = 0, own = 0, stray = 0;
	bool balanced = true;

	for (u64 i = 0; i < frames::count(); i++) {
		const Frame *frame = frames::at(Mfn{i});
		const Domain *dom = frame ? find_domain(frame->owner) : nullptr;

		if (!frame || frame->owner == owner_xen)
			own++;
		else if (frame->owner == owner_none)
			unused++;
		else if (!dom)
			stray++;
		else if (frame->type == FrameType::Ram || frame->type == FrameType::Rma)
			owned[dom - domains]++;
	}
	for (const Domain &dom : domains) {
		if (!dom.present || owned[&dom - domains] == dom.tot_pages)
			continue;
		print("refhv: frames: domain ", dom.id.raw(), " owns ", owned[&dom - domains],
		      " and is counted ", dom.tot_pages, "\n");
		balanced = false;
	}
	if (stray || unused != frames::free_count()) {
		print("refhv: frames: ", stray, " of no domain, ", unused, " free and counted ",
		      frames::free_count(), "\n");
		balanced = false;
	}
	print("refhv: frames: ", frames::count(), ", ", own, " refhv's, ", unused, " free, ",
	      balanced ? "balanced" : "FAILED", "\n");
	return balanced;
}

} // namespace

Domain *find_domain(DomId id)
{
	for (Domain &dom : domains)
		if (dom.present && dom.id == id)
			return &dom;
	return nullptr;
}

Domain *target_domain(Domain &caller, DomId id)
{
	if (id == DomId{domid_self})
		return &caller;
	return caller.privileged ? find_domain(id) : nullptr;
}

void shut_down(Domain &dom, u8 reason)
{
	if (dom.shut_down)
		return;
	dom.shut_down = true;
	dom.shutdown_reason = reason;
	print("refhv: domain ", dom.id.raw(), ": ", reason_name(reason), "\n");
	if (dom.privileged) {
		for (Domain &each : domains)
			if (each.present)
				check_reserved(each);
		hypercall::print_counts();
		print_waits();
		print_rules();
		const bool balanced = balance();

		finish(reason_name(reason), !canary::verify() || !balanced);
	}
	for (u32 v = 0; v < dom.nr_vcpus; v++)
		if (dom.first_cpu + v != cpu::number())
			cpu::kick(dom.first_cpu + v);
	if (Domain *dom0 = find_domain(DomId{0}))
		evtchn::raise_virq(*dom0, static_cast<u32>(xen::ppc::Virq::DomExc), VcpuId{0});
}

void crash(Domain &dom, const char *why, u64 value)
{
	if (dom.shut_down)
		return;
	print("refhv: domain ", dom.id.raw(), " crashed: ", why, " (", hex(value), ")\n");
	print_trace();
	shut_down(dom, static_cast<u8>(xen::ppc::ShutdownReason::Crash));
}

} // namespace refhv
