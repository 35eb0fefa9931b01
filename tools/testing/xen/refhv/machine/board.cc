/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What hangs on chip 0's LPC bus: uarts, clock, power.
 *
 * The first uart is the console.  Its interrupt goes through PSI to a core's ICP.  A full
 * input buffer switches it off until it has been read: QEMU then holds the bytes back,
 * none is lost.  Other external interrupts do not exist: nothing else is ever routed to
 * an ICP.  The second uart, which QEMU has for a second -serial, takes the trace.
 *
 * Core 0 alone, or under the hypervisor lock: an access to the bus takes two steps.
 */
#include "machine/core.hh"

namespace refhv::board {

namespace {

/* One ordered access of sizeof(T) bytes at a real address. */
template <class T> T read(u64 at)
{
	const T value = *reinterpret_cast<volatile T *>(at);

	asm volatile("sync" : : : "memory");
	return value;
}

template <class T> void write(u64 at, T value)
{
	*reinterpret_cast<volatile T *>(at) = value;
	asm volatile("sync" : : : "memory");
}

/* A register's number is split: its low four bits count doublewords, the others 256 bytes. */
constexpr u64 xscom(u64 number)
{
	return 0x3fc0000000000 + ((number & ~0xful) << 4 | (number & 0xf) << 3);
}

/* PSI: the bus's interrupts are source 0x15, priority 5. */
constexpr u64 psi_irsn = xscom(0x201091b), psi_xivr_ext = xscom(0x201091a);
constexpr u64 psi_sources = 0x10ul << 45 | 0x300000000;
constexpr u64 psi_priority_source = 5ul << 32 | 5ul << 29;

constexpr u64 icp_base = 0x3ffff80000000, icp_xirr = 4; /* its first byte is the CPPR */

/* The bridge to the bus.  Control word: magic, one byte, direction, address. */
constexpr u64 eccb = xscom(0xb0020);
constexpr u64 eccb_control = eccb, eccb_status = eccb + 0x10, eccb_data = eccb + 0x18;
constexpr u64 command_byte = 0xd000000000000000 | 1ul << 56, command_read = 1ul << 48;
constexpr u64 io_space = 0xd0010000;
constexpr u64 data_byte = 50; /* status: 32 bits of data below the top 6, the byte first */

void out(u32 port, u8 value)
{
	write<u64>(eccb_data, static_cast<u64>(value) << 56);
	write<u64>(eccb_control, command_byte | (io_space + port));
}

u8 in(u32 port)
{
	write<u64>(eccb_control, command_byte | command_read | (io_space + port));
	return static_cast<u8>(read<u64>(eccb_status) >> data_byte);
}

/* 16550: registers, and the bits that matter. */
constexpr u32 com1 = 0x3f8, com2 = 0x2f8;
constexpr u32 interrupt_enable = 1, modem_control = 4, line_status = 5, scratch = 7;
constexpr u8 line_ready = 1, line_room = 0x20, pattern = 0x5a;
constexpr u8 modem_interrupt = 0xb; /* DTR, RTS, OUT2: the last gates the interrupt */

struct Input {
	char byte[256];
	u32 first, count;
};

constinit Input input;
constinit u32 trace_uart = com1;

u64 icp(u32 cpu)
{
	return icp_base + (smp::pir(cpu) << 12);
}

void fetch()
{
	while (input.count < sizeof(input.byte) && in(com1 + line_status) & line_ready) {
		const u32 end = (input.first + input.count++) % sizeof(input.byte);

		input.byte[end] = static_cast<char>(in(com1));
	}
}

/* MC146818, as QEMU sets it: 24 hours, two decimal digits. */
u64 rtc(u8 index)
{
	out(0x70, index);

	const u8 digits = in(0x71);

	return (digits >> 4) * 10ul + (digits & 15);
}

/* Counted in years that begin with March, so that the odd day is the last one. */
u64 days_since_1970(u64 year, u64 month, u64 day)
{
	const u64 y = month > 2 ? year : year - 1;
	const u64 m = (month + 9) % 12;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719468;
}

/* IPMI block transfer to the management controller. */
constexpr u32 bt_control = 0xe4, bt_data = 0xe5;
constexpr u8 bt_clear_write = 0x01, bt_attention = 0x04;
/* Bytes that follow, netfn chassis, sequence, chassis control, off. */
constexpr u8 power_off_message[] = {4, 0, 1, 2, 0};

} // namespace

void init(u32 cpu)
{
	const u64 server = smp::pir(cpu) << 2;

	write<u64>(psi_irsn, psi_sources);
	write<u64>(psi_xivr_ext, server << 40 | psi_priority_source);
	write<u8>(icp(cpu) + icp_xirr, 0xff);
	out(com1 + modem_control, modem_interrupt);
	out(com1 + interrupt_enable, 1);
	out(com2 + scratch, pattern);
	if (in(com2 + scratch) == pattern)
		trace_uart = com2;
}

bool serve_interrupt()
{
	const u64 at = icp(cpu::number()) + icp_xirr;
	const u32 source = read<u32>(at), before = input.count;

	if (!(source & 0xffffff))
		return false;
	fetch();
	if (input.count == sizeof(input.byte))
		out(com1 + interrupt_enable, 0);
	write<u32>(at, source);
	return input.count != before;
}

void putc(char c, Uart to)
{
	const u32 uart = to == Uart::Trace ? trace_uart : com1;

	while (!(in(uart + line_status) & line_room))
		cpu::relax();
	out(uart, static_cast<u8>(c));
}

int getc()
{
	if (!input.count) {
		fetch();
		out(com1 + interrupt_enable, 1);
	}
	if (!input.count)
		return -1;

	const char c = input.byte[input.first];

	input.first = (input.first + 1) % sizeof(input.byte);
	input.count--;
	return static_cast<u8>(c);
}

u64 rtc_seconds()
{
	u64 second, minute, hour, day, month, year;

	/* The same second before and after: all of it is one moment. */
	do {
		second = rtc(0);
		minute = rtc(2);
		hour = rtc(4);
		day = rtc(7);
		month = rtc(8);
		year = rtc(0x32) * 100 + rtc(9);
	} while (rtc(0) != second);

	if (year < 1970 || month < 1 || month > 12)
		return 0;
	return ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

void power_off()
{
	out(bt_control, bt_clear_write);
	for (const u8 byte : power_off_message)
		out(bt_data, byte);
	out(bt_control, bt_attention);
	for (;;) /* the controller takes its time */
		cpu::relax();
}

} // namespace refhv::board
