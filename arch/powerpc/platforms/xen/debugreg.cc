// SPDX-License-Identifier: GPL-2.0
/*
 * Debug and performance registers, which are the hypervisor's.
 *
 * A guest that writes DABR or DAWR itself is stopped by the processor.  Xen/PPC has one
 * watchpoint for each processor, the DABR, by H_SET_XDABR: 8 bytes at an address that 8
 * divides.  It is not saved between vcpus (Documentation/xen/abi-ppc.rst, "Interrupts").
 * DAWR, which newer processors have instead, is mapped onto it where that is possible.
 */
#include <xen/core/bits.hh>
#include <xen/core/errno.hh>

#include "debugreg_glue.h"
#include "hypercall.hh"

namespace xen::ppc {

namespace {

/* DABR: address, and what is watched. */
constexpr u64 dabr_read = 1;
constexpr u64 dabr_write = 2;
constexpr u64 dabr_translated = 4;

/* DABRX: in which states of the processor. */
constexpr u64 dabrx_user = 1;
constexpr u64 dabrx_kernel = 2;

/* DAWRX: user, kernel and hypervisor state; translation; read, write. */
constexpr u64 dawrx_states = dabrx_user | dabrx_kernel;
constexpr u64 dawrx_translated = 1 << 4;
constexpr u64 dawrx_read = 1 << 5;
constexpr u64 dawrx_write = 1 << 6;
using DawrxMore = Field<u64, 10, 6>; /* double words behind the first */

/* H_PERFMON: the counters of this vcpu. */
constexpr u64 perfmon_enable = u64{1} << 63;

[[nodiscard]] int to_errno(s64 code) noexcept
{
	switch (code) {
	case h::success:
		return 0;
	case h::reserved_dabr:
		return err::inval.to_linux();
	case h::permission:
	case h::privilege:
		return err::perm.to_linux();
	default:
		return err::io.to_linux();
	}
}

/* @states: DABRX, of which the hypervisor's own state is not ours to watch. */
[[nodiscard]] int watch(u64 dabr, u64 states) noexcept
{
	// Nothing to watch still wants a state, or Xen refuses.
	const u64 dabrx = (states & dawrx_states) != 0 ? states & dawrx_states : dabrx_user;
	const s64 code = papr(Papr::SetXdabr, dabr, dabrx).code;

	if (code != h::success)
		xen_glue_breakpoint_refused(dabr, code);
	return to_errno(code);
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

extern "C" {

/**
 * xen_set_dabr - the watchpoint of this cpu
 * @dabr: address and the three bits below it; 0 ends it
 * @dabrx: states to watch; hypervisor state is left out
 *
 * Context: ppc_md.set_dabr; context switches, interrupts off; one hypercall.
 *
 * Return: 0 or a negative errno.
 */
int xen_set_dabr(unsigned long dabr, unsigned long dabrx) noexcept
{
	return watch(dabr, dabrx);
}

/**
 * xen_set_dawr - the same, as newer processors have it
 * @nr: which; there is only 0
 * @dawr: address
 * @dawrx: what to watch; 0 ends it
 *
 * Return: 0, or a negative errno: -EOPNOTSUPP for more than 8 bytes.
 */
int xen_set_dawr(int nr, unsigned long dawr, unsigned long dawrx) noexcept
{
	const u64 what = ((dawrx & dawrx_read) != 0 ? dabr_read : 0) |
			 ((dawrx & dawrx_write) != 0 ? dabr_write : 0);

	if (nr != 0)
		return xen::err::opnotsupp.to_linux();
	// Its length is of no interest then, and Linux leaves nonsense there.
	if (what == 0)
		return watch(0, 0);
	if (DawrxMore::get(dawrx) != 0)
		return xen::err::opnotsupp.to_linux();
	return watch((dawr & ~u64{7}) | what |
			     ((dawrx & dawrx_translated) != 0 ? dabr_translated : 0),
		     dawrx);
}

/** xen_enable_pmcs - let this cpu's performance counters count; ppc_md.enable_pmcs */
void xen_enable_pmcs() noexcept
{
	const s64 code = papr(Papr::PerfMon, perfmon_enable, u64{0}).code;

	if (code != h::success)
		xen_glue_pmcs_refused(code);
}

} // extern "C"
