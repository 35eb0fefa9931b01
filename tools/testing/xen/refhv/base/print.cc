/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Console output: each byte goes to the uart and into a ring that sysctl readconsole reads.
 *
 * The ring keeps the newest bytes; what falls out is lost without a mark.  Under the
 * hypervisor lock, or while only one cpu runs.
 */
#include "base/print.hh"

#include "base/trace.hh"
#include "machine/cpu.hh"

namespace refhv {

namespace {

constexpr u32 ring_bytes = 8192;

constinit char ring[ring_bytes] = {};
constinit u32 ring_head = 0; /* where the next byte goes */
constinit u32 ring_used = 0;
constinit char last = '\n';
constinit bool tracing = false;

void put_digits(u64 value, u32 base)
{
	char digit[20];
	u32 n = 0;

	do {
		digit[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		put(digit[--n]);
}

} // namespace

void to_trace(bool on)
{
	tracing = on;
}

void put(char c)
{
	board::putc(c, tracing ? board::Uart::Trace : board::Uart::Console);
	if (tracing)
		return;
	last = c;
	ring[ring_head] = c;
	ring_head = (ring_head + 1) % ring_bytes;
	if (ring_used < ring_bytes)
		ring_used++;
}

void put(const char *text)
{
	while (*text)
		put(*text++);
}

void put(Hex value)
{
	put("0x");
	put_digits(value.value, 16);
}

void put_unsigned(u64 value)
{
	put_digits(value, 10);
}

void put_signed(s64 value)
{
	if (value < 0)
		put('-');
	put_digits(value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value), 10);
}

u32 read_console_ring(std::span<char> into, bool clear)
{
	const u32 count = into.size() < ring_used ? static_cast<u32>(into.size()) : ring_used;

	for (u32 i = 0; i < count; i++)
		into[i] = ring[(ring_head + ring_bytes - ring_used + i) % ring_bytes];
	if (clear)
		ring_used -= count;
	return count;
}

void finish(const char *why, bool failed)
{
	if (last != '\n')
		put('\n');
	if (failed)
		print_trace();
	print("refhv: ", failed ? "FAILED: " : "finished: ", why, "\n");
	board::power_off();
}

} // namespace refhv
