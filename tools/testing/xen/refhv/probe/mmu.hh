/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Translation for the probes: a few segments, hashed page table entries by H_ENTER.
 *
 * While a function runs translated, addresses below 16 MB are themselves (one 16 MB page,
 * entered once), so that code, stacks and pages() stay where they are; three segments are
 * free for mappings of the caller's.  Only 4 KB and 16 MB pages, only 256 MB segments.
 */
#ifndef PROBE_MMU_HH
#define PROBE_MMU_HH

#include "probe/guest.hh"

namespace probe::mmu {

/* Segments of 256 MB for tests. */
inline constexpr u64 plain =
	0x10000000; /* 4 KB pages, Ks = 0 Kp = 1: supervisor sees pp 0..2 as writable */
inline constexpr u64 keyed =
	0x20000000; /* 4 KB pages, Ks = 1 Kp = 1: pp 0 none, 1 read, 2 write, 3 read */
inline constexpr u64 large = 0x30000000; /* 16 MB pages, Ks = 0 Kp = 1 */

[[nodiscard]] u64 slots();				 /* HPTEs in the table: ibm,pft-size */
[[nodiscard]] u64 group(u64 ea, bool secondary = false); /* first slot of ea's group */
[[nodiscard]] u64 avpn(u64 ea);		      /* high word's AVPN, in place (bits 7 up) */
[[nodiscard]] u64 high(u64 ea, u64 bits = 0); /* AVPN, V, L as the segment has it, @bits */

inline constexpr u64 low_ram = 0x10; /* M, pp 0 */

/* enter - H_ENTER @ea to @frame with @low bits (WIMG, N, pp); r3 is its code, r4 the slot */
[[nodiscard]] Regs enter(u64 ea, u64 frame, u64 low = low_ram, u64 flags = 0);
/* remove - H_REMOVE with H_AVPN */
s64 remove(u64 ea, u64 slot);

/* translated - run @f with IR and DR on, on this vcpu */
void enable();
void disable();
template <class F> void translated(F f)
{
	enable();
	f();
	disable();
}
/*
 * problem_state - run @f(@argument) with PR, IR, DR and EE on (addresses below 16 MB);
 * it returns by itself, or by its first trap, which is then recorded
 */
Trap problem_state(void (*f)(u64), u64 argument);

} // namespace probe::mmu

#endif
