// SPDX-License-Identifier: GPL-2.0
/*
 * Where Linux's privcmd driver hands over the hypercalls of user space.
 *
 * User space passes raw numbers, any of which may be meant as a pointer; the tables of
 * user_call.hh say which are, and marshal() does the rest.
 */
#include "calls_glue.h"
#include "marshal.hh"
#include "user_memory_glue.h"

using namespace xen::ppc;

/**
 * privcmd_call - a hypercall by number for the current process
 * @call: its number
 * @a1: its arguments
 *
 * Context: process, may sleep.
 *
 * Return: as marshal().
 */
long privcmd_call(unsigned int call, unsigned long a1, unsigned long a2, unsigned long a3,
		  unsigned long a4, unsigned long a5) noexcept
{
	const CallArguments args = {a1, a2, a3, a4, a5};

	return static_cast<long>(
		marshal(static_cast<XenCall>(call), args, xen_glue_user_compat() != 0));
}
