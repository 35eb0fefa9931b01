/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An event at every place where one can come: between any two instructions.
 *
 * The function under test runs with the processor's trap flag; at one chosen
 * instruction boundary of the guest the fake hypervisor raises an event, which it
 * delivers at once if the mask byte says so at that moment.  Deterministic, and
 * blind to how the compiler arranged the code.
 */
#ifndef HOST_X86_STEPPING_HH
#define HOST_X86_STEPPING_HH

namespace host {

struct Stepped {
	unsigned long result; /* rax */
	bool raised;	      /* the event came: the function has that many boundaries */
};

/**
 * run_stepped - call a function and raise an event at one boundary
 * @function: the function
 * @boundary: which, 0 being before the function's first instruction; the last one is
 *	after its return
 *
 * Boundaries inside the hypervisor are none; right before and after it are some.
 */
Stepped run_stepped(unsigned long (*function)(), int boundary);

} // namespace host

#endif
