/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cores, for machine/ only: their special-purpose registers, how they come up, where
 * their stacks end, what they run.
 *
 * Core 0 starts refhv; the others report and nap until release().  From then on a core
 * belongs to the vcpu that is pinned to it for good, or naps for ever.
 */
#ifndef REFHV_CORE_HH
#define REFHV_CORE_HH

#include "machine/cpu.hh"

namespace refhv {

/* POWER8's names and numbers. */
namespace spr {

enum Number : u32 {
	dsisr = 18, dar = 19, dec = 22, sdr1 = 25, srr0 = 26, srr1 = 27, fscr = 153,
	dawr = 180, dawrx = 188, hfscr = 190, tb = 268, hsprg0 = 304, hdsisr = 306, hdar = 307,
	hdec = 310, rmor = 312, lpcr = 318, lpidr = 319, hmer = 336, hmeer = 337, pcr = 338,
	amor = 349, mmcr0 = 795, pir = 1023
};

template <Number n> [[nodiscard]] inline u64 get()
{
	u64 value;

	asm volatile("mfspr %0, %1" : "=r"(value) : "i"(n));
	return value;
}

template <Number n> inline void set(u64 value)
{
	asm volatile("mtspr %0, %1" : : "i"(n), "r"(value) : "memory");
}

} // namespace spr

namespace smp {

/* start - core 0: wait until @cores have reported, one second of @timebase_hz at most */
void start(u32 cores, u64 timebase_hz);
[[nodiscard]] u64 pir(u32 cpu);	   /* what msgsnd and the interrupt controller call core @cpu */
void release();			   /* the domains are built: let the other cores run them */
[[noreturn]] void run();	   /* enter this core's vcpu for the first time, or nap for ever */
[[nodiscard]] bool stack_intact(); /* this core never ran over the end of its stack */

} // namespace smp

} // namespace refhv

#endif
