// SPDX-License-Identifier: GPL-2.0
/* The fake hypervisor; see fake_xen.hh. */
#include <cstring>

#include <xen/core/abi_vcpu.hh>

#include "cpus.hh"
#include "fake_xen.hh"

extern "C" long fake_xen_enter(const host::HypercallFrame *frame);

extern "C" long fake_xen_enter(const host::HypercallFrame *frame)
{
	return host::fake.enter(*frame);
}

namespace host {

FakeXen fake;

namespace {

constexpr long version = 4L << 16 | 17;

bool is(const Call &call, xen::Hypercall which)
{
	return call.op == xen::number_of(which);
}

Call note(unsigned long op, const unsigned long *args, bool in_multicall, bool masked)
{
	Call call{op, {}, in_multicall, masked};

	std::memcpy(call.args, args, sizeof call.args);
	return call;
}

} // namespace

void FakeXen::deliver()
{
	while (pending_byte() != 0 && mask_byte() == 0) {
		mask_byte() = 1;
		// The guest's upcall.
		++delivered;
		upcalls_masked = upcalls_masked && mask_byte() == 1;
		pending_byte() = 0;
		mask_byte() = 0;
	}
}

void FakeXen::raise()
{
	pending_byte() = 1;
	deliver();
}

long FakeXen::sched(const Call &call)
{
	if (call.args[0] != static_cast<unsigned long>(xen::SchedOp::Block))
		return xen_enosys;
	if (block_error != 0)
		return block_error;
	mask_byte() = 0;
	if (pending_byte() == 0)
		++slept;
	return 0;
}

long FakeXen::vcpu(const Call &call)
{
	if (call.args[0] != static_cast<unsigned long>(xen::VcpuOp::Down))
		return xen_enosys;
	if (down_error == 0)
		taken_down.push_back(call.args[1]);
	return down_error;
}

long FakeXen::multicall(xen::MulticallEntry *list, unsigned long n, bool masked)
{
	for (unsigned long i = 0; i < n; ++i) {
		xen::MulticallEntry &entry = list[i];

		if (completes >= 0 && i >= static_cast<unsigned long>(completes))
			break;
		const Call call = note(entry.op, entry.args, true, masked);

		calls.push_back(call);
		entry.result = carry_out(call);
		if (scribbles) {
			entry.op = 0xdeadbeef;
			std::memset(entry.args, 0xaa, sizeof entry.args);
		}
	}
	return multicall_error;
}

long FakeXen::carry_out(const Call &call)
{
	if (answer)
		return answer(call);
	if (is(call, xen::Hypercall::XenVersion))
		return version;
	if (is(call, xen::Hypercall::SchedOp))
		return sched(call);
	if (is(call, xen::Hypercall::VcpuOp))
		return vcpu(call);
	if (is(call, xen::Hypercall::MmuUpdate) || is(call, xen::Hypercall::MmuextOp) ||
	    is(call, xen::Hypercall::UpdateVaMapping) || is(call, xen::Hypercall::StackSwitch))
		return 0;
	return xen_enosys;
}

long FakeXen::enter(const HypercallFrame &frame)
{
	const Call call = note(frame.op, frame.args, false, mask_byte() != 0);
	long result;

	calls.push_back(call);
	if (is(call, xen::Hypercall::Multicall))
		result = multicall(reinterpret_cast<xen::MulticallEntry *>(call.args[0]),
				   call.args[1], call.masked);
	else
		result = carry_out(call);
	if (event_during_call) {
		event_during_call = false;
		pending_byte() = 1;
	}
	deliver();
	return result;
}

std::vector<Call> FakeXen::entries() const
{
	std::vector<Call> all;

	for (const Call &call : calls)
		if (!is(call, xen::Hypercall::Multicall))
			all.push_back(call);
	return all;
}

unsigned int FakeXen::multicalls() const
{
	return static_cast<unsigned int>(calls.size() - entries().size());
}

} // namespace host
