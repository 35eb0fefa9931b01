/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page table's services for programs that are not about the page table: all weak, so
 * that pagetable_rig.hh has its own.
 */
#ifndef HOST_PPC_FAKE_HPT_GLUE_HH
#define HOST_PPC_FAKE_HPT_GLUE_HH

#include <string>
#include <vector>

#include "fake_paca.hh"

namespace host {

/* Calls after which a translation stayed: the kernel would have stopped. */
extern std::vector<std::string> stale_translations;

/* The VSID of a kernel address; nothing but a rule of these tests. */
[[nodiscard]] u64 kernel_vsid_of(u64 address);

} // namespace host

#endif
