/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hypercalls of Xen/PPC: registers, and the instruction that traps.
 *
 * Number in r3, arguments in r4 to r11; the status comes back in r3, further results
 * of PAPR calls in r4 to r11 (Documentation/xen/abi-ppc.rst, "Hypercalls").  Xen keeps
 * all other registers, but those that PAPR calls volatile are treated as lost: r0, r3 to
 * r12, CTR, XER and the fields 0, 1 and 5 to 7 of CR.
 *
 * Every call destroys SRR0 and SRR1, which Linux holds live from an exception's entry
 * to its return: its note that they are valid is taken back before the trap.  After
 * the trap an event that could not be injected is left for replay.
 *
 * This is the only file of the architecture that contains the trapping instruction.
 * What a hypercall returns is data: nothing here judges it.
 */
#ifndef ARCH_POWERPC_XEN_HYPERCALL_HH
#define ARCH_POWERPC_XEN_HYPERCALL_HH

#include <type_traits>

#include <xen/hypercall_counters.h>

#include <abi/hcall.hh>

#include "paca.hh"

#ifndef __powerpc64__
/* On the build machine: @r holds r3 to r11 at the call and afterwards. */
extern "C" void xen_host_trap(xen::ppc::u64 *r);
#endif

/* Each cpu's own, by Linux's number of the cpu; hypercall_counters.cc */
extern "C" xen_hypercall_counters xen_hypercall_counts[XEN_NR_CPUS];

