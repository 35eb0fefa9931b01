/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hypervisor for the units: the few hypercalls they make, and events.
 *
 * It keeps to Xen's own order: a hypercall is carried out, and on the way back to the
 * guest an event that is pending and unmasked is delivered; delivery masks events,
 * runs the guest's upcall, which clears the pending byte, and unmasks again.
 *
 * Every hypercall is noted with the mask byte as it was on entry, so that a test can
 * tell who entered Xen, in which order and with events on or off.
 */
#ifndef HOST_X86_FAKE_XEN_HH
#define HOST_X86_FAKE_XEN_HH

#include <functional>
#include <vector>

#include <xen/core/abi.hh>

namespace host {

/* As Xen would say it: negative numbers of the ABI. */
inline constexpr long xen_eperm = -1, xen_efault = -14, xen_enosys = -38;

struct HypercallFrame {
	unsigned long op;
	unsigned long args[5];
};

/* One hypercall, direct or an entry of a multicall. */
struct Call {
	unsigned long op;
	unsigned long args[5];
	bool in_multicall;
	bool masked;
};

struct FakeXen {
	/* What came in; the multicall itself stands before its entries. */
	std::vector<Call> calls;

	/* What a hypercall answers, if set; the sub-operations below otherwise. */
	std::function<long(const Call &)> answer;
	/* Refusals; 0 is none. */
	long block_error = 0;
	long down_error = 0;
	long multicall_error = 0;
	/* Entries of a multicall that are carried out before it ends; negative is all. */
	int completes = -1;
	/* Leave rubbish in an entry's op and args, as Xen's debug builds do. */
	bool scribbles = false;
	/* An event becomes pending during the next hypercall. */
	bool event_during_call = false;

	/* Events: how many upcalls ran, and whether all of them with events masked. */
	unsigned int delivered = 0;
	bool upcalls_masked = true;
	/* Times a vcpu was put to sleep with nothing pending, or taken down. */
	unsigned int slept = 0;
	std::vector<unsigned long> taken_down;

	/** raise - an event for the running processor; delivered at once if it may be */
	void raise();
	/** deliver - what Xen does on every way back to the guest */
	void deliver();

	long enter(const HypercallFrame &frame);

	/* Calls noted, without multicalls themselves; and how many of those. */
	std::vector<Call> entries() const;
	unsigned int multicalls() const;

private:
	long carry_out(const Call &call);
	long multicall(xen::MulticallEntry *list, unsigned long n, bool masked);
	long sched(const Call &call);
	long vcpu(const Call &call);
};

/* The one there is; a test's set-up makes it new. */
extern FakeXen fake;

} // namespace host

#endif
