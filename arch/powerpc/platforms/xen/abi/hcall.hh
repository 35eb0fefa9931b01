/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a Xen/PPC guest calls its hypervisor: numbers, flags, return codes, multicalls.
 *
 * One trapping instruction serves two families of calls: a number in r3 with all upper
 * 48 bits set is a call of Xen, any other is a token of the PAPR.  Arguments are in r4
 * to r11, the result in r3 (Documentation/xen/abi-ppc.rst, "Hypercalls").
 */
#ifndef XEN_PPC_ABI_HCALL_HH
#define XEN_PPC_ABI_HCALL_HH

#include <cstddef>

#include <xen/core/bits.hh>

#include "wire.hh"

namespace xen::ppc {

/* "Hypercalls": sc with LEV = 1, and the mark that makes r3 a number of Xen's. */
inline constexpr u32 trap_word = 0x44000022;
inline constexpr u64 xen_mark = 0xffffffffffff0000;
inline constexpr unsigned int max_arguments = 8; /* r4 to r11 */

/* "Calls of Xen": the numbers behind the mark; those not named are refused. */
enum class XenCall : u32 {
	SchedOpCompat = 6, /* served like SchedOp */
	MemoryOp = 12,
	Multicall = 13, /* with the feature tree::feature_multicall */
	SetTimerOp = 15,
	XenVersion = 17,
	ConsoleIo = 18,
	GrantTableOp = 20,
	VmAssist = 21,
	RtasProxy = 23, /* x86 has iret here */
	VcpuOp = 24,
	AcmOp = 27,
	NmiOp = 28,
	SchedOp = 29,
	EventChannelOp = 32,
	PhysdevOp = 33,
	Sysctl = 35,
	Domctl = 36,
};

inline constexpr u32 nr_xen_calls = 64;

/* "PAPR calls": tokens are multiples of four. */
enum class Papr : u64 {
	Remove = 0x04,
	Enter = 0x08,
	Read = 0x0c,
	ClearMod = 0x10,
	ClearRef = 0x14,
	Protect = 0x18,
	GetTce = 0x1c,
	PutTce = 0x20,
	SetDabr = 0x28,
	GetTermChar = 0x54,
	PutTermChar = 0x58,
	PerfMon = 0x7c,
	BulkRemove = 0x124, /* with the feature tree::feature_bulk_remove */
	SetXdabr = 0x134,
	StuffTce = 0x138,
	Last = 0x1d4, /* the highest token there can be */
};

/* "PAPR calls": what r3 holds afterwards. */
namespace h {
inline constexpr s64 success = 0;
inline constexpr s64 busy = 1;
inline constexpr s64 hardware = -1;
inline constexpr s64 function = -2;
inline constexpr s64 privilege = -3;
inline constexpr s64 parameter = -4;
inline constexpr s64 bad_mode = -5;
inline constexpr s64 pteg_full = -6;
inline constexpr s64 not_found = -7;
inline constexpr s64 reserved_dabr = -8;
inline constexpr s64 permission = -11;
inline constexpr s64 resource = -16;
inline constexpr s64 rescinded = -18; /* the frame's owner is gone; Xen's own code */
} // namespace h

/* "PAPR calls": the flags word, r4 of the calls on the hashed page table. */
namespace hflag {
inline constexpr u64 exact = u64{1} << 39;
inline constexpr u64 r_xlate = u64{1} << 38;
inline constexpr u64 read_4 = u64{1} << 37;
inline constexpr u64 avpn = u64{1} << 31;
inline constexpr u64 andcond = u64{1} << 30;
inline constexpr u64 icache_invalidate = u64{1} << 23;
inline constexpr u64 icache_sync = u64{1} << 22;
inline constexpr u64 zero_page = u64{1} << 15;
inline constexpr u64 copy_page = u64{1} << 14;
/* H_PROTECT: the new protection, where the low word has it, but for pp0. */
inline constexpr u64 pp0 = u64{1} << 8;
inline constexpr u64 n = u64{1} << 2;
inline constexpr u64 pp1 = u64{1} << 1;
inline constexpr u64 pp2 = u64{1} << 0;
} // namespace hflag

/*
 * "PAPR calls", H_BULK_REMOVE: four pairs of words in r4 to r11.  The first word of a
 * pair asks and, rewritten, answers; the second is the AVPN or the mask to test.
 */
namespace bulk {
inline constexpr unsigned int max_requests = 4;

enum class Type : u64 { Unused = 0, Request = 1, Response = 2, End = 3 };
enum class Code : u64 { Success = 0, NotFound = 1, Parameter = 2, Hardware = 3 };

using TypeField = Field<u64, 62, 2, Type>;
using CodeField = Field<u64, 60, 2, Code>;	 /* of a response */
using ReferencedField = Field<u64, 59, 1, bool>; /* of a response: R of the entry */
using ChangedField = Field<u64, 58, 1, bool>;	 /* of a response: C of the entry */
using AvpnField = Field<u64, 57, 1, bool>;	 /* like hflag::avpn */
using AndcondField = Field<u64, 56, 1, bool>;	 /* like hflag::andcond */
using SlotField = Field<u64, 0, 56>;
} // namespace bulk

/* "PAPR calls", H_PUT_TCE: the word that describes one page to a device. */
namespace tce {
using ReadField = Field<u64, 0, 1, bool>;
using WriteField = Field<u64, 1, 1, bool>;
using FrameField = Field<u64, 12, 40>;
inline constexpr u64 nr_liobns = 16; /* a bus number is below it */
} // namespace tce

/* "PAPR calls", the console of a partition: bytes of one call, and its words. */
inline constexpr u64 max_term_chars = 16;

/* "Multicall": one call of a batch; only result means anything afterwards. */
struct MulticallEntry {
	Be<u64> op; /* a XenCall, without the mark */
	Be<s64> result;
	Be<u64> args[6];
};
static_assert(wire<MulticallEntry, 64>);
static_assert(offsetof(MulticallEntry, op) == 0 && offsetof(MulticallEntry, result) == 8 &&
	      offsetof(MulticallEntry, args) == 16);

} // namespace xen::ppc

#endif
