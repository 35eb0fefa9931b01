/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vcpu as the runtime knows it: its trap frame, stacks, work and expectations.
 *
 * Written by its own vcpu only, but for work, argument and state, which change hands by
 * state (on_vcpu).  For the runtime's own files.
 */
#ifndef PROBE_CPU_HH
#define PROBE_CPU_HH

#include "probe/guest.hh"
#include "probe/offsets.hh"

namespace probe {

enum class Work : u32 { Never, Posted, Running, Done };

struct alignas(CPU_BYTES) Cpu {
	Frame frame;
	u64 trap_stack, stack;
	u64 user_r1, user_msr;
	u32 number;
	Work state;
	bool expecting, in_user;
	Trap trap;
	Seen seen;
	void (*work)(u64);
	u64 argument;
};
static_assert(sizeof(Cpu) == CPU_BYTES);
static_assert(offsetof(Cpu, frame.pc) == FRAME_PC && offsetof(Cpu, frame.msr) == FRAME_MSR &&
	      offsetof(Cpu, frame.lr) == FRAME_LR && offsetof(Cpu, frame.ctr) == FRAME_CTR &&
	      offsetof(Cpu, frame.xer) == FRAME_XER && offsetof(Cpu, frame.cr) == FRAME_CR &&
	      offsetof(Cpu, frame.dar) == FRAME_DAR && offsetof(Cpu, frame.dsisr) == FRAME_DSISR &&
	      offsetof(Cpu, frame.vector) == FRAME_VECTOR &&
	      offsetof(Cpu, frame.handler_msr) == FRAME_HANDLER_MSR);
static_assert(offsetof(Cpu, trap_stack) == CPU_TRAP_STACK && offsetof(Cpu, stack) == CPU_STACK &&
	      offsetof(Cpu, user_r1) == CPU_USER_R1 && offsetof(Cpu, user_msr) == CPU_USER_MSR);
static_assert(offsetof(Entry, msr) == ENTRY_MSR && offsetof(Entry, sprg) == ENTRY_SPRG &&
	      offsetof(Entry, dar) == ENTRY_DAR && offsetof(Entry, dec) == ENTRY_DEC &&
	      offsetof(Entry, pc) == ENTRY_PC);

/* Between start.S and the runtime. */
extern "C" {
extern Cpu probe_cpus[MAX_VCPUS];
void probe_start();
[[noreturn]] void probe_secondary(u64 number);
void probe_trap(Frame *frame);
}

/* this_cpu - by SPRG3 */
[[nodiscard]] inline Cpu &this_cpu()
{
	Cpu *cpu;

	asm volatile("mfsprg %0,3" : "=r"(cpu));
	return *cpu;
}

void read_tree(); /* runtime.cc: once, before anything prints */

} // namespace probe

#endif
