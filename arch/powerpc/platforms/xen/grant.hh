/* SPDX-License-Identifier: GPL-2.0 */
/*
 * This domain's own grant table: which of its frames can be used (grant.cc).
 */
#ifndef ARCH_POWERPC_XEN_GRANT_HH
#define ARCH_POWERPC_XEN_GRANT_HH

#include <xen/core/frame.hh>

#include <abi/grant.hh>

namespace xen::ppc {

/** promised_grant_frames - how many frames Linux is told of; any context */
[[nodiscard]] u32 promised_grant_frames() noexcept;

/** grant_frame_is - is frame @index of the table usable, and is it @frame? */
[[nodiscard]] bool grant_frame_is(u64 index, Gfn frame) noexcept;

} // namespace xen::ppc

#endif
