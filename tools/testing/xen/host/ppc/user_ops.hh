/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Structures of hypercalls, as the processes of the tests fill them in, and where these
 * processes have them.
 */
#ifndef HOST_PPC_USER_OPS_HH
#define HOST_PPC_USER_OPS_HH

#include <string>

#include "abi/domctl.hh"
#include "abi/sysctl.hh"
#include "calls_rig.hh"
#include "marshal_rig.hh"

namespace host {

/* Structures are here, and lists there, unless a test says otherwise. */
inline constexpr u64 heap = 0x10000000, list = 0x20000000;

inline std::string mode_name(const ::testing::TestParamInfo<bool> &mode)
{
	return mode.param ? "direct" : "translated";
}

/* The part of a structure that belongs to its command. */
template <class T> T &in(xen::ppc::Domctl &op)
{
	return *reinterpret_cast<T *>(op.u);
}
template <class T> T &in(xen::ppc::Sysctl &op)
{
	return *reinterpret_cast<T *>(op.u);
}

/* A call, without what belongs to its command. */
inline xen::ppc::Domctl domctl_of(xen::ppc::DomctlOp cmd, u16 domain = 1)
{
	xen::ppc::Domctl op{};

	op.cmd.store(static_cast<u32>(cmd));
	op.interface_version.store(xen::ppc::domctl_version);
	op.domain.store(domain);
	return op;
}

inline xen::ppc::Sysctl sysctl_of(xen::ppc::SysctlOp cmd)
{
	xen::ppc::Sysctl op{};

	op.cmd.store(static_cast<u32>(cmd));
	op.interface_version.store(xen::ppc::sysctl_version);
	return op;
}

/* A call that has domains written into a list of the process. */
inline xen::ppc::Sysctl list_of(u32 domains, u64 buffer)
{
	xen::ppc::Sysctl op = sysctl_of(xen::ppc::SysctlOp::Getdomaininfolist);
	auto &args = in<xen::ppc::SysctlGetdomaininfolist>(op);

	args.max_domains.store(domains);
	args.buffer.store(buffer);
	return op;
}

} // namespace host

#endif
