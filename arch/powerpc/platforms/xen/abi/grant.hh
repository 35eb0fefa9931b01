/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Grants: the table that a domain shares pages by, and the operations of grant_table_op.
 *
 * The table is live memory: another domain's hypercalls change the flags while its owner
 * looks.  A call takes an array of one kind of structure; its result says only that all
 * were handled, each status says how (Documentation/xen/abi-ppc.rst, "Grants").
 */
#ifndef XEN_PPC_ABI_GRANT_HH
#define XEN_PPC_ABI_GRANT_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* An entry's flags: a type, and for each type its own bits. */
namespace grant_flag {
inline constexpr u16 type_mask = 3;
inline constexpr u16 invalid = 0;
inline constexpr u16 permit_access = 1;
inline constexpr u16 accept_transfer = 2;
inline constexpr u16 readonly = 1 << 2; /* access */
inline constexpr u16 reading = 1 << 3;
inline constexpr u16 writing = 1 << 4;
inline constexpr u16 transfer_committed = 1 << 2; /* transfer */
inline constexpr u16 transfer_completed = 1 << 3;
} // namespace grant_flag

/* frame is a frame of the granter's own space; the machine's in a direct domain. */
struct GrantEntry {
	Be<u16> flags;
	Be<u16> domid;
	Be<u32> frame;
};
static_assert(wire<GrantEntry, 8>);
static_assert(offsetof(GrantEntry, flags) == 0 && offsetof(GrantEntry, domid) == 2 &&
	      offsetof(GrantEntry, frame) == 4);

inline constexpr u32 nr_grant_frames = 4;
inline constexpr u32 grants_per_frame = page_size / sizeof(GrantEntry);
inline constexpr u32 nr_grants = nr_grant_frames * grants_per_frame;
inline constexpr u32 max_grant_ops = 512; /* elements of one call */

/* "Grants": r4 of grant_table_op; r6 is the number of elements. */
enum class GrantOp : u32 {
	MapGrantRef = 0,
	UnmapGrantRef = 1,
	SetupTable = 2, /* one element */
	DumpTable = 3,	/* refused */
	Transfer = 4,
	Copy = 5,
	QuerySize = 6,	     /* one element */
	UnmapAndReplace = 7, /* refused */
};

/* "Grants": how one element went. */
enum class GrantStatus : s16 {
	Okay = 0,
	GeneralError = -1,
	BadDomain = -2,
	BadGntref = -3,
	BadHandle = -4,
	BadVirtAddr = -5,
	BadDevAddr = -6,
	NoDeviceSpace = -7, /* no handle is left */
	PermissionDenied = -8,
	BadPage = -9,
	BadCopyArg = -10, /* a copy crosses a page */
};

/* Flags of a mapping. */
namespace map_flag {
inline constexpr u32 device = 1 << 0;
inline constexpr u32 host = 1 << 1;
inline constexpr u32 readonly = 1 << 2;
inline constexpr u32 application = 1 << 3;  /* refused on ppc */
inline constexpr u32 contains_pte = 1 << 4; /* refused on ppc */
} // namespace map_flag

/* GrantOp::MapGrantRef; host_addr is an address in the window for foreign frames. */
struct GrantMapRef {
	Be<u64> host_addr;
	Be<u32> flags;
	Be<u32> ref;
	Be<u16> dom;
	Be<s16> status;	      /* out */
	Be<u32> handle;	      /* out */
	Be<u64> dev_bus_addr; /* out; machine address of the frame */
};
static_assert(wire<GrantMapRef, 32>);
static_assert(offsetof(GrantMapRef, host_addr) == 0 && offsetof(GrantMapRef, flags) == 8 &&
	      offsetof(GrantMapRef, ref) == 12 && offsetof(GrantMapRef, dom) == 16 &&
	      offsetof(GrantMapRef, status) == 18 && offsetof(GrantMapRef, handle) == 20 &&
	      offsetof(GrantMapRef, dev_bus_addr) == 24);

/* GrantOp::UnmapGrantRef; an address of 0 leaves that mapping alone. */
struct GrantUnmapRef {
	Be<u64> host_addr;
	Be<u64> dev_bus_addr;
	Be<u32> handle;
	Be<s16> status; /* out */
	Be<u16> pad;
};
static_assert(wire<GrantUnmapRef, 24>);
static_assert(offsetof(GrantUnmapRef, host_addr) == 0 &&
	      offsetof(GrantUnmapRef, dev_bus_addr) == 8 && offsetof(GrantUnmapRef, handle) == 16 &&
	      offsetof(GrantUnmapRef, status) == 20);