namespace xen::ppc {

namespace detail {

/* Where a call is counted. */
[[nodiscard]] constexpr unsigned int slot_of(XenCall call) noexcept
{
	return static_cast<unsigned int>(call) % XEN_COUNTED_CALLS;
}
[[nodiscard]] constexpr unsigned int slot_of(Papr token) noexcept
{
	return XEN_COUNTED_CALLS + static_cast<unsigned int>(token) / 4 % XEN_COUNTED_OTHERS;
}

/*
 * A load and a store, as an atomic addition costs more than all else around the call.  What
 * is counted in the same slot between the two is lost: calls of an interrupt, or, where the
 * kernel preempts and the caller may be preempted, those of others on that cpu until the
 * caller goes on.  The hooks of faults and flushes run with interrupts masked and lose none.
 * In real mode it works because the counters are in the kernel image.
 */
[[gnu::always_inline]] inline void count(unsigned int slot) noexcept
{
	volatile unsigned long &made =
		xen_hypercall_counts[paca::load<u16>(XEN_PACA_INDEX)].made[slot];

	made = made + 1;
}

template <class T> [[nodiscard, gnu::always_inline]] inline u64 word(T value) noexcept
{
	static_assert(sizeof(T) <= sizeof(u64) && !std::is_pointer_v<T>,
		      "Xen reads no pointers: pass a xencomm handle");
	if constexpr (std::is_enum_v<T>)
		return static_cast<u64>(static_cast<std::underlying_type_t<T>>(value));
	else
		return static_cast<u64>(value);
}

#ifdef __powerpc64__

static_assert(trap_word == 0x44000022);

#define XEN_TRAP(...)                                                                          \
	asm volatile("li 0,0\n\tstb 0,%c[valid](13)\n\t.long 0x44000022"                       \
		     : "=r"(r3), "=r"(r4), "=r"(r5), "=r"(r6), "=r"(r7), "=r"(r8), "=r"(r9),   \
		       "=r"(r10), "=r"(r11)                                                    \
		     : [valid] "i"(XEN_PACA_SRR_VALID), __VA_ARGS__                            \
		     : "r0", "r12", "ctr", "xer", "cr0", "cr1", "cr5", "cr6", "cr7", "memory")

/* @w: r3 and the arguments; @out: where r4 and the next registers go. */
template <unsigned int In, unsigned int Out>
[[gnu::always_inline]] inline s64 trap(const u64 *w, u64 *out) noexcept
{
	static_assert(In <= max_arguments && Out <= max_arguments);
	register u64 r3 asm("r3");
	register u64 r4 asm("r4");
	register u64 r5 asm("r5");
	register u64 r6 asm("r6");
	register u64 r7 asm("r7");
	register u64 r8 asm("r8");
	register u64 r9 asm("r9");
	register u64 r10 asm("r10");
	register u64 r11 asm("r11");

	if constexpr (In == 0)
		XEN_TRAP("0"(w[0]));
	else if constexpr (In == 1)
		XEN_TRAP("0"(w[0]), "1"(w[1]));
	else if constexpr (In == 2)
		XEN_TRAP("0"(w[0]), "1"(w[1]), "2"(w[2]));
	else if constexpr (In == 3)
		XEN_TRAP("0"(w[0]), "1"(w[1]), "2"(w[2]), "3"(w[3]));
	else if constexpr (In == 4)
		XEN_TRAP("0"(w[0]), "1"(w[1]), "2"(w[2]), "3"(w[3]), "4"(w[4]));
	else
		XEN_TRAP("0"(w[0]), "1"(w[1]), "2"(w[2]), "3"(w[3]), "4"(w[4]),
			 "5"(In > 4 ? w[5] : 0), "6"(In > 5 ? w[6] : 0), "7"(In > 6 ? w[7] : 0),
			 "8"(In > 7 ? w[8] : 0));

	const u64 result[] = {r4, r5, r6, r7, r8, r9, r10, r11};

	for (unsigned int i = 0; i < Out; ++i)
		out[i] = result[i];
	return static_cast<s64>(r3);
}

#undef XEN_TRAP

#else

template <unsigned int In, unsigned int Out> inline s64 trap(const u64 *w, u64 *out) noexcept
{
	u64 r[1 + max_arguments] = {};

	for (unsigned int i = 0; i <= In; ++i)
		r[i] = w[i];
	paca::store<u8>(XEN_PACA_SRR_VALID, 0);
	xen_host_trap(r);
	for (unsigned int i = 0; i < Out; ++i)
		out[i] = r[1 + i];
	return static_cast<s64>(r[0]);
}

#endif

} // namespace detail

/* A PAPR call's answer: a code of namespace h, and the registers from r4 up. */
template <unsigned int Out> struct PaprAnswer {
	s64 code;
	u64 out[Out];
};
template <> struct PaprAnswer<0> {
	s64 code;
};

/**
 * papr - make a PAPR call
 * @Out: how many result registers, from r4, the caller wants
 * @token: which call
 * @args: up to eight words for r4 to r11, never pointers
 *
 * Context: any, real mode included, as the call itself allows; not before r13 is set.
 */
template <unsigned int Out = 0, class... Args>
[[nodiscard, gnu::always_inline]] inline PaprAnswer<Out> papr(Papr token, Args... args) noexcept
{
	const u64 words[] = {detail::word(token), detail::word(args)...};
	PaprAnswer<Out> answer;

	detail::count(detail::slot_of(token));
	if constexpr (Out == 0)
		answer.code = detail::trap<sizeof...(Args), 0>(words, nullptr);
	else
		answer.code = detail::trap<sizeof...(Args), Out>(words, answer.out);
	paca::replay_pending();
	return answer;
}

/**
 * xen_call - make a call of Xen's
 * @call: which call
 * @args: up to eight words: numbers, or xencomm handles where the ABI has pointers
 *
 * Xen may restart a long call, and interrupts are then taken in the middle of it.
 *
 * Context: any, real mode included, as the call itself allows; not before r13 is set.
 *
 * Return: what Xen returned: a negative errno, or the call's own result.
 */
template <class... Args>
[[nodiscard, gnu::always_inline]] inline s64 xen_call(XenCall call, Args... args) noexcept
{
	const u64 words[] = {xen_mark | detail::word(call), detail::word(args)...};

	detail::count(detail::slot_of(call));

	const s64 status = detail::trap<sizeof...(Args), 0>(words, nullptr);

	paca::replay_pending();
	return status;
}

} // namespace xen::ppc

#endif
