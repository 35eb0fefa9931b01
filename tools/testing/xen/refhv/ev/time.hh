/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time as the ABI has it (section 6): Xen nanoseconds are timebase * floor(1e9 / Hz).
 *
 * A vcpu has one deadline (set_timer_op and the singleshot timer are the same one) and one
 * period (100 Hz until stop_periodic_timer).  Either, when due, forces its DEC to 1; only
 * the deadline unblocks it.  They are looked at on every exit to the guest, which the HDEC
 * tick bounds, and by the alarm of a nap; each by the vcpu's own core.
 */
#ifndef REFHV_TIME_HH
#define REFHV_TIME_HH

#include <abi/vcpu.hh>

#include "base/types.hh"

namespace refhv {

struct Domain;
struct Vcpu;

struct Timer {
	u64 deadline = 0;    /* Xen ns, 0: none */
	u64 period = 0;	     /* ns, 0: stopped */
	u64 next_period = 0; /* Xen ns */
	bool fired = false;  /* a deadline forced DEC since the vcpu last blocked */
};

namespace time {

inline constexpr u64 tick_ns = 10'000'000;
inline constexpr u64 never = all_ones;

void init(Vcpu &vcpu);		       /* timers and accounting of a new vcpu: offline, 100 Hz */
[[nodiscard]] u64 now();	       /* Xen nanoseconds */
[[nodiscard]] u64 ticks(u64 xen_ns);   /* timebase ticks of a span of Xen ns, rounded up */
void arm(Vcpu &vcpu, u64 at);	       /* its deadline: Xen ns; 0 is long past, not "none" */
void start_period(Vcpu &vcpu, u64 ns); /* 0: stop */

/*
 * expire - fire what is due: DEC := 1, a blocked vcpu goes on; true if something was
 *
 * A blocked vcpu's period waits until it runs.  The end of a poll leaves DEC alone.
 */
[[nodiscard]] bool expire(Vcpu &vcpu);
/* lose_deadline - it expires while @vcpu still runs: DEC := 1 and nobody is woken later */
void lose_deadline(Vcpu &vcpu);
[[nodiscard]] u64 next(const Vcpu &vcpu); /* when time wakes it if blocked: Xen ns, or never */
void copy_wallclock(Domain &to);	  /* dom0's wc_* to @to, as at a vcpu's initialisation */
/* complete_wallclock - once more, if @to was initialised before dom0 had written all of it */
void complete_wallclock(Domain &to);

/* set_state - book the time up to now to the old state of @vcpu */
void set_state(Vcpu &vcpu, xen::ppc::Runstate state);
/* state_time - ns that @vcpu has spent in @state, up to now */
[[nodiscard]] u64 state_time(const Vcpu &vcpu, xen::ppc::Runstate state);

} // namespace time

} // namespace refhv

#endif
