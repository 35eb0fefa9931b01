/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rest of refhv asks of the processor and the board.
 *
 * machine/ implements it for QEMU's powernv8; the host tests bring a fake.  Nothing
 * outside machine/ knows a special-purpose register.
 */
#ifndef REFHV_CPU_HH
#define REFHV_CPU_HH

#include "base/types.hh"
#include "machine/regs.hh"

namespace refhv {

struct Domain;
struct Vcpu;

namespace cpu {

void init();		    /* machine/ only: this core, before it may nap */
[[nodiscard]] u32 number(); /* this core, from 0 */
[[nodiscard]] u32 online(); /* cores that came up */
[[nodiscard]] u64 timebase();
[[nodiscard]] u64 timebase_hz(); /* from the machine's tree */
[[nodiscard]] s64 decrementer(); /* the guest's DEC on this core, in ticks */
void set_decrementer(s64 ticks);
void set_hypervisor_decrementer(u64 ticks); /* HDEC of this core: refhv's tick */
void kick(u32 cpu);	     /* @cpu enters refhv as soon as its guest has EE=1; wakes a nap */
void nap();		     /* sleep until DEC, device interrupt or kick; lock NOT held */
void relax();		     /* one turn of a busy-wait */
void flush_tlb(u64 va_bits); /* one tlbie and its syncs: every core drops the translation */
void sync_icache(MachAddr at, u64 bytes);
/* load_context - this core for @dom: LPCR, RMOR, LPIDR, SDR1, HFSCR; flushes SLB and TLB */
void load_context(const Domain &dom);
void set_pmu(bool on);		    /* H_PERFMON */
void set_dabr(u64 dabr, u64 dabrx); /* this core */
void set_srr(u64 srr0, u64 srr1);   /* the guest's SRR0/1 on this core */

} // namespace cpu

namespace board {

/* Trace: the second uart if the machine has one (from init() on), else the console's. */
enum class Uart : u8 { Console, Trace };

void init(u32 cpu); /* received bytes interrupt core @cpu (external, 0x500) from now on */
void putc(char c, Uart to = Uart::Console); /* waits for room */
[[nodiscard]] int getc();		    /* a byte that the console received, or -1 */
/* serve_interrupt - an external one of this core; true: there is something new for getc */
[[nodiscard]] bool serve_interrupt();
[[nodiscard]] u64 rtc_seconds(); /* the clock now, seconds since 1970; 0 if unknown */
[[noreturn]] void power_off();

} // namespace board

} // namespace refhv

#endif
