/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One lock for each group of the hashed page table, hashed onto a few words.
 *
 * The historical hypervisor takes none: two vcpus in one group can choose the same slot,
 * or write an old entry back over a new one.  Where it does not announce atomic calls the
 * port excludes them itself.
 *
 * Under a lock only hypercalls are made.  An interrupt's or a page fault's handler may need
 * any lock, so neither may come: Linux's interrupts are masked (softly: an interrupt that
 * comes is noted by code that lives in bolted memory, and no C runs), stack, PACA and locks
 * are in bolted memory, and what there is to say is said after the release, as printing
 * may fault.  So a cpu that holds a lock waits for no other one.
 *
 * The exception are machine checks and resets, which cannot be masked.  If their handler
 * faults and finds the lock in the hands of its own cpu it goes on without, as the
 * interrupted call does not run meanwhile; then the hypervisor may see two calls in one
 * group after all.  If two such handlers on two cpus each need the lock that the other cpu
 * held when it was interrupted, both wait for ever.
 *
 * A lock holds the low half of its owner's PACA address, which is never zero and different
 * for each cpu.  It is read with interrupts masked: a caller that can be preempted may have
 * come from another cpu until then.
 *
 * Not for kexec, which runs alone.
 */
#ifndef ARCH_POWERPC_XEN_PTEG_LOCK_HH
#define ARCH_POWERPC_XEN_PTEG_LOCK_HH

#include <abi/hpte.hh>

#include "paca.hh"

namespace xen::ppc {

/* 128 bytes are a cache line of the 970 and its successors. */
struct alignas(128) PtegLockWord {
	u32 owner; /* 0: free */
};

inline constexpr u64 nr_pteg_locks = 64;

extern PtegLockWord pteg_locks[nr_pteg_locks];

/* Somebody else has @word: waits until it is free, then takes it for @self. */
void pteg_lock_wait(PtegLockWord &word, u32 self) noexcept;

/* Linux's interrupts on again, and what came meanwhile replayed. */
void pteg_irqs_on() noexcept;

/**
 * class PtegGuard - this cpu alone works on a slot's group, if groups need locks
 *
 * Inside: hypercalls, no message, no second guard.
 *
 * Context: any but kexec; translated or real mode; does not sleep.
 */
class PtegGuard {
public:
	/* @needed: the hypervisor does not exclude its callers; @slot: any of the group */
	[[gnu::always_inline]] PtegGuard(bool needed, u64 slot) noexcept
	{
		if (needed)
			take(pteg_locks[slot / pteg_size % nr_pteg_locks]);
	}
	[[gnu::always_inline]] ~PtegGuard() noexcept
	{
		if (word_ != nullptr)
			release();
	}
	PtegGuard(const PtegGuard &) = delete;
	PtegGuard &operator=(const PtegGuard &) = delete;

private:
	void take(PtegLockWord &word) noexcept
	{
		mask_ = paca::load<u8>(XEN_PACA_SOFT_MASK);
		paca::store<u8>(XEN_PACA_SOFT_MASK, XEN_IRQS_ALL_DISABLED);

		/* Only now: until here the scheduler may have moved the caller. */
		const u32 self = static_cast<u32>(paca::self());
		u32 seen = 0;

		if (!__atomic_compare_exchange_n(&word.owner, &seen, self, false, __ATOMIC_ACQUIRE,
						 __ATOMIC_RELAXED)) {
			if (seen == self) {
				paca::store<u8>(XEN_PACA_SOFT_MASK, mask_);
				return;
			}
			pteg_lock_wait(word, self);
		}
		word_ = &word;
	}
	void release() noexcept
	{
		__atomic_store_n(&word_->owner, 0, __ATOMIC_RELEASE);
		if (mask_ != 0)
			paca::store<u8>(XEN_PACA_SOFT_MASK, mask_);
		else
			pteg_irqs_on();
	}

	PtegLockWord *word_ = nullptr;
	u8 mask_ = 0;
};

} // namespace xen::ppc

#endif
