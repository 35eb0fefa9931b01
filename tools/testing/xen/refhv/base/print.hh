/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Type-safe printing to refhv's console and to its ring (sysctl readconsole).
 *
 *	print("H_ENTER: slot ", slot, " of ", hex(limit), "\n");
 *
 * Integers print in decimal, hex(x) in hexadecimal with 0x, strings as they are.  A line
 * of refhv begins with "refhv: " by convention.  Needs no lock of its own: the
 * hypervisor lock is held, or only one cpu runs.
 */
#ifndef REFHV_PRINT_HH
#define REFHV_PRINT_HH

#include <concepts>
#include <span>

#include "base/types.hh"

namespace refhv {

struct Hex {
	u64 value;
};
constexpr Hex hex(u64 value)
{
	return Hex{value};
}

void to_trace(bool on); /* on: from now on all bytes go to the trace's uart, and to no ring */
void put(char c);	/* one byte to the uart and into the ring */
void put(const char *text);
void put(Hex value);
void put_unsigned(u64 value);
void put_signed(s64 value);
inline void put(bool value)
{
	put(value ? "yes" : "no");
}
template <std::integral T> void put(T value)
{
	if constexpr (std::signed_integral<T>)
		put_signed(value);
	else
		put_unsigned(value);
}

template <class... T> void print(T... what)
{
	(put(what), ...);
}

/*
 * The console ring, as sysctl readconsole wants it: copies at most @room bytes, oldest
 * first, and forgets them if @clear.
 */
[[nodiscard]] u32 read_console_ring(std::span<char> into, bool clear);

/* What the last lines of a run say; the harness looks for these. */
[[noreturn]] void finish(const char *why, bool failed);

} // namespace refhv

#endif
