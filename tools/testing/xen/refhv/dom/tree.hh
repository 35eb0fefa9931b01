/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device tree that a domain gets, built with libfdt (ABI 2.3, 2.4; protocol 3).
 */
#ifndef REFHV_TREE_HH
#define REFHV_TREE_HH

#include "base/types.hh"

namespace refhv {

struct Domain;

struct TreeRequest {
	const Domain &dom;
	const char *command_line;
	u64 initrd_start, initrd_end; /* guest-physical; 0: none */
	bool flat; /* every cpu node and memreserve entries; else as the OF start has it */
};

namespace tree {

/* Ports that wait in a domain without privilege for dom0's daemons (ABI 2.4). */
inline constexpr u32 store_port = 1, console_port = 2;

/* build - write @dom's tree into [@into, @into + @room); null, or what failed */
[[nodiscard]] const char *build(const TreeRequest &request, void *into, u64 room);

/* What refhv itself reads from the machine's tree. */
struct Machine {
	u64 ram_bytes;
	u64 timebase_hz;
	const char *bootargs; /* in the tree; "" if none */
	u64 initrd_start, initrd_end;
	u32 cpus; /* cores announced */
};
[[nodiscard]] const char *read_machine(const void *fdt, Machine &machine);

} // namespace tree

} // namespace refhv

#endif
