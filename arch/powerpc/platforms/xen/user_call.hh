/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hypercalls that user space may make, and where the pointers in them are.
 *
 * A table: each operation names the bytes of its argument and, for each pointer inside it,
 * where the pointer is, where its count, what an element's size is, which way the data
 * goes and how many elements are the most.  What is not in the table does not reach the
 * hypervisor.  Two ways lead through it: privcmd (marshal.cc), which pins user memory and
 * describes it, and areas (area.cc), in which the hypervisor follows pointers itself.
 *
 * Left out are operations that the hypervisor does not have (ENOSYS), and those that it has
 * and that stop a historical one whatever is in them, give it a pointer that stays valid
 * after the call, or change behind the kernel's back what the kernel keeps for this domain:
 * its memory, its ports, its vcpus, its grants (EOPNOTSUPP).  Some do so only with certain
 * values in their structure, above all this domain's own number; for these the row has a
 * check.  Where a value in a list would stop a historical hypervisor, the check refuses the
 * operation there.
 *
 * Cannot: know what state another domain is in.  A historical hypervisor stops at
 * setvcpucontext of a domain that has no page table or no real-mode area yet, and keeps a
 * lock of a domain's after a max_mem that is below its limit or for which it has no memory.
 * A domain cannot be built without either, so they pass, and their order is the tools'.
 *
 * Constant; no locking.
 */
#ifndef ARCH_POWERPC_XEN_USER_CALL_HH
#define ARCH_POWERPC_XEN_USER_CALL_HH

#include <span>

#include <xen/core/result.hh>

#include <abi/hcall.hh>

namespace xen::ppc {

/* Which way data goes, as the hypervisor sees it. */
enum class Flow : u8 {
	In,  /* it reads */
	Out, /* it writes */
	InOut,
};

/* What a pointer's count counts. */
enum class Counts : u8 {
	Elements,
	Bits,	   /* of a map; eight of them share a byte */
	LastIndex, /* one less than there are elements */
	Fixed,	   /* nothing: there are as many elements as limit says */
	Asked,	   /* nothing: the hypervisor writes it there when asked without pointers */
};

/* A pointer inside an argument.  Offsets are from the argument's start. */
struct Pointer {
	u16 at;		/* of the pointer, 8 bytes */
	u16 count_at;	/* of the count; not looked at if it is Fixed */
	u8 count_bytes; /* 4 or 8; 0 if it is Fixed */
	Counts counts;
	Flow flow;
	bool required; /* null with elements is EFAULT; otherwise null is nothing */
	u32 element;   /* bytes */
	u64 limit;     /* most elements (or bits); more is E2BIG */
	u16 only_at{}; /* unless 0: the pointer means something only if the u32 there */
	u32 only_if{}; /* has this value, and is nothing otherwise */
};

/* An operation that user space may make. */
struct UserOp {
	/* Looks at one structure: EOPNOTSUPP or EINVAL for values that may not pass. */
	using Check = Result<void> (*)(const void *structure) noexcept;

	XenCall call;
	u32 number; /* its first argument; of domctl, sysctl and acm_op: cmd */
	const char *name;
	Flow flow; /* of the structure itself */
	u16 bytes; /* of one structure; 0: it takes none */
	u16 used;  /* how much of it means something: pointers and counts lie inside */
	std::span<const Pointer> pointers;
	bool counts;	/* a positive result means something */
	bool divisible; /* can be made in parts: pointers share a count, results add up */
	Check check;	/* or null */
	u16 ask_at{};	/* with Counts::Asked: the u32 there is ask_as while the hypervisor */
	u32 ask_as{};	/* is asked for the counts */
};

/* The most pointers in one structure. */
inline constexpr std::size_t max_pointers = 4;

inline constexpr u8 no_argument = 0xff;
inline constexpr u32 nr_call_arguments = 5;
using CallArguments = u64[nr_call_arguments];

/* Which arguments a call has, as indices into CallArguments or no_argument. */
struct Signature {
	XenCall call;
	u8 number;    /* the operation's; no_argument: it is in the structure */
	u8 scalar;    /* a number more, of 32 bits */
	u8 structure; /* the pointer */
	u8 counted;   /* how many structures there are; no_argument: one */
	u32 at_once;  /* most structures for one entry to the hypervisor, if they are counted */
	u32 limit;    /* most structures at all */
	u32 version;  /* of an interface with one: what the structure's second u32 must be */
};

/* The structure that a call points to, before anybody has looked at it. */
struct Argument {
	u8 index;  /* into CallArguments; no_argument: the call takes no pointer */
	u32 bytes; /* of all structures together */
};

/** signature_of - the arguments of a call that user space may make, or null */
[[nodiscard]] const Signature *signature_of(XenCall call) noexcept;

/**
 * argument_of - what a call points to, as far as its numbers tell
 *
 * Context: any.
 *
 * Return: the argument; ENOSYS for a call or an operation that does not exist, EOPNOTSUPP
 * for one that is not let through, E2BIG for too many structures, EINVAL for a number that
 * has more than 32 bits.
 */
[[nodiscard]] Result<Argument> argument_of(XenCall call, const CallArguments &args) noexcept;

/**
 * find_user_op - the table's entry for a call
 * @structure: a copy of what argument_of() describes that nobody else changes; not looked
 *             at if the call takes no pointer
 *
 * Context: any.
 *
 * Return: the entry; ENOSYS and EOPNOTSUPP as above, EACCES for a domctl, sysctl or acm_op
 * of another interface version, and what the entry's check finds in the structures.
 */
[[nodiscard]] Result<const UserOp *> find_user_op(XenCall call, const CallArguments &args,
						  const void *structure) noexcept;

/* The tables: user_call_*.cc. */
extern const std::span<const UserOp> user_domctls, user_sysctls, user_memory_ops, user_grant_ops,
	user_other_ops, user_acm_ops;

} // namespace xen::ppc

#endif
