/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hypervisor lock: one for everything.
 *
 * A cpu holds it from its entry into refhv until its exit to the guest or its nap, so
 * that every unit may take all state as its own.  Guests run beside it: guest memory is
 * read once into a private copy before it is judged.  It is let go in two places only:
 * while a cpu naps, and in the windows that race= opens on purpose.
 *
 * Who had it last lets others go first, but for some microseconds only: tickets, which
 * would wait for one cpu, stand still whenever an emulator does not run that cpu.
 */
#ifndef REFHV_LOCK_HH
#define REFHV_LOCK_HH

#include "base/types.hh"
#include "machine/cpu.hh"

namespace refhv {

struct HypervisorLock {
	u32 held, waiting;
	u32 last; /* who had it */
};
inline constinit HypervisorLock hypervisor_lock_state = {};

inline void hypervisor_lock()
{
	constexpr u32 courtesy = 1000; /* turns of a busy-wait: some microseconds */
	HypervisorLock &lock = hypervisor_lock_state;
	const u32 me = cpu::number();

	__atomic_fetch_add(&lock.waiting, 1, __ATOMIC_RELAXED);
	for (u32 i = 0; i < courtesy && __atomic_load_n(&lock.last, __ATOMIC_RELAXED) == me &&
			__atomic_load_n(&lock.waiting, __ATOMIC_RELAXED) > 1;
	     i++)
		;
	while (__atomic_exchange_n(&lock.held, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock.held, __ATOMIC_RELAXED))
			;
	__atomic_store_n(&lock.last, me, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&lock.waiting, 1, __ATOMIC_RELAXED);
}

inline void hypervisor_unlock()
{
	__atomic_store_n(&hypervisor_lock_state.held, 0, __ATOMIC_RELEASE);
}

/* hypervisor_locked - for tests */
[[nodiscard]] inline bool hypervisor_locked()
{
	return hypervisor_lock_state.held;
}

} // namespace refhv

#endif
