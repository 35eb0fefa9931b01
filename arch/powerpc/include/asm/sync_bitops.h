/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Atomic operations on memory that the hypervisor or another domain changes at the
 * same time, whatever the number of this kernel's own cpus.
 *
 * All of them are full barriers, as the drivers for Xen, written for x86, take for
 * granted: unmasking an event channel clears one bit and then reads another, and an
 * event is lost when the two change places.  The plain operations behind them have
 * their barriers on SMP kernels only, hence the check.
 */
#ifndef _ASM_POWERPC_SYNC_BITOPS_H
#define _ASM_POWERPC_SYNC_BITOPS_H

#ifndef CONFIG_SMP
#error "Barriers against the hypervisor need CONFIG_SMP"
#endif

#include <linux/bitops.h>
#include <linux/atomic.h>

#include <asm/barrier.h>
#include <asm/cmpxchg.h>

static inline void sync_set_bit(long nr, volatile unsigned long *addr)
{
	smp_mb__before_atomic();
	set_bit(nr, addr);
	smp_mb__after_atomic();
}

static inline void sync_clear_bit(long nr, volatile unsigned long *addr)
{
	smp_mb__before_atomic();
	clear_bit(nr, addr);
	smp_mb__after_atomic();
}

static inline void sync_change_bit(long nr, volatile unsigned long *addr)
{
	smp_mb__before_atomic();
	change_bit(nr, addr);
	smp_mb__after_atomic();
}

static inline int sync_test_and_set_bit(long nr, volatile unsigned long *addr)
{
	return test_and_set_bit(nr, addr);
}

static inline int sync_test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	return test_and_clear_bit(nr, addr);
}

static inline int sync_test_and_change_bit(long nr, volatile unsigned long *addr)
{
	return test_and_change_bit(nr, addr);
}

#define sync_test_bit(nr, addr)		test_bit(nr, addr)

/* Linux makes sync_cmpxchg() of it. */
#define arch_sync_cmpxchg		arch_cmpxchg

#endif /* _ASM_POWERPC_SYNC_BITOPS_H */
