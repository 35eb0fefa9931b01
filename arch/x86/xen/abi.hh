/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Xen's ABI has on x86-64 beside include/xen/core/abi.hh: the operations on
 * page tables, TLBs and descriptor tables that mmuext_op takes.
 *
 * Facts of Xen's public headers; tools/testing/xen/abi compares them.
 */
#ifndef ARCH_X86_XEN_ABI_HH
#define ARCH_X86_XEN_ABI_HH

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace xen {

/* public/xen.h, MMUEXT_*; the comment says what arg1 and arg2 are. */
enum class Mmuext : std::uint32_t {
	PinL1Table = 0, /* mfn */
	PinL2Table = 1, /* mfn */
	PinL3Table = 2, /* mfn */
	PinL4Table = 3, /* mfn */
	UnpinTable = 4, /* mfn */
	NewBaseptr = 5, /* mfn: the kernel's page table */
	TlbFlushLocal = 6,
	InvlpgLocal = 7,   /* linear address */
	TlbFlushMulti = 8, /* -, address of a bitmap of vcpus */
	InvlpgMulti = 9,   /* linear address, address of a bitmap of vcpus */
	TlbFlushAll = 10,
	InvlpgAll = 11, /* linear address */
	FlushCache = 12,
	SetLdt = 13,	     /* linear address, number of entries */
	NewUserBaseptr = 15, /* mfn: the page table of user mode */
	ClearPage = 16,	     /* mfn */
	CopyPage = 17,	     /* mfn, mfn copied from */
	FlushCacheGlobal = 18,
	MarkSuper = 19,	  /* mfn */
	UnmarkSuper = 20, /* mfn */
};

/* public/xen.h, struct mmuext_op: one record of a mmuext_op hypercall. */
struct MmuextOp {
	Mmuext cmd;
	std::uint32_t pad; /* zero, so that nothing leaks to Xen */
	std::uint64_t arg1;
	std::uint64_t arg2; /* a 32-bit number of entries for SetLdt: the low half */
};

static_assert(sizeof(MmuextOp) == 24 && alignof(MmuextOp) == 8);
static_assert(offsetof(MmuextOp, cmd) == 0);
static_assert(offsetof(MmuextOp, arg1) == 8);
static_assert(offsetof(MmuextOp, arg2) == 16);
static_assert(std::has_unique_object_representations_v<MmuextOp>, "nothing leaks by padding");

} // namespace xen

#endif
