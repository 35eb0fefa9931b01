// SPDX-License-Identifier: GPL-2.0
/* The locks of pteg_lock.hh, and what happens when one is taken. */
#include <abi/sched.hh>

#include "hypercall.hh"
#include "pagetable_glue.h"
#include "pteg_lock.hh"

namespace xen::ppc {

namespace {

/* Looks at a taken lock before the processor is offered to its owner's vcpu. */
constexpr unsigned int looks = 256;

} // namespace

constinit PtegLockWord pteg_locks[nr_pteg_locks]{};

void pteg_lock_wait(PtegLockWord &word, u32 self) noexcept
{
	for (;;) {
		unsigned int look = 0;
		u32 seen = 0;

		while (look < looks && __atomic_load_n(&word.owner, __ATOMIC_RELAXED) != 0)
			++look;
		if (__atomic_compare_exchange_n(&word.owner, &seen, self, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return;
		/* What yield answers changes nothing: the lock is looked at again either way. */
		if (look == looks)
			static_cast<void>(xen_call(XenCall::SchedOp, SchedOp::Yield, 0));
	}
}

void pteg_irqs_on() noexcept
{
	xen_glue_irqs_enable();
}

} // namespace xen::ppc
