/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules a guest can break, each with an id that messages, tests and documents name.
 *
 * A broken rule is refused by its unit with the code that the contract has, counted and
 * logged here with its reason; after the first few of each rule by each domain only the
 * count goes on: no guest can flood the console, nor use up another's messages.  The
 * sums are printed at shutdown.  Plain bad arguments that the ABI answers with an errno
 * are no violations.
 */
#ifndef REFHV_RULES_HH
#define REFHV_RULES_HH

#include "base/types.hh"

namespace refhv {

struct Domain;

enum class Rule : u8 {
	FrameOutOfRange,    /* V01 frame neither RAM nor permitted I/O nor a window page */
	FrameNotOwned,	    /* V02 RAM of another domain, of refhv, or of nobody */
	LargePageUnchecked, /* V03 16 MB page, a frame not the caller's, or misaligned */
	ForeignNotGranted,  /* V04 foreign frame without privilege or active grant mapping */
	WriteNotGranted,    /* V05 writable HPTE, wider H_PROTECT on a read-only grant */
	IoAttributes,	    /* V06 I/O not W=0 I=1 G=1 */
	RamAttributes,	    /* V07 RAM mapped I=1 or W=1 */
	SharedFrameUse,	    /* V08 Xen-shared frame as RAM (xencomm, TCE, grant) */
	XencommMagic,	    /* V09 descriptor or area without its magic */
	XencommAlignment,   /* V10 descriptor not 8-aligned */
	XencommFrame,	    /* V11 descriptor or data outside own RAM */
	XencommArea,	    /* V12 area header not the handle's, or pointer outside it */
	RmaFreed,	    /* V13 decrease_reservation of an RMA frame */
	FrameReferenced,    /* V14 decrease_reservation while HPTE, TCE or grant refer to it */
	GrantStillMapped,   /* V15 unmap_grant_ref while an HPTE maps the frame */
	GrantFrame,	    /* V16 grant entry that names a frame its domain does not own */
	EeWithoutRi,	    /* V17 MSR[EE]=1 with RI=0 when an event is delivered */
	PtegRace,	    /* V18 two vcpus in one PTEG at once without atomic calls */
	SlotOutOfRange,	    /* V19 HPTE slot at or beyond the table's end */
	DangerousCall,	    /* V20 call that stopped the historical hypervisor */
	UserHypercall,	    /* V21 hypercall from problem state */
	FacilityUse,	    /* V22 facility that a 970 does not have */
	ReservedPageWrite,  /* V23 guest wrote to a reserved page it does not own */
	PortNotOwned,	    /* V24 operation on a port that is not the caller's */
	DebugAddress,	    /* V25 DABR or XDABR value with reserved bits */
	TceRange,	    /* V26 TCE liobn, address or bits outside the table */
	VcpuContext,	    /* V27 vcpu started with a context that refhv cannot take */
	Count
};

/**
 * violation - count and log a broken rule
 * @rule: which
 * @who: the domain that broke it
 * @reason: one short clause, no newline
 * @value: the offending number
 */
void violation(Rule rule, const Domain &who, const char *reason, u64 value);

[[nodiscard]] u64 violations(Rule rule); /* of all domains */
void print_rules(); /* the table at shutdown: id, name, count of the broken ones, and the total */
void reset_rules(); /* for host tests */

} // namespace refhv

#endif
