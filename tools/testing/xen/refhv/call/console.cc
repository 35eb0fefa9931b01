/* SPDX-License-Identifier: GPL-2.0 */
/*
 * console_io: the hypervisor's own console (layouts 7.6).
 *
 * dom0 reads and writes it raw.  Other domains may write, as in a debug build of the
 * historical hypervisor: their lines begin with "(dN) ", and a line that another domain
 * left unfinished is ended first.  With quirks they may not.  Progress of a long write
 * travels in the upper half of r5, so that no descriptor is ever changed.
 */
#include <abi/console.hh>
#include <abi/xencomm.hh>

#include "base/print.hh"
#include "call/hypercall.hh"
#include "dom/domain.hh"

namespace refhv {

namespace {

using xen::ppc::console_write_piece;
using xen::ppc::ConsoleOp;

constexpr u32 turn_pieces = 4; /* a uart is slow: 500 bytes are more than a millisecond */

constinit bool line_start = true;
constinit DomId last_writer{0};

void put_guest(const Domain &dom, char c)
{
	if (dom.id != last_writer && !line_start) {
		put('\n');
		line_start = true;
	}
	if (line_start && dom.id != DomId{0})
		print("(d", dom.id.raw(), ") ");
	put(c);
	last_writer = dom.id;
	line_start = c == '\n';
}

s64 write(Call &call)
{
	const s64 count = static_cast<s32>(call.arg[1]);
	const u64 handle = call.arg[2], total = count > 0 ? static_cast<u64>(count) : 0;
	const bool descriptor = !(handle & (xen::ppc::inline_flag | xen::ppc::area_flag));
	u64 done = call.arg[1] >> 32;

	for (Turn turn{turn_pieces}; done < total;) {
		char piece[console_write_piece];
		const u64 bytes = total - done < sizeof(piece) ? total - done : sizeof(piece);

		if (turn.over())
			return call.again(1, done << 32 | total);
		/* ABI 8.6: advancing a descriptor never worked; the damage is not repeated */
		if ((options.historical && descriptor && done) ||
		    !xencomm::read(call.mem, handle, done, piece, bytes))
			return fail::fault;
		for (u64 i = 0; i < bytes && piece[i]; ++i)
			put_guest(call.mem.dom, piece[i]);
		done += bytes;
	}
	return 0;
}

s64 read(Call &call)
{
	const s64 count = static_cast<s32>(call.arg[1]);
	char buffer[xen::ppc::console_read_max];
	u32 got = 0;

	while (got < sizeof(buffer) && s64{got} < count) {
		const int byte = board::getc();

		if (byte < 0)
			break;
		buffer[got++] = static_cast<char>(byte);
	}
	return xencomm::write(call.mem, call.arg[2], 0, buffer, got) ? got : fail::fault;
}

} // namespace

/* do_console_io - r4 command, r5 bytes (signed 32), r6 buffer; 0 for a write, a count for a read */
s64 do_console_io(Call &call)
{
	const auto command = call.command<ConsoleOp>();

	if (call.mem.dom.id != DomId{0} && (options.historical || command != ConsoleOp::Write))
		return fail::perm;
	return command == ConsoleOp::Write  ? write(call)
	       : command == ConsoleOp::Read ? read(call)
					    : fail::nosys;
}

} // namespace refhv
