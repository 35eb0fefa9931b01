/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hypercalls of x86-64: registers, and the call behind which the trap is.
 *
 * Number in rax, arguments in rdi, rsi, rdx, r10, r8; the result comes back in
 * rax and the argument registers are lost (public/arch-x86/xen-x86_64.h).
 * The instruction itself is in assembly behind Linux's static call
 * xen_hypercall, which boot code points at the right one for the processor, and
 * whose call sites objtool lists.  There is no hypercall page (XSA-466).  This is
 * the only C++ file of the architecture that enters Xen.
 *
 * What a hypercall returns is data: nothing here judges it.
 */
#ifndef ARCH_X86_XEN_HYPERCALL_HH
#define ARCH_X86_XEN_HYPERCALL_HH

#include <type_traits>

#include <xen/hypercall_counters.h>
#include <xen/core/abi.hh>
#include <xen/core/batch_backend.hh>

#include "percpu.hh"

/* Per cpu; hypercall_counters_glue.c */
extern "C" xen_hypercall_counters xen_hypercall_counts;

/*
 * An operand of every asm that calls: it makes the compiler set up the frame
 * first, where frames are used.
 */
register unsigned long stack_pointer asm("rsp");

namespace xen {

namespace detail {

template <class T> [[gnu::always_inline]] inline unsigned long hypercall_word(T value) noexcept
{
	static_assert(sizeof(T) <= sizeof(unsigned long));
	if constexpr (std::is_null_pointer_v<T>)
		return 0;
	else if constexpr (std::is_pointer_v<T>)
		return reinterpret_cast<unsigned long>(value);
	else
		return static_cast<unsigned long>(value);
}

#define XEN_ENTER(...)                                                                         \
	asm volatile(".global __SCK__xen_hypercall\n\tcall __SCT__xen_hypercall"               \
		     : "=a"(result), "+r"(stack_pointer) __VA_ARGS__

template <unsigned int N>
[[gnu::always_inline]] inline long enter(unsigned long op, const unsigned long *word) noexcept
{
	static_assert(N >= 1 && N <= 5);
	percpu::increment(xen_hypercall_counts.made[op % XEN_COUNTED_CALLS]);

	// Loads first: with sanitizers a load is a call, which must not come between
	// the assignments to registers.
	const unsigned long w1 = word[0];
	const unsigned long w2 = N > 1 ? word[1] : 0;
	const unsigned long w3 = N > 2 ? word[2] : 0;
	const unsigned long w4 = N > 3 ? word[3] : 0;
	const unsigned long w5 = N > 4 ? word[4] : 0;
	register unsigned long a1 asm("rdi") = w1;
	register unsigned long a2 asm("rsi") = w2;
	register unsigned long a3 asm("rdx") = w3;
	register unsigned long a4 asm("r10") = w4;
	register unsigned long a5 asm("r8") = w5;
	long result;

	if constexpr (N == 1)
		XEN_ENTER(, "+r"(a1)) : "a"(op) : "memory", "rsi", "rdx", "r10", "r8");
	else if constexpr (N == 2)
		XEN_ENTER(, "+r"(a1), "+r"(a2)) : "a"(op) : "memory", "rdx", "r10", "r8");
	else if constexpr (N == 3)
		XEN_ENTER(, "+r"(a1), "+r"(a2), "+r"(a3)) : "a"(op) : "memory", "r10", "r8");
	else if constexpr (N == 4)
		XEN_ENTER(, "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4)) : "a"(op) : "memory", "r8");
	else
		XEN_ENTER(, "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5)) : "a"(op) : "memory");
	return result;
}

#undef XEN_ENTER

} // namespace detail

/**
 * hypercall - enter Xen
 * @call: which hypercall
 * @args: one to five words, numbers or pointers, in the order of the ABI
 *
 * Context: any, as the hypercall itself allows; usable with instrumentation off.
 *
 * Return: what Xen returned: a negative errno, or the call's own result.
 */
template <class... Args>
[[nodiscard, gnu::always_inline]] inline long hypercall(Hypercall call, Args... args) noexcept
{
	const unsigned long word[] = {detail::hypercall_word(args)...};

	return detail::enter<sizeof...(Args)>(number_of(call), word);
}

/* The way into Xen for multicall batches. */
struct Trap {
	[[gnu::always_inline]] long call(unsigned long op, const unsigned long *args) noexcept
	{
		return detail::enter<5>(op, args);
	}

	[[gnu::always_inline]] long multicall(MulticallEntry *list, unsigned int n) noexcept
	{
		return hypercall(Hypercall::Multicall, list, n);
	}
};

static_assert(HypercallBackend<Trap>);

} // namespace xen

#endif
