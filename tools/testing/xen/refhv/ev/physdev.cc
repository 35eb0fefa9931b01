/* SPDX-License-Identifier: GPL-2.0 */
/*
 * physdev_op and nmi_op (ABI 5.5; layouts 7.3, 7.8).
 *
 * refhv serves every device of its machine itself: physical interrupts have numbers and
 * can be bound, all are edges that need no end, and only raise_pirq() raises one.
 */
#include <abi/physdev.hh>

#include "call/hypercall.hh"
#include "dom/domain.hh"

namespace refhv {

namespace {

using namespace xen::ppc;
namespace err = xen::err;

inline constexpr u32 max_iopl = 3, max_io_ports = 65536;

/* What nmi_op registers: an address and a word that nobody reads. */
struct NmiCallback {
	Be<u64> handler, pad;
};
static_assert(wire<NmiCallback, 16>);

/*
 * An operation: its structure, its one word that is judged and how large that may be, and
 * the word that it answers, if any: 0 or, for a vector, the judged word (an irq's own number).
 */
struct Operation {
	PhysdevOp command;
	bool privileged, written_back;
	u8 bytes, judged;
	u32 limit;
	u8 answer;
};
inline constexpr u8 no_answer = 0xff;

constexpr Operation operations[] = {
	{PhysdevOp::IrqStatusQuery, false, true, sizeof(PhysdevIrqStatusQuery),
	 offsetof(PhysdevIrqStatusQuery, irq), refhv::nr_pirqs - 1,
	 offsetof(PhysdevIrqStatusQuery, flags)},
	{PhysdevOp::SetIopl, false, false, sizeof(PhysdevSetIopl), offsetof(PhysdevSetIopl, iopl),
	 max_iopl, no_answer},
	{PhysdevOp::SetIobitmap, false, false, sizeof(PhysdevSetIobitmap),
	 offsetof(PhysdevSetIobitmap, nr_ports), max_io_ports, no_answer},
	{PhysdevOp::ApicRead, true, true, sizeof(PhysdevApic), offsetof(PhysdevApic, reg), ~0u,
	 no_answer},
	{PhysdevOp::ApicWrite, true, false, sizeof(PhysdevApic), offsetof(PhysdevApic, reg), ~0u,
	 no_answer},
	{PhysdevOp::AllocIrqVector, true, true, sizeof(PhysdevIrq), offsetof(PhysdevIrq, irq),
	 refhv::nr_pirqs - 1, offsetof(PhysdevIrq, vector)},
	{PhysdevOp::Eoi, false, false, sizeof(PhysdevEoi), offsetof(PhysdevEoi, irq),
	 refhv::nr_pirqs - 1, no_answer},
};

s64 serve(Call &call, const Operation &op)
{
	Be<u32> arg[sizeof(PhysdevSetIobitmap) / sizeof(u32)];
	const Be<u32> &judged = arg[op.judged / sizeof(u32)];

	if (!xencomm::read(call.mem, call.arg[1], 0, arg, op.bytes))
		return err::fault.to_linux();
	if (op.privileged && !call.vcpu.dom->privileged)
		return err::perm.to_linux();
	if (judged.load() > op.limit)
		return err::inval.to_linux();
	if (op.answer != no_answer)
		arg[op.answer / sizeof(u32)] =
			op.command == PhysdevOp::AllocIrqVector ? judged : Be<u32>{0};
	if (op.written_back && !xencomm::write(call.mem, call.arg[1], 0, arg, op.bytes))
		return err::fault.to_linux();
	return 0;
}

} // namespace

s64 do_physdev_op(Call &call)
{
	const auto command = static_cast<PhysdevOp>(u32(call.arg[0]));

	for (const Operation &op : operations)
		if (op.command == command)
			return serve(call, op);
	return command == PhysdevOp::IrqUnmaskNotify ? 0 : err::nosys.to_linux();
}

/* Taken and forgotten: no NMI ever comes. */
s64 do_nmi_op(Call &call)
{
	NmiCallback callback;

	if (u32(call.arg[0]) > 1)
		return err::nosys.to_linux();
	if (u32(call.arg[0]) == 0 && !xencomm::get(call.mem, call.arg[1], callback))
		return err::fault.to_linux();
	return call.vcpu.dom->privileged && !call.vcpu.id.raw() ? 0 : err::inval.to_linux();
}

} // namespace refhv
