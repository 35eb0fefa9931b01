/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The start of the p2m: from the device tree to p2m_state.
 *
 * In two steps, because the first message of the kernel already is a hypercall with an
 * address: p2m_peek() makes those work, p2m_read() judges everything.  Each runs once, in
 * real mode on the boot cpu; p2m_mode.hh then asks the hypervisor.
 */
#ifndef ARCH_POWERPC_XEN_P2M_TREE_HH
#define ARCH_POWERPC_XEN_P2M_TREE_HH

#include "boot.hh"

namespace xen::ppc {

/**
 * p2m_peek - find out where the real-mode area lies in the machine, if a table says so
 * @node: /xen
 *
 * Says nothing and refuses nothing: whatever is wrong with the table comes up later.
 */
void p2m_peek(int node) noexcept;

/**
 * p2m_read - take the tree's word on the table, after a look at every frame of memory
 * @node: /xen
 * @ram_end: frames up to the end of the domain's memory
 *
 * A table that would lead the kernel to memory that is not its own, or that it cannot use,
 * is refused.
 *
 * Return: the table's memory, which must be kept from Linux; no bytes in a translated
 * domain.
 */
[[nodiscard]] Range p2m_read(int node, Pfn ram_end) noexcept;

} // namespace xen::ppc

#endif
