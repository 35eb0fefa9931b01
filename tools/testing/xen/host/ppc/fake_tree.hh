/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A flat device tree and a guest's memory, as early boot sees them.
 *
 * A tree is a map of properties; memory is a list of ranges, the first of them is the
 * real-mode area; what is reserved is written down.  A p2m table is words beside all that,
 * at the address that the tree gives them.
 */
#ifndef HOST_PPC_FAKE_TREE_HH
#define HOST_PPC_FAKE_TREE_HH

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <xen/core/endian.hh>

#include "boot.hh"

namespace host {

using xen::ppc::u32;
using xen::ppc::u64;

/* Property values: a big-endian number, and two of 64 bits. */
[[nodiscard]] std::string word(u64 value, unsigned int bytes);
[[nodiscard]] std::string pair(u64 first, u64 second);

struct Tree {
	std::map<std::string, std::map<std::string, std::string>> nodes;
	std::vector<std::pair<u64, u64>> memory, reserved;
	std::vector<std::string> odd, console;
	unsigned int on_xen = 0, hpte_early = 0, found = 0, mode_checked = 0;
	bool full = false; /* nothing more can be reserved */
	int direct = -1;   /* as the summary said */
	u64 kernel_end = 0x900000;
	u64 table_at = 0;
	std::vector<xen::Be<u32>> table;

	Tree with(const char *name, std::string value, const char *node = "xen") const;
	Tree without(const char *name, const char *node = "xen") const;

	/* Of the table. */
	[[nodiscard]] u32 entry(u64 pfn) const { return table.at(pfn).load(); }
	void enter(u64 pfn, u32 entry) { table.at(pfn).store(entry); }
};

/* Where the services below look; null: there is no tree, and memory is fake_boot's. */
extern Tree *tree;

/* What ends the kernel: called with the message, must not return. */
extern void (*on_refusal)(const char *message);

/* A dom0 as the historical hypervisor describes it. */
[[nodiscard]] Tree historical_tree();

/* A size of memory with which a direct domain is asked for, in MB. */
struct DirectPlan {
	u64 memory_mb = 192, rma_mb = 64;
	u64 rma_mfn = 0x30000; /* of the real-mode area */
};

/**
 * direct_tree - a direct dom0 of this size, by the rules of Documentation/xen/p2m-rma.rst
 *
 * Memory does not overlap the hole from 2 to 4 GB.  Each 16 MB is contiguous; behind the
 * real-mode area they lie in the machine in the opposite order.
 */
[[nodiscard]] Tree direct_tree(const DirectPlan &plan);

} // namespace host

#endif
