/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of a domain: the operations of memory_op and what they take.
 *
 * The command word holds the operation in its low four bits and, above them, the first
 * extent still to do: that is how an interrupted call continues.  Reservations answer
 * with the number of extents done, never with an errno
 * (Documentation/xen/abi-ppc.rst, "Memory operations").
 */
#ifndef XEN_PPC_ABI_MEMORY_HH
#define XEN_PPC_ABI_MEMORY_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* "Memory operations": the low four bits of r4. */
enum class MemoryOp : u32 {
	IncreaseReservation = 0,
	DecreaseReservation = 1,
	MaximumRamPage = 2,	/* no argument */
	CurrentReservation = 3, /* a MemoryDomid */
	MaximumReservation = 4, /* a MemoryDomid */
	MachphysMfnList = 5,	/* refused */
	PopulatePhysmap = 6,
	AddToPhysmap = 7, /* refused */
	TranslateGpfnList = 8,
	MemoryMap = 9,	       /* refused */
	MachineMemoryMap = 10, /* refused */
	Exchange = 11,
	MachphysMapping = 12, /* refused */
	SetMemoryMap = 13,    /* refused */
	MaximumGpfn = 14,     /* refused; a MemoryDomid */
};

inline constexpr unsigned int memory_op_shift = 4;
inline constexpr u32 memory_op_mask = (u32{1} << memory_op_shift) - 1;

/* A hole in a list of frames, as the 32-bit entries of the hypervisor's map say it. */
inline constexpr u64 no_frame = 0xffffffff;

/* Extents of 2^extent_order pages; address_bits is the width of their addresses, 0 for any. */
struct MemoryReservation {
	BeHandle extent_start; /* u64 frame numbers, one for each extent */
	Be<u64> nr_extents;
	Be<u32> extent_order;
	Be<u32> address_bits;
	Be<u16> domid;
	Be<u16> pad[3];
};
static_assert(wire<MemoryReservation, 32>);
static_assert(offsetof(MemoryReservation, extent_start) == 0 &&
	      offsetof(MemoryReservation, nr_extents) == 8 &&
	      offsetof(MemoryReservation, extent_order) == 16 &&
	      offsetof(MemoryReservation, address_bits) == 20 &&
	      offsetof(MemoryReservation, domid) == 24);

/* Pages given up for as many others. */
struct MemoryExchange {
	MemoryReservation in;
	MemoryReservation out;
	Be<u64> nr_exchanged; /* 0 from a fresh caller */
};
static_assert(wire<MemoryExchange, 72>);
static_assert(offsetof(MemoryExchange, in) == 0 && offsetof(MemoryExchange, out) == 32 &&
	      offsetof(MemoryExchange, nr_exchanged) == 64);

/* MemoryOp::AddToPhysmap */
struct AddToPhysmap {
	Be<u16> domid;
	Be<u16> pad;
	Be<u32> space; /* 0 shared_info, 1 grant table */
	Be<u64> idx;
	Be<u64> gpfn;
};
static_assert(wire<AddToPhysmap, 24>);
static_assert(offsetof(AddToPhysmap, domid) == 0 && offsetof(AddToPhysmap, space) == 4 &&
	      offsetof(AddToPhysmap, idx) == 8 && offsetof(AddToPhysmap, gpfn) == 16);

/* Machine frames of guest frames. */
struct TranslateGpfnList {
	Be<u16> domid;
	Be<u16> pad[3];
	Be<u64> nr_gpfns;
	BeHandle gpfn_list; /* in, u64 each */
	BeHandle mfn_list;  /* out, u64 each; may be gpfn_list */
};
static_assert(wire<TranslateGpfnList, 32>);
static_assert(offsetof(TranslateGpfnList, domid) == 0 &&
	      offsetof(TranslateGpfnList, nr_gpfns) == 8 &&
	      offsetof(TranslateGpfnList, gpfn_list) == 16 &&
	      offsetof(TranslateGpfnList, mfn_list) == 24);

/* Whose reservation is asked for. */
struct MemoryDomid {
	Be<u16> domid;
};
static_assert(wire<MemoryDomid, 2>);

} // namespace xen::ppc

#endif
