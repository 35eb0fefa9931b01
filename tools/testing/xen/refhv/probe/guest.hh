/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The runtime of the probes: a bare big-endian guest that asks for no more than the ABI
 * promises, so that it runs on the historical hypervisor too.
 *
 * It lives at guest-physical 0, in real mode; translated and problem state are entered
 * for the length of one function (mmu.hh).  Vcpu 0 prints; the others leave what they saw
 * in memory.  A fact is one line "name: value"; every wait has a limit, and an event that
 * does not come is the fact "lost".  Every group of facts leaves EE off, the decrementer
 * far away, and no mapping, port or grant behind.
 */
#ifndef PROBE_GUEST_HH
#define PROBE_GUEST_HH

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <abi/hcall.hh>
#include <abi/shared_info.hh>
#include <abi/xencomm.hh>

#include "probe/tree.hh"

namespace probe {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s32 = std::int32_t;
using s64 = std::int64_t;
using xen::Be;
namespace abi = xen::ppc;

inline constexpr u64 page_bytes = 4096;

/* ---- Start ---- */

/* What the first instruction found, and DEC a second time some instructions later. */
struct Entry {
	u64 gpr[32];
	u64 msr, lr, ctr, xer, cr, sprg[4], dar;
	u64 dec[2];
	u64 pc;
};
extern "C" Entry probe_entry, probe_secondary_entry; /* vcpu 0; the one started last */

[[nodiscard]] bool of_start();	  /* r5 was not 0: OF client interface; else a flat tree */
[[nodiscard]] bool direct_mode(); /* /xen has p2m-table */
[[nodiscard]] bool has(const char *feature); /* a string of /xen "features" (abi/tree.hh) */
[[nodiscard]] bool historical();	     /* no feature at all is announced */
[[nodiscard]] const char *bootargs();	     /* "" if none */
[[nodiscard]] bool option(const char *word); /* bootargs have this blank-separated word */
[[nodiscard]] tree::Node cpu_node();	     /* the boot cpu's */
[[nodiscard]] bool pool_was_zero();	     /* memory of pages() not yet given out is clear */
[[nodiscard]] u32 vcpus();		     /* that vcpu_op is_up knows */

/* ---- Output: vcpu 0 only, EE as it is ---- */

struct Hex {
	u64 value;
};
constexpr Hex hex(u64 value)
{
	return {value};
} /* 0x1f */
struct XenResult {
	s64 value;
};
constexpr XenResult xen_result(s64 value)
{
	return {value};
} /* 0, 17, -EFAULT, -1234 */
struct PaprResult {
	s64 value;
};
constexpr PaprResult papr_result(s64 value)
{
	return {value};
} /* H_Success, H_Parameter, -99 */

void put(char c); /* into the line; a newline sends it through console_io */
void put(const char *text);
void put(Hex value);
void put(XenResult value);
void put(PaprResult value);
inline void put(bool value)
{
	put(value ? "yes" : "no");
}
void put_unsigned(u64 value);
void put_signed(s64 value);
template <std::integral T> void put(T value)
{
	if constexpr (std::signed_integral<T>)
		put_signed(value);
	else
		put_unsigned(value);
}

/* fact - one line "name: values"; @name: words joined by '.', unique; values as put() has them */
template <class... T> void fact(const char *name, T... value)
{
	put(name);
	put(": ");
	(put(value), ...);
	put('\n');
}
/* absent - the fact needs a feature that is not announced: "name: absent" */
inline void absent(const char *name)
{
	fact(name, "absent");
}
/* info - "info name: values": a figure that nobody compares */
template <class... T> void info(const char *name, T... value)
{
	put("info ");
	fact(name, value...);
}
/* fail - the probe itself cannot go on: "probe: FAILED: why value", then the domain crashes */
[[noreturn]] void fail(const char *why, u64 value = 0);

/* ---- Hypercalls (ABI 3) ---- */

/* r3 .. r11, in and out. */
struct Regs {
	u64 r3, r4, r5, r6, r7, r8, r9, r10, r11;
};
extern "C" void probe_sc1(Regs *regs); /* the raw instruction */
/* More of start.S, for the facts about calls; see there. */
struct AllRegs {
	u64 gpr[32], lr, ctr, xer, cr; /* gpr[1] is not used */
};
extern "C" {
void probe_sc1_all(AllRegs *regs);
u64 probe_sc1_reservation(u64 *word, u64 number);
void probe_sc1_srr(u64 *srr, u64 number);
u64 probe_watch_srr(u64 *srr, u64 ticks);
}

/* xen_call - r3 of Xen's call @number, e.g. xen_call(abi::XenCall::SchedOp, 0) */
s64 xen_call(u32 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0);
inline s64 xen_call(abi::XenCall number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0)
{
	return xen_call(static_cast<u32>(number), a, b, c, d, e);
}
/* papr - a PAPR call; r3 of the result is its H_ code, the outputs are in r4.. */
[[nodiscard]] Regs papr(u64 token, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0);
[[nodiscard]] inline Regs papr(abi::Papr token, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0)
{
	return papr(static_cast<u64>(token), a, b, c, d);
}

/* ---- Memory ---- */

/* page, pages - cleared, page aligned RMA memory for good; fails the probe when there is no more */
[[nodiscard]] u8 *page();
[[nodiscard]] u8 *pages(u64 count);
[[nodiscard]] u64 rma_bytes();
[[nodiscard]] u64 memory_bytes(); /* of all memory nodes */
/* high_pfn - pfn @index counted from the end of the RMA; all ones beyond memory */
[[nodiscard]] u64 high_pfn(u64 index);
[[nodiscard]] u64 pfn_of(const volatile void *at); /* at: RMA memory */
/* frame_number - what hypercalls take for pfn: itself, or p2m[pfn] (direct; all ones: invalid) */
[[nodiscard]] u64 frame_number(u64 pfn);
void set_frame_number(u64 pfn, u64 number); /* direct: write the p2m; translated: nothing */
/* address_of - what xencomm takes for RMA memory at @at: guest-physical or machine address */
[[nodiscard]] u64 address_of(const volatile void *at);
[[nodiscard]] volatile abi::SharedInfo &shared_info();
void fill(void *at, u8 byte, u64 bytes);
[[nodiscard]] bool same(const void *a, const void *b, u64 bytes);
[[nodiscard]] bool same(const char *a, const char *b);
[[nodiscard]] u64 length(const char *text);

/* ---- xencomm handles (ABI 8) ---- */

[[nodiscard]] inline u64 inline_handle(const volatile void *at)
{
	return abi::inline_flag | address_of(at);
}
/*
 * descriptor_at - write a descriptor at @where (8-aligned RMA memory) with @count addresses
 * as given; the handle is address_of(where)
 */
u64 descriptor_at(void *where, const u64 *address, u32 count);
/* describe - a descriptor in a page of its own for @bytes at @at (RMA memory) */
[[nodiscard]] u64 describe(const volatile void *at, u64 bytes);

/* ---- Time (ABI 6) ---- */

[[nodiscard]] inline u64 timebase()
{
	u64 value;

	asm volatile("mftb %0" : "=r"(value)::"memory");
	return value;
}
[[nodiscard]] u64 timebase_hz(); /* from the cpu node */
[[nodiscard]] u64 xen_ns();	 /* timebase * floor(1e9 / Hz) */
[[nodiscard]] u64 ticks_of_us(u64 us);
/* dec - sign-extended from 32 bits */
[[nodiscard]] inline s64 dec()
{
	u64 value;

	asm volatile("mfdec %0" : "=r"(value)::"memory");
	return static_cast<s32>(static_cast<u32>(value));
}
inline void set_dec(s64 ticks)
{
	asm volatile("mtdec %0" ::"r"(ticks) : "memory");
}
inline constexpr s64 dec_never = 0x7fffffff;
void spin_us(u64 us);
/* wait_until - poll @done() for @ms at most; true if it came */
template <class F> [[nodiscard]] bool wait_until(F done, u64 ms)
{
	const u64 end = timebase() + ticks_of_us(ms * 1000);

	while (!done())
		if (timebase() > end)
			return done();
	return true;
}

/* ---- MSR and traps ---- */

namespace msr {
inline constexpr u64 sf = u64{1} << 63, vmx = u64{1} << 25, ee = 0x8000, pr = 0x4000, fp = 0x2000,
		     me = 0x1000, ir = 0x20, dr = 0x10, ri = 2;
}
[[nodiscard]] inline u64 get_msr()
{
	u64 value;

	asm volatile("mfmsr %0" : "=r"(value));
	return value;
}
/* set_msr - RI must be on whenever EE is */
inline void set_msr(u64 value)
{
	asm volatile("mtmsrd %0; isync" ::"r"(value) : "memory");
}
inline void ee_on()
{
	set_msr(get_msr() | msr::ee | msr::ri);
}
inline void ee_off()
{
	set_msr((get_msr() & ~msr::ee) | msr::ri);
}

/* The interrupted context, as the vector saved it; changes are restored. */
struct Frame {
	u64 gpr[32];
	u64 pc, msr; /* SRR0, SRR1 */
	u64 lr, ctr, xer, cr, dar, dsisr;
	u64 vector;
	u64 handler_msr; /* MSR with which the vector was entered */
};

/* on_trap - @handler for @vector (0x300, 0x500, 0x900, ...) on all vcpus; null: the default.
 * Handlers run in real mode, EE off, on a stack of their own. */
using Handler = void (*)(Frame &);
void on_trap(u32 vector, Handler handler);

/* What a vcpu saw of its asynchronous traps with the default handlers. */
struct Seen {
	u64 upcalls, decrements; /* 0x500, 0x900 taken */
	u64 upcall_srr0, upcall_srr1, upcall_msr;
	u64 upcall_timebase, decrement_timebase;
};
[[nodiscard]] volatile Seen &seen(u32 vcpu);
/* The default 0x500 handler clears the upcall byte, swaps the selector and counts per port. */
[[nodiscard]] volatile u32 &events(u32 port); /* how often @port was found pending, all vcpus */
void scan_events(u32 vcpu);		      /* the same by hand, for polling with EE off */

/* A synchronous trap that was asked for. */
struct Trap {
	u32 vector; /* 0: none came */
	u64 pc, srr1, dar, dsisr;
	explicit operator bool() const { return vector != 0; }
};
void begin_expecting();
[[nodiscard]] Trap end_expecting();
/*
 * trapped - run @f; the first synchronous trap in it is recorded and its instruction skipped
 * (0x400, 0x480: return to LR).  Any other trap, or one that nobody expects, fails the probe.
 */
template <class F> [[nodiscard]] Trap trapped(F f)
{
	begin_expecting();
	f();
	return end_expecting();
}
[[nodiscard]] Trap load(u64 ea, u64 &value); /* one 8-byte load, as MSR[DR] says */
[[nodiscard]] Trap store(u64 ea, u64 value);

/* ---- Other vcpus (ABI 7) ---- */

[[nodiscard]] u32 this_vcpu();
/*
 * on_vcpu - run @work(@argument) on vcpu @number >= 1: initialise at the first time, then up.
 * Return: of the calls, 0 or what failed.  It goes down by itself when work returns; work
 * must not print.
 */
[[nodiscard]] s64 on_vcpu(u32 number, void (*work)(u64), u64 argument);
[[nodiscard]] bool vcpu_done(u32 number,
			     u64 ms); /* wait for its work's end; false: still running */

/* ---- Random numbers: xorshift, always the same row ---- */

struct Random {
	u64 state = 0x9e3779b97f4a7c15;
	u64 next()
	{
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		return state;
	}
	u64 below(u64 limit) { return next() % limit; }
};

/* ---- Ends ---- */

[[noreturn]] void power_off(); /* sched_op shutdown, reason 0 */

/* probe_main - each binary has its own; the runtime calls it on vcpu 0, then powers off */
void probe_main();

} // namespace probe

#endif
