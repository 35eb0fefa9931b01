/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The client interface's door: the stub at 32 MB, argument blocks, the guest's memory.
 *
 * The tree lies in refhv's own memory and is changed by setprop alone, within its room.
 * All guest pointers are 32 bits, inside the RMA or the service fails; cells and strings
 * are copied once, because the guest's other vcpus may write them meanwhile.  Served one
 * call at a time under the hypervisor lock; the historical one was not SMP-safe.
 */
#include "dom/firmware.hh"

#include "base/rules.hh"
#include "machine/cpu.hh"

namespace refhv::firmware {

namespace {

constexpr u64 code = 0x40; /* offset of the stub: the header lies before it */
constexpr u64 address_mask = (1ul << 42) - 1;

/* Entry, header (ABI 2.2) and stub, by offset.  The guest's own memory only after quiesce. */
constexpr struct {
	u64 at;
	u32 value;
} image[] = {
	{0, 0x48000000 | code},		      /* b code */
	{0x10, 0xdeadbeef},		      /* the tree's address: it is not in the RMA */
	{0x18, 1},			      /* initialised */
	{code, 0x7c641b78},		      /* mr r4, r3 */
	{code + 4, 0x38600000},		      /* li r3, 0 */
	{code + 8, 0x60630000 | call_number}, /* ori r3, r3, call_number */
	{code + 12, 0x44000022},	      /* sc 1 */
	{code + 16, 0x4e800020},	      /* blr */
};
constexpr u64 after_sc = entry + code + 16;

constinit bool quiesced = false;

void write_image(const Client &client)
{
	for (const auto &[at, value] : image) {
		const Be<u32> be{value};

		(void)client.write(entry + at, &be, sizeof(be));
	}
	cpu::sync_icache(client.dom.rma + entry, page_bytes);
}

/* check_image - V23: the guest wrote there, and has not ended the client interface */
void check_image(const Client &client)
{
	bool whole = true;
	u32 found;

	for (const auto &[at, value] : image) {
		if (!client.read_cell(entry + at, found) || found == value)
			continue;
		whole = false;
		violation(Rule::ReservedPageWrite, client.dom, "store to the client interface", at);
	}
	if (!whole)
		write_image(client);
}

/* read_block - @at: the block; becomes the address of the results */
bool read_block(Client &client, u64 &at)
{
	u32 name;

	if (at % sizeof(u32) || !client.read_cell(at, name) ||
	    !client.read_cell(at + 4, client.nr_args) ||
	    !client.read_cell(at + 8, client.nr_returns) || client.nr_args > Client::most_cells ||
	    !client.read_string(name, client.service, sizeof(client.service)))
		return false;
	at += 12;
	for (u32 i = 0; i < client.nr_args; i++, at += sizeof(u32))
		if (!client.read_cell(at, client.arg[i]))
			return false;
	return true;
}

} // namespace

bool Client::read_cell(u64 at, u32 &value) const
{
	const u8 *from = memory(at, sizeof(Be<u32>));
	Be<u32> cell;

	if (!from)
		return false;
	__builtin_memcpy(&cell, from, sizeof(cell));
	value = cell.load();
	return true;
}

bool Client::read_string(u64 at, char *into, u64 room) const
{
	for (u64 i = 0; i < room; i++) {
		const u8 *from = memory(at + i, 1);

		if (!from)
			return false;
		into[i] = static_cast<char>(*from);
		if (!into[i])
			return true;
	}
	return false;
}

bool Client::write(u64 at, const void *data, u64 bytes) const
{
	u8 *to = memory(at, bytes);

	if (to)
		__builtin_memcpy(to, data, bytes);
	return to;
}

void install(Domain &dom)
{
	forget_claims();
	quiesced = false;
	write_image({dom, nullptr});
}

bool is_call(const Vcpu &vcpu)
{
	const Regs &regs = vcpu.regs;

	return vcpu.dom->tree.raw() && regs.gpr[3] == call_number &&
	       (regs.pc & address_mask) == after_sc && !(regs.msr & (msr::pr | msr::ir));
}

void call(Vcpu &vcpu)
{
	Client client{*vcpu.dom, phys(vcpu.dom->tree)};
	u64 at = static_cast<u32>(vcpu.regs.gpr[4]);

	if (!quiesced)
		check_image(client);
	bool done = read_block(client, at) && serve(client);
	quiesced |= done && !__builtin_strcmp(client.service, "quiesce");

	/* An unknown path leaves its answer too, although the call fails. */
	if (client.answer && client.nr_returns) {
		const Be<u32> cell{*client.answer};

		done &= client.write(at, &cell, sizeof(cell));
	}
	vcpu.regs.gpr[3] = done ? 0 : all_ones;
}

} // namespace refhv::firmware
