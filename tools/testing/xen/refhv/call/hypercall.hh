/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hypercall entry: numbers to handlers, counts per number and vcpu, faults, trace.
 *
 * Nothing that a guest chooses keeps the hypervisor lock for long: lists are worked on in
 * turns, and between two turns the guest may take an interrupt.
 */
#ifndef REFHV_HYPERCALL_HH
#define REFHV_HYPERCALL_HH

#include "base/types.hh"
#include "machine/cpu.hh"
#include "mm/xencomm.hh"

namespace refhv {

struct Vcpu;

/* r3 of a Xen call that failed */
namespace fail {
inline constexpr s64 perm = xen::err::perm.to_linux(), srch = xen::err::srch.to_linux(),
		     nomem = xen::err::nomem.to_linux(), acces = xen::err::acces.to_linux(),
		     fault = xen::err::fault.to_linux(), busy = xen::err::busy.to_linux(),
		     inval = xen::err::inval.to_linux(), nosys = xen::err::nosys.to_linux();
} // namespace fail

/* One call on its way through a handler. */
struct Call {
	Vcpu &vcpu;
	Memory mem; /* its domain, and the area of its argument */
	u64 arg[6]; /* r4 .. r9 */
	bool restart = false;

	/* command - r4 of most calls: 32 bits of it */
	template <class Op> Op command() const { return static_cast<Op>(static_cast<u32>(arg[0])); }
	/* again - not done yet: the guest makes the call again, with @value as argument @which */
	s64 again(u32 which, u64 value)
	{
		arg[which] = value;
		restart = true;
		return 0;
	}
};

/* A call's time with the lock: one step at least, else @limit of them and 1 ms at most. */
class Turn {
public:
	explicit Turn(u64 limit) : limit_(limit) {}
	/* over - is it, before a step that counts as @cost? */
	bool over(u64 cost = 1)
	{
		const u64 used = used_;

		used_ += cost;
		return used &&
		       (used >= limit_ || cpu::timebase() - start_ >= cpu::timebase_hz() / 1000);
	}

private:
	u64 limit_, used_ = 0, start_ = cpu::timebase();
};

using Handler = s64 (*)(Call &);

namespace hypercall {

void enter(Vcpu &vcpu); /* serve the `sc 1` whose registers are in vcpu.regs */
[[nodiscard]] s64 xen_call(Call &call, u32 number); /* one, counted; multicall uses it too */
void print_counts();				    /* calls per name and vcpu, at shutdown */

} // namespace hypercall

/**
 * own_frame - machine frame of @dom's own RAM behind frame number @number
 * @what: what names it, for the violation's reason
 *
 * Return: frames::none, and a violation V01, V02, V04 or V08, for every other number.
 */
[[nodiscard]] Mfn own_frame(const Domain &dom, u64 number, const char *what);

/* The handlers.  Result: r3. */
s64 do_memory_op(Call &);
s64 do_multicall(Call &);
s64 do_set_timer_op(Call &);
s64 do_xen_version(Call &);
s64 do_console_io(Call &);
s64 do_grant_table_op(Call &);
s64 do_vm_assist(Call &);
s64 do_rtas(Call &);
s64 do_vcpu_op(Call &);
s64 do_nmi_op(Call &);
s64 do_sched_op(Call &);
s64 do_event_channel_op(Call &);
s64 do_physdev_op(Call &);
s64 do_sysctl(Call &);
s64 do_domctl(Call &);

} // namespace refhv

#endif