/* GrantOp::SetupTable */
struct GrantSetupTable {
	Be<u16> dom;
	Be<u16> pad0;
	Be<u32> nr_frames;
	Be<s16> status; /* out */
	Be<u16> pad1[3];
	BeHandle frame_list; /* out, u64 each */
};
static_assert(wire<GrantSetupTable, 24>);
static_assert(offsetof(GrantSetupTable, dom) == 0 && offsetof(GrantSetupTable, nr_frames) == 4 &&
	      offsetof(GrantSetupTable, status) == 8 &&
	      offsetof(GrantSetupTable, frame_list) == 16);

/* GrantOp::DumpTable */
struct GrantDumpTable {
	Be<u16> dom;
	Be<s16> status; /* out */
};
static_assert(wire<GrantDumpTable, 4>);
static_assert(offsetof(GrantDumpTable, dom) == 0 && offsetof(GrantDumpTable, status) == 2);

/* GrantOp::Transfer */
struct GrantTransfer {
	Be<u64> mfn;
	Be<u16> domid;
	Be<u16> pad0;
	Be<u32> ref;
	Be<s16> status; /* out */
	Be<u16> pad1[3];
};
static_assert(wire<GrantTransfer, 24>);
static_assert(offsetof(GrantTransfer, mfn) == 0 && offsetof(GrantTransfer, domid) == 8 &&
	      offsetof(GrantTransfer, ref) == 12 && offsetof(GrantTransfer, status) == 16);

/* A page named by a grant. */
struct GrantCopyRef {
	Be<u32> ref;
	Be<u32> pad;
};
static_assert(wire<GrantCopyRef, 8>);

/* One side of a copy: copy_flag says which member of u it is. */
struct GrantCopySide {
	union {
		GrantCopyRef grant;
		Be<u64> gmfn;
	} u;
	Be<u16> domid;
	Be<u16> offset;
	Be<u32> pad;
};
static_assert(wire<GrantCopySide, 16>);
static_assert(offsetof(GrantCopySide, u) == 0 && offsetof(GrantCopySide, domid) == 8 &&
	      offsetof(GrantCopySide, offset) == 10);

namespace copy_flag {
inline constexpr u16 source_gref = 1 << 0;
inline constexpr u16 dest_gref = 1 << 1;
} // namespace copy_flag

/* GrantOp::Copy; neither side may cross its page. */
struct GrantCopy {
	GrantCopySide source;
	GrantCopySide dest;
	Be<u16> len;
	Be<u16> flags;
	Be<s16> status; /* out */
	Be<u16> pad;
};
static_assert(wire<GrantCopy, 40>);
static_assert(offsetof(GrantCopy, source) == 0 && offsetof(GrantCopy, dest) == 16 &&
	      offsetof(GrantCopy, len) == 32 && offsetof(GrantCopy, flags) == 34 &&
	      offsetof(GrantCopy, status) == 36);

/* GrantOp::QuerySize */
struct GrantQuerySize {
	Be<u16> dom;
	Be<u16> pad0;
	Be<u32> nr_frames;     /* out */
	Be<u32> max_nr_frames; /* out */
	Be<s16> status;	       /* out */
	Be<u16> pad1;
};
static_assert(wire<GrantQuerySize, 16>);
static_assert(offsetof(GrantQuerySize, dom) == 0 && offsetof(GrantQuerySize, nr_frames) == 4 &&
	      offsetof(GrantQuerySize, max_nr_frames) == 8 &&
	      offsetof(GrantQuerySize, status) == 12);

/* GrantOp::UnmapAndReplace */
struct GrantUnmapAndReplace {
	Be<u64> host_addr;
	Be<u64> new_addr;
	Be<u32> handle;
	Be<s16> status; /* out */
	Be<u16> pad;
};
static_assert(wire<GrantUnmapAndReplace, 24>);
static_assert(offsetof(GrantUnmapAndReplace, host_addr) == 0 &&
	      offsetof(GrantUnmapAndReplace, new_addr) == 8 &&
	      offsetof(GrantUnmapAndReplace, handle) == 16 &&
	      offsetof(GrantUnmapAndReplace, status) == 20);

} // namespace xen::ppc

#endif
