/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vcpu's registers while refhv runs, as start.S saves and restores them, and why it runs.
 *
 * start.S knows the offsets by number: the static_asserts keep both in step.  SRR0/1,
 * SPRGs, DAR, DSISR, SLB and DEC stay in the processor: a vcpu never leaves its core.
 */
#ifndef REFHV_REGS_HH
#define REFHV_REGS_HH

#include "base/types.hh"

namespace refhv {

struct Regs {
	u64 gpr[32];
	u64 pc, msr, lr, ctr, xer, cr;
	u64 vector;  /* why refhv was entered: one of trap:: */
	u64 stack;   /* top of refhv's own, loaded on entry */
	u64 cpu;     /* this core's number, from 0 */
	u64 napping; /* start.S: a wake-up returns to nap_lr instead of trapping */
	u64 nap_lr;
};

static_assert(offsetof(Regs, pc) == 0x100 && offsetof(Regs, vector) == 0x130);
static_assert(offsetof(Regs, stack) == 0x138 && offsetof(Regs, nap_lr) == 0x150);

namespace trap {
inline constexpr u64 first_entry = 0; /* no exception at all: a core's first way out */
inline constexpr u64 machine_check = 0x200, external = 0x500, hypervisor_decrementer = 0x980,
		     system_call = 0xc00, hypervisor_data = 0xe00, hypervisor_instruction = 0xe20,
		     hypervisor_illegal = 0xe40, hypervisor_doorbell = 0xe80,
		     hypervisor_facility = 0xf80;
} // namespace trap

namespace msr {
inline constexpr u64 sf = 1ul << 63, hv = 1ul << 60, ee = 0x8000, pr = 0x4000, fp = 0x2000,
		     me = 0x1000, ir = 0x20, dr = 0x10, ri = 2;
} // namespace msr

} // namespace refhv

#endif
