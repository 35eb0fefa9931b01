/* SPDX-License-Identifier: GPL-2.0 */
/*
 * H_PUT_TCE: small I/O translation tables per domain, for their rules only (no device uses
 * them).
 *
 * A valid entry holds a reference on its frame, so that DMA memory cannot be given away.
 */
#ifndef REFHV_TCE_HH
#define REFHV_TCE_HH

#include <abi/hcall.hh>

#include "base/types.hh"

namespace refhv {

struct Domain;
struct Regs;

inline constexpr u64 tce_entries = 512; /* 2 MB of I/O addresses for each liobn */

struct Tce {
	/* native order: mfn << 12 | read 1 | write 2; 0: none */
	u64 entry[xen::ppc::tce::nr_liobns][tce_entries];
};

namespace tce {
[[nodiscard]] s64 put(Domain &dom, Regs &regs); /* H_PUT_TCE; H_ code */
}

} // namespace refhv

#endif
