/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of Xen's interface that each architecture has its own form of: Xen/PPC for
 * 64-bit big-endian guests.
 *
 * With these definitions Linux's generic struct shared_info has the layout of Xen/PPC:
 * the word wc_sec_hi, which is younger, falls into the padding before arch.  A glue file
 * of the platform asserts sizes and offsets.
 *
 * A guest handle is a kernel pointer here; the hypercall functions put xencomm handles
 * in its place, in a copy of their own.
 */
#ifndef _ASM_POWERPC_XEN_INTERFACE_H
#define _ASM_POWERPC_XEN_INTERFACE_H

#include <linux/types.h>

#define __DEFINE_GUEST_HANDLE(name, type) \
	typedef struct { type *p; } __guest_handle_ ## name

#define DEFINE_GUEST_HANDLE_STRUCT(name)	__DEFINE_GUEST_HANDLE(name, struct name)
#define DEFINE_GUEST_HANDLE(name)		__DEFINE_GUEST_HANDLE(name, name)
#define GUEST_HANDLE(name)			__guest_handle_ ## name

#define set_xen_guest_handle(hnd, val)	((void)((hnd).p = (val)))

#define __HYPERVISOR_platform_op_raw	__HYPERVISOR_platform_op

#ifndef __ASSEMBLY__

/* Frame numbers and words are 64 bits wide in every structure. */
typedef u64 xen_pfn_t;
#define PRI_xen_pfn	"llx"
typedef u64 xen_ulong_t;
#define PRI_xen_ulong	"llx"
typedef s64 xen_long_t;
#define PRI_xen_long	"llx"

/* Handles of what C has no single word for, */
__DEFINE_GUEST_HANDLE(uchar, unsigned char);
__DEFINE_GUEST_HANDLE(uint, unsigned int);
/* of Xen's own words, */
DEFINE_GUEST_HANDLE(xen_pfn_t);
DEFINE_GUEST_HANDLE(xen_ulong_t);
/* and of plain memory. */
DEFINE_GUEST_HANDLE(void);
DEFINE_GUEST_HANDLE(char);
DEFINE_GUEST_HANDLE(uint32_t);
DEFINE_GUEST_HANDLE(int);
DEFINE_GUEST_HANDLE(uint64_t);

/* vcpu_info[] of the shared page. */
#define MAX_VIRT_CPUS	32

struct arch_vcpu_info { };

struct arch_shared_info {
	u64 boot_timebase;	/* timebase at the second of the wall clock */
};

/* Xen/PPC leaves it zero: guests read the timebase. */
struct pvclock_vcpu_time_info {
	u32	version, pad0;
	u64	tsc_timestamp, system_time;
	u32	tsc_to_system_mul;
	s8	tsc_shift;
	u8	flags, pad[2];
};

struct pvclock_wall_clock {
	u32	version;
	u32	sec;
	u32	nsec;
};

#endif /* !__ASSEMBLY__ */

#endif /* _ASM_POWERPC_XEN_INTERFACE_H */
