/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sysctl and domctl have in common: who may, the way of a block, and what a domain
 * looks like from outside.
 */
#ifndef REFHV_CONTROL_HH
#define REFHV_CONTROL_HH

#include <abi/domctl.hh>

#include "call/hypercall.hh"
#include "dom/domain.hh"

namespace refhv::control {

/**
 * begin - what every control call does first (layouts 2 and 3)
 * @block: a copy of the argument at r4
 * @version: the interface version it must name
 *
 * Return: 0, -EPERM before anything is read, -EFAULT, or -EACCES for another version.
 */
template <class T> [[nodiscard]] s64 begin(Call &call, T &block, u32 version)
{
	if (!call.mem.dom.privileged)
		return fail::perm;
	if (!xencomm::get(call.mem, call.arg[0], block))
		return fail::fault;
	return block.interface_version.load() == version ? 0 : fail::acces;
}

enum class Back : u8 { Never, IfDone, Always }; /* is the block copied out again? */

/**
 * serve - do @command with its parameters, which @block's u starts with
 * @back: see above; the block of a domain that does not exist never is
 *
 * Return: the command's result, or -EFAULT if the block cannot be copied out.
 */
template <class T, class P>
[[nodiscard]] s64 serve(Call &call, T &block, Back back, s64 (*command)(Call &, T &, P &))
{
	P parameters;

	static_assert(sizeof(P) <= sizeof(block.u));
	__builtin_memcpy(&parameters, &block.u, sizeof(P));
	const s64 code = command(call, block, parameters);
	__builtin_memcpy(&block.u, &parameters, sizeof(P));
	if (back == Back::Never || code == fail::srch || (code && back == Back::IfDone))
		return code;
	return xencomm::put(call.mem, call.arg[0], block) ? code : fail::fault;
}

[[nodiscard]] const Domain *next_domain(u32 id); /* the lowest number >= @id, or null */
[[nodiscard]] xen::ppc::DomctlGetdomaininfo describe(const Domain &dom);

} // namespace refhv::control

#endif
