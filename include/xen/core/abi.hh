/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every architecture of Xen agrees on: hypercall numbers, reserved domains,
 * the multicall entry, page-table update requests, the head of vcpu_info.
 *
 * Facts of Xen's public headers, named per declaration.  tools/testing/xen/abi
 * compares each of them with those headers for x86-64.  What differs by architecture
 * (mmuext_op, shared_info, the rest of vcpu_info) stands in that architecture's own
 * abi.hh.
 */
#ifndef XEN_CORE_ABI_HH
#define XEN_CORE_ABI_HH

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <xen/core/bits.hh>
#include <xen/core/id.hh>
#include <xen/core/shared.hh>

namespace xen {

/* public/xen.h, __HYPERVISOR_* */
enum class Hypercall : unsigned long {
	SetTrapTable = 0,
	MmuUpdate = 1,
	SetGdt = 2,
	StackSwitch = 3,
	SetCallbacks = 4,
	FpuTaskswitch = 5,
	PlatformOp = 7,
	SetDebugreg = 8,
	GetDebugreg = 9,
	UpdateDescriptor = 10,
	MemoryOp = 12,
	Multicall = 13,
	UpdateVaMapping = 14,
	SetTimerOp = 15,
	XenVersion = 17,
	ConsoleIo = 18,
	GrantTableOp = 20,
	VmAssist = 21,
	UpdateVaMappingOtherdomain = 22,
	Iret = 23,
	VcpuOp = 24,
	SetSegmentBase = 25,
	MmuextOp = 26,
	XsmOp = 27,
	NmiOp = 28,
	SchedOp = 29,
	CallbackOp = 30,
	XenoprofOp = 31,
	EventChannelOp = 32,
	PhysdevOp = 33,
	HvmOp = 34,
	Sysctl = 35,
	Domctl = 36,
	KexecOp = 37,
	XenpmuOp = 40,
	DmOp = 41,
	Arch0 = 48,
};

/* The number that goes into a register or a multicall entry. */
[[nodiscard, gnu::always_inline]] constexpr unsigned long number_of(Hypercall call) noexcept
{
	return static_cast<unsigned long>(call);
}

/* public/xen.h, DOMID_*: numbers that name a role instead of a domain. */
namespace domid {
inline constexpr DomId first_reserved{0x7ff0};
inline constexpr DomId self{0x7ff0};
inline constexpr DomId io{0x7ff1};
inline constexpr DomId xen{0x7ff2};
inline constexpr DomId cow{0x7ff3};
inline constexpr DomId invalid{0x7ff4};
inline constexpr DomId idle{0x7fff};
} // namespace domid

/*
 * public/xen.h, struct multicall_entry: one hypercall of a batch.
 *
 * Xen writes result.  It also rewrites op and args when it preempts a hypercall half
 * way, and fills them with a pattern in its debug builds: after the call only
 * result means anything.
 */
struct MulticallEntry {
	unsigned long op;
	long result;
	unsigned long args[6];
};

static_assert(sizeof(unsigned long) == 8, "64-bit guests only");
static_assert(sizeof(MulticallEntry) == 64 && alignof(MulticallEntry) == 8);
static_assert(offsetof(MulticallEntry, op) == 0);
static_assert(offsetof(MulticallEntry, result) == 8);
static_assert(offsetof(MulticallEntry, args) == 16);
static_assert(std::is_trivial_v<MulticallEntry> && std::is_standard_layout_v<MulticallEntry>);

/* public/xen.h, MMU_*: what an update request asks for; the low two bits of its ptr. */
enum class MmuCommand : std::uint64_t {
	NormalPtUpdate = 0,
	MachphysUpdate = 1,
	PtUpdatePreserveAd = 2,
	PtUpdateNoTranslate = 3,
};

/* public/xen.h, struct mmu_update: one record of a mmu_update hypercall. */
struct MmuUpdate {
	using Command = Field<std::uint64_t, 0, 2, MmuCommand>;

	std::uint64_t ptr; /* machine address, with a Command in it */
	std::uint64_t val; /* the entry's new contents */
};

static_assert(sizeof(MmuUpdate) == 16 && alignof(MmuUpdate) == 8);
static_assert(offsetof(MmuUpdate, ptr) == 0 && offsetof(MmuUpdate, val) == 8);
static_assert(std::has_unique_object_representations_v<MmuUpdate>, "nothing leaks by padding");

/* public/xen.h, UVMF_*: flags of update_va_mapping. */
enum class UvmFlush : unsigned long {
	None = 0,
	TlbFlush = 1,
	Invlpg = 2,
	All = 4, /* OR-ed in: on every CPU, not just this one */
};

/*
 * public/xen.h, struct vcpu_info: the part in front of arch_vcpu_info.
 *
 * Live memory, hence Shared.  pending is a byte that Xen sets and the guest clears;
 * mask is the guest's own interrupt-disable byte, which Xen clears when the vcpu
 * blocks; the selector has a bit for each word of pending events.
 */
struct VcpuInfoHead {
	Shared<std::uint8_t> evtchn_upcall_pending;
	Shared<std::uint8_t> evtchn_upcall_mask;
	Shared<unsigned long> evtchn_pending_sel;
};

static_assert(sizeof(VcpuInfoHead) == 16 && std::is_standard_layout_v<VcpuInfoHead>);
static_assert(offsetof(VcpuInfoHead, evtchn_upcall_pending) == 0);
static_assert(offsetof(VcpuInfoHead, evtchn_upcall_mask) == 1);
static_assert(offsetof(VcpuInfoHead, evtchn_pending_sel) == 8);

} // namespace xen

#endif
