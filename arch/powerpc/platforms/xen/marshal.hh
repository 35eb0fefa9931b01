/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hypercall of user space, made for it (Documentation/xen/xencomm.rst).
 *
 * The structure that the process points to is copied once into a page of the kernel's, and
 * only the copy is looked at, shown to the hypervisor and copied back.  Pointers in the copy
 * are replaced by handles of the process's pages, which are held for the call; the process
 * gets its own pointers back, all eight bytes.  A 32-bit process's pointers are the low
 * halves of the eight bytes, whatever the rest says.
 *
 * Arrays of structures are made in pieces of a page, lists of extents in pieces that one
 * descriptor can list, and what a call counts is the sum.  Other data in more than 511
 * pages is E2BIG.
 *
 * Locking: none.  No lock is held and interrupts are on while the hypervisor works.
 * Descriptors are built anew for each entry, because the hypervisor may write into them.
 */
#ifndef ARCH_POWERPC_XEN_MARSHAL_HH
#define ARCH_POWERPC_XEN_MARSHAL_HH

#include "user_call.hh"

namespace xen::ppc {

/**
 * marshal - make a hypercall of the current process
 * @call: its number, as the process gave it
 * @args: its arguments: numbers, and one address of the process
 * @compat: the process is a 32-bit one
 *
 * Context: process, may sleep; no locks held.
 *
 * Return: what the hypervisor returned, or without entering it
 * -ENOSYS for what does not exist, -EOPNOTSUPP for what is not let through and -EACCES for
 * another interface version, each with a message (at most a few in a while);
 * -EFAULT for memory that is not the process's, not mapped, not writable where it must be,
 * or not this domain's own, or a null pointer where elements are expected;
 * -EINVAL for a list that is not aligned as its elements must be, and for numbers of more
 * than 32 bits; -E2BIG for counts above an operation's limit and lists of more than 511
 * pages that cannot be divided; -ENOMEM; -EINTR when the process is to end.
 *
 * -EFAULT after the call, when the structure cannot be copied back: what was asked for is
 * done then, and what the hypervisor wrote through pointers is there.  -EIO for a result
 * that the ABI does not have.  When a part of a list could not be done, the result is what
 * was done before it; an error is of the first part.
 */
[[nodiscard]] s64 marshal(XenCall call, const CallArguments &args, bool compat) noexcept;

} // namespace xen::ppc

#endif
