/* SPDX-License-Identifier: GPL-2.0 */
/* Facts about the first instruction: registers, mode, memory (ABI 1.4, 2.1, 2.4). */
#include <abi/p2m.hh>
#include <abi/tree.hh>

#include "probe/facts.hh"
#include "probe/of_tree.hh"

namespace probe {

namespace {

constexpr u64 libc_pattern = 0x5555555555555555;

/* put_rest - the value that all registers without a meaning have, or the first that differs */
void put_rest(u64 expected)
{
	for (u32 n = 0; n < 32; n++)
		if ((n == 0 || n > 5) && n != 13 && probe_entry.gpr[n] != expected)
			return fact("start.others", "r", n, " is ", hex(probe_entry.gpr[n]));
	fact("start.others", hex(expected));
}

u64 valid_slb_entries()
{
	const u64 count = tree::u32_at(cpu_node(), "slb-size", 0, 64);
	u64 valid = 0;

	for (u64 i = 0; i < count; i++) {
		u64 esid;

		asm volatile("slbmfee %0,%1" : "=r"(esid) : "r"(i));
		valid += (esid >> 27) & 1;
	}
	return valid;
}

} // namespace

void facts_start()
{
	const Entry &e = probe_entry;
	const u64 sprgs = e.sprg[0] | e.sprg[1] | e.sprg[2] | e.sprg[3];

	fact("start.kind", of_start() ? "of" : "flat");
	fact("start.mode", direct_mode() ? "direct" : "translated");
	fact("start.msr", hex(e.msr));
	fact("start.pc", hex(e.pc));
	fact("start.r1", hex(e.gpr[1]));
	fact("start.r2", hex(e.gpr[2]));
	if (of_start())
		fact("start.r3", hex(e.gpr[3]));
	else
		fact("start.r3", flat::blob() ? "flat tree" : "nothing");
	fact("start.r4", hex(e.gpr[4]));
	fact("start.r5", hex(e.gpr[5]));
	fact("start.r13", hex(e.gpr[13]));
	put_rest(of_start() ? 0 : libc_pattern);
	fact("start.lr", hex(e.lr));
	fact("start.ctr", hex(e.ctr));
	fact("start.cr", hex(e.cr));
	fact("start.sprgs", hex(sprgs));
	fact("start.slb.valid", valid_slb_entries());
	fact("start.dec", e.dec[0] == e.dec[1] ? "still" : "ticking");
	fact("start.bss", pool_was_zero() ? "zero" : "not zero");
	fact("start.rma", hex(rma_bytes()));
	fact("start.memory", hex(memory_bytes()));
	fact("start.vcpus", vcpus());
	fact("start.bootargs", bootargs());
}

} // namespace probe
