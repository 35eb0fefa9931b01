// SPDX-License-Identifier: GPL-2.0
/* Single steps; see stepping.hh. */
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ucontext.h>

#include "fake_xen.hh"
#include "stepping.hh"

extern "C" {
unsigned long call_stepped(unsigned long (*function)());
extern const char call_stepped_end[];
extern const char xen_entered[];

/* The hypervisor's entry asks for the trap flag back on its way out. */
extern volatile unsigned char stepping_suspended;
volatile unsigned char stepping_suspended;
}

namespace host {

namespace {

constexpr greg_t trap_flag = 0x100;

volatile int boundary_wanted;
volatile int boundaries;
volatile bool raised;

/* Touches nothing but plain words: it may interrupt anything. */
void step(int, siginfo_t *, void *context)
{
	mcontext_t &machine = static_cast<ucontext_t *>(context)->uc_mcontext;
	const auto at = static_cast<std::uintptr_t>(machine.gregs[REG_RIP]);

	if (at == reinterpret_cast<std::uintptr_t>(xen_entered)) {
		machine.gregs[REG_EFL] &= ~trap_flag;
		stepping_suspended = 1;
		return;
	}
	if (boundaries == boundary_wanted) {
		fake.raise();
		raised = true;
	}
	boundaries = boundaries + 1;
	// After the event there is nothing more to see, and steps are dear.
	if (raised || at == reinterpret_cast<std::uintptr_t>(call_stepped_end))
		machine.gregs[REG_EFL] &= ~trap_flag;
}

} // namespace

Stepped run_stepped(unsigned long (*function)(), int boundary)
{
	struct sigaction action, before;

	boundary_wanted = boundary;
	boundaries = 0;
	raised = false;
	std::memset(&action, 0, sizeof action);
	action.sa_sigaction = step;
	action.sa_flags = SA_SIGINFO;
	if (sigaction(SIGTRAP, &action, &before) != 0) {
		std::perror("sigaction");
		std::abort();
	}
	const unsigned long result = call_stepped(function);

	sigaction(SIGTRAP, &before, nullptr);
	return {result, raised};
}

} // namespace host
