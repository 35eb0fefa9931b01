/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-cpu data of this cpu, by the segment register.
 *
 * Symbols are defined by DEFINE_PER_CPU in glue files and declared extern "C"
 * where they are used; their "address" is an offset into the per-cpu area, so
 * they must never be touched but through these functions.
 *
 * Every access is one instruction and therefore atomic against interrupts of
 * this cpu.  Nothing here keeps the task from moving to another cpu: this_ptr()
 * wants interrupts or preemption off, and says so.
 */
#ifndef ARCH_X86_XEN_PERCPU_HH
#define ARCH_X86_XEN_PERCPU_HH

#include <cstdint>
#include <type_traits>

#ifdef CONFIG_SMP
#define XEN_PERCPU_SEG "%%gs:"
#else
#define XEN_PERCPU_SEG ""
#endif

extern "C" const unsigned long this_cpu_off;

namespace xen::percpu {

/** read - load a byte or a word of this cpu's copy of @symbol; a compiler barrier to no one. */
template <class T>
[[nodiscard, gnu::always_inline]] inline T read(const T &symbol) noexcept
{
	static_assert(sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8);
	T value;

	if constexpr (sizeof(T) == 1)
		asm volatile("movb " XEN_PERCPU_SEG "%1, %0" : "=q"(value) : "m"(symbol));
	else if constexpr (sizeof(T) == 4)
		asm volatile("movl " XEN_PERCPU_SEG "%1, %0" : "=r"(value) : "m"(symbol));
	else
		asm volatile("movq " XEN_PERCPU_SEG "%1, %0" : "=r"(value) : "m"(symbol));
	return value;
}

/** is_zero - test a byte in place; leaves every register alone. */
template <class Byte>
	requires(sizeof(Byte) == 1)
[[nodiscard, gnu::always_inline]] inline bool is_zero(const Byte &symbol) noexcept
{
	bool zero;

	asm volatile("cmpb $0, " XEN_PERCPU_SEG "%1" : "=@ccz"(zero) : "m"(symbol));
	return zero;
}

/** write - store a byte constant to this cpu's copy of @symbol. */
template <std::uint8_t Value, class Byte>
	requires(sizeof(Byte) == 1)
[[gnu::always_inline]] inline void write(Byte &symbol) noexcept
{
	asm volatile("movb %1, " XEN_PERCPU_SEG "%0" : "=m"(symbol) : "i"(Value));
}

/** increment - add one to a word-sized counter; safe against interrupts of this cpu. */
[[gnu::always_inline]] inline void increment(unsigned long &symbol) noexcept
{
	asm volatile("incq " XEN_PERCPU_SEG "%0" : "+m"(symbol) : : "cc");
}

/**
 * this_ptr - an ordinary pointer to this cpu's copy of @symbol
 *
 * Context: preemption or interrupts off for as long as the pointer is used.
 */
template <class T>
[[nodiscard, gnu::always_inline]] inline T *this_ptr(T &symbol) noexcept
{
#ifdef CONFIG_SMP
	T *pointer = &symbol;

	asm("addq " XEN_PERCPU_SEG "%1, %0" : "+r"(pointer) : "m"(this_cpu_off) : "cc");
	return pointer;
#else
	return &symbol;
#endif
}

} // namespace xen::percpu

#endif
