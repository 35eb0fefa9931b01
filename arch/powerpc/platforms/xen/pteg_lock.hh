/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One lock for each group of the hashed page table, hashed onto a few words.
 *
 * The historical hypervisor takes none: two vcpus in one group can choose the same slot,
 * or write an old entry back over a new one.  Where it does not announce atomic calls the
 * port excludes them itself.
 *
 * Locks are taken where an interrupt or a page fault would need the same one: Linux's
 * interrupts are masked meanwhile (softly: an interrupt that comes is noted by code that
 * lives in bolted memory, and no C runs), and the locks are part of the kernel image,
 * which is bolted.  What cannot be masked is a machine check or a reset; its faults find
 * the lock in the hands of their own cpu and go on without it, as the interrupted call
 * will not run meanwhile.  A lock holds the low half of its owner's PACA address, which is
 * never zero and different for each cpu.
 *
 * No other lock is taken inside.  Not for kexec, which runs alone.
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
		const u32 self = static_cast<u32>(reinterpret_cast<u64>(xen_local_paca));
		u32 seen = 0;

		mask_ = paca::load<u8>(XEN_PACA_SOFT_MASK);
		paca::store<u8>(XEN_PACA_SOFT_MASK, XEN_IRQS_ALL_DISABLED);
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
