// SPDX-License-Identifier: GPL-2.0
/*
 * The hypervisor's console: for early messages and for Linux's hvc console.
 *
 * Nothing in this file reports an error of console_io by a message, because the message
 * would come back here: a refusal is returned where there is somebody to take it, and
 * the hypervisor's own log has it.  No lock is taken and nothing is allocated.
 */
#include <abi/console.hh>

#include "boot_glue.h"
#include "calls_glue.h"
#include "hypercall.hh"
#include "xencomm.hh"

using namespace xen::ppc;
using xen::err::fault;
using xen::err::inval;
using xen::err::io;
using xen::err::nosys;

namespace {

static_assert(console_write_piece < console_read_max);

/*
 * Longer writes go out in pieces: the historical hypervisor spoils the handle of one.  Nor
 * does a piece cross a page, because the next one may be anywhere in the machine.
 */
u64 piece_of(const char *text, u64 bytes) noexcept
{
	const u64 rest = page_size - (reinterpret_cast<u64>(text) & (page_size - 1));
	const u64 most = rest < console_write_piece ? rest : u64{console_write_piece};

	return bytes < most ? bytes : most;
}

s64 write_linear(const char *text, u64 bytes) noexcept
{
	s64 status = 0;

	while (bytes != 0 && status >= 0) {
		const u64 piece = piece_of(text, bytes);

		status = xen_call(XenCall::ConsoleIo, ConsoleOp::Write, piece, inline_handle(text));
		text += piece;
		bytes -= piece;
	}
	return status;
}

/* Text outside of the linear region goes through the stack. */
s64 write_mapped(const char *text, u64 bytes) noexcept
{
	char copy[console_write_piece];
	s64 status = 0;

	while (bytes != 0 && status >= 0) {
		const u64 piece = piece_of(text, bytes);

		__builtin_memcpy(copy, text, piece);
		status = write_linear(copy, piece);
		text += piece;
		bytes -= piece;
	}
	return status;
}

/* The count is checked: it becomes an index in Linux. */
s64 read(char *buffer, u64 bytes) noexcept
{
	char copy[console_read_max];
	const u64 offset = reinterpret_cast<u64>(buffer) & (page_size - 1);
	const bool direct = region_of(buffer) == Region::Linear && bytes <= page_size - offset;
	const u64 wanted = direct || bytes < sizeof(copy) ? bytes : sizeof(copy);
	const s64 got = xen_call(XenCall::ConsoleIo, ConsoleOp::Read, wanted,
				 inline_handle(direct ? buffer : copy));

	if (got > static_cast<s64>(wanted))
		return io.to_linux();
	if (!direct && got > 0)
		__builtin_memcpy(buffer, copy, static_cast<u64>(got));
	return got;
}

} // namespace

/**
 * xen_console_write - put text on the hypervisor's console
 * @text: in the linear region; need not end with a zero
 * @bytes: any count
 *
 * Nobody can be told of an error here, because telling is what failed.
 *
 * Context: any, real mode included, once r13 is set.
 */
void xen_console_write(const char *text, unsigned int bytes) noexcept
{
	static_cast<void>(write_linear(text, bytes));
}

/**
 * HYPERVISOR_console_io - read from or write to the hypervisor's console
 * @cmd: a ConsoleOp
 * @count: bytes of @str
 *
 * Context: any with address translation on; does not sleep.
 *
 * Return: 0 for a write, the number of bytes for a read, else a negative errno.
 */
int HYPERVISOR_console_io(int cmd, int count, char *str) noexcept
{
	if (count < 0)
		return inval.to_linux();
	if (region_of(str) == Region::Alien)
		return fault.to_linux();

	const u64 bytes = static_cast<u64>(count);
	s64 status = nosys.to_linux();

	if (cmd == static_cast<int>(ConsoleOp::Write))
		status = region_of(str) == Region::Linear ? write_linear(str, bytes)
							  : write_mapped(str, bytes);
	else if (cmd == static_cast<int>(ConsoleOp::Read))
		status = read(str, bytes);
	return static_cast<int>(status);
}
