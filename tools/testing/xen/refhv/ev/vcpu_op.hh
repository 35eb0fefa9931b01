/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Giving a vcpu its registers: VCPUOP_initialise and domctl setvcpucontext.
 */
#ifndef REFHV_VCPU_OP_HH
#define REFHV_VCPU_OP_HH

#include <abi/vcpu.hh>

#include "base/types.hh"

namespace refhv {

struct Vcpu;

namespace vcpu_op {

/**
 * set_context - @vcpu's registers become those of @context, and its domain gets the wall clock
 *
 * Return: 0, or -EINVAL for a domain without an RMA or hash table (it stopped the historical
 * hypervisor).  MSR bits that a guest must not have are dropped; both are violations.  It
 * does not put the vcpu online.  FPSCR, SRR0/1, DAR and DSISR are not taken.
 */
[[nodiscard]] s64 set_context(Vcpu &vcpu, const xen::ppc::VcpuGuestContext &context);

} // namespace vcpu_op

} // namespace refhv

#endif
