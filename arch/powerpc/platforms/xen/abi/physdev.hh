/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Physical interrupts: the operations of physdev_op and what they take
 * (Documentation/xen/abi-ppc.rst, "Physical interrupts").
 */
#ifndef XEN_PPC_ABI_PHYSDEV_HH
#define XEN_PPC_ABI_PHYSDEV_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* "Physical interrupts": r4 of physdev_op. */
enum class PhysdevOp : u32 {
	IrqUnmaskNotify = 4, /* an old form, without argument */
	IrqStatusQuery = 5,
	SetIopl = 6,	 /* without effect on ppc */
	SetIobitmap = 7, /* without effect on ppc */
	ApicRead = 8,	 /* without effect on ppc */
	ApicWrite = 9,	 /* without effect on ppc */
	AllocIrqVector = 10,
	FreeIrqVector = 11, /* refused */
	Eoi = 12,
};

/* PhysdevOp::Eoi */
struct PhysdevEoi {
	Be<u32> irq;
};
static_assert(wire<PhysdevEoi, 4>);

namespace irq_flag {
inline constexpr u32 needs_eoi = 1 << 0;
inline constexpr u32 shared = 1 << 1;
} // namespace irq_flag

/* PhysdevOp::IrqStatusQuery */
struct PhysdevIrqStatusQuery {
	Be<u32> irq;
	Be<u32> flags; /* out; irq_flag */
};
static_assert(wire<PhysdevIrqStatusQuery, 8>);
static_assert(offsetof(PhysdevIrqStatusQuery, irq) == 0 &&
	      offsetof(PhysdevIrqStatusQuery, flags) == 4);

/* PhysdevOp::SetIopl */
struct PhysdevSetIopl {
	Be<u32> iopl;
};
static_assert(wire<PhysdevSetIopl, 4>);

/* PhysdevOp::SetIobitmap */
struct PhysdevSetIobitmap {
	BeHandle bitmap;  /* bytes */
	Be<u32> nr_ports; /* bits */
	Be<u32> pad;
};
static_assert(wire<PhysdevSetIobitmap, 16>);
static_assert(offsetof(PhysdevSetIobitmap, bitmap) == 0 &&
	      offsetof(PhysdevSetIobitmap, nr_ports) == 8);

/* PhysdevOp::ApicRead, ApicWrite */
struct PhysdevApic {
	Be<u64> apic_physbase;
	Be<u32> reg;
	Be<u32> value;
};
static_assert(wire<PhysdevApic, 16>);
static_assert(offsetof(PhysdevApic, apic_physbase) == 0 && offsetof(PhysdevApic, reg) == 8 &&
	      offsetof(PhysdevApic, value) == 12);

/* PhysdevOp::AllocIrqVector */
struct PhysdevIrq {
	Be<u32> irq;
	Be<u32> vector; /* out */
};
static_assert(wire<PhysdevIrq, 8>);
static_assert(offsetof(PhysdevIrq, irq) == 0 && offsetof(PhysdevIrq, vector) == 4);

} // namespace xen::ppc

#endif
