/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts about devices: physdev_op, physical interrupts, the console's other half, and the
 * proxy of run-time services (ABI 3.1, 5.5; layouts 7.3, 7.6, 7.8).
 */
#include <abi/console.hh>
#include <abi/physdev.hh>

#include "probe/events.hh"
#include "probe/facts.hh"

namespace probe {

namespace {

using abi::PhysdevOp;

constexpr u32 irq = 5, irqs = 256; /* a number that the probe's machines leave alone; the limit */

template <class T> s64 physdev(PhysdevOp op, T &argument)
{
	return xen_call(XenCall::PhysdevOp, static_cast<u64>(op), inline_handle(&argument));
}

void interrupts()
{
	abi::PhysdevIrqStatusQuery query{};
	abi::PhysdevIrq vector{};
	abi::PhysdevEoi eoi{};

	query.irq.store(irqs);
	fact("device.query.beyond", xen_result(physdev(PhysdevOp::IrqStatusQuery, query)));
	query.irq.store(irq);
	fact("device.query", xen_result(physdev(PhysdevOp::IrqStatusQuery, query)));
	vector.irq.store(irqs);
	fact("device.vector.beyond", xen_result(physdev(PhysdevOp::AllocIrqVector, vector)));
	vector.irq.store(irq);
	fact("device.vector", xen_result(physdev(PhysdevOp::AllocIrqVector, vector)));
	fact("device.vector.free", xen_result(physdev(PhysdevOp::FreeIrqVector, vector)));
	eoi.irq.store(irqs);
	fact("device.eoi.beyond", xen_result(physdev(PhysdevOp::Eoi, eoi)));

	abi::EvtchnBindPirq bind{};

	bind.pirq.store(irq);
	fact("device.bind", xen_result(ev::op(abi::EvtchnOp::BindPirq, bind)));
	const u32 port = bind.port.load();

	bind.pirq.store(irq);
	fact("device.bind.twice", xen_result(ev::op(abi::EvtchnOp::BindPirq, bind)));
	eoi.irq.store(irq);
	fact("device.eoi", xen_result(physdev(PhysdevOp::Eoi, eoi)));
	fact("device.bind.close", xen_result(ev::close(port)));
}

void others()
{
	abi::PhysdevSetIopl iopl{};
	abi::PhysdevSetIobitmap bitmap{};
	abi::PhysdevApic apic{};

	iopl.iopl.store(3);
	fact("device.iopl", xen_result(physdev(PhysdevOp::SetIopl, iopl)));
	iopl.iopl.store(4);
	fact("device.iopl.beyond", xen_result(physdev(PhysdevOp::SetIopl, iopl)));
	bitmap.nr_ports.store(65537);
	fact("device.iobitmap.beyond", xen_result(physdev(PhysdevOp::SetIobitmap, bitmap)));
	apic.value.store(0x1234);
	fact("device.apic.read", xen_result(physdev(PhysdevOp::ApicRead, apic)), " ",
	     hex(apic.value.load()));
	fact("device.apic.write", xen_result(physdev(PhysdevOp::ApicWrite, apic)));
	fact("device.operation_99", xen_result(physdev(static_cast<PhysdevOp>(99), apic)));
	fact("device.null", xen_result(xen_call(XenCall::PhysdevOp,
						static_cast<u64>(PhysdevOp::IrqStatusQuery), 0)));
}

s64 console(u64 command, u64 count, u64 handle)
{
	return xen_call(XenCall::ConsoleIo, command, count, handle);
}

void console_io()
{
	const u64 read = static_cast<u64>(abi::ConsoleOp::Read);
	u8 *buffer = page();

	fact("device.console.read", xen_result(console(read, 128, inline_handle(buffer))));
	fact("device.console.write.nothing", xen_result(console(0, 0, inline_handle(buffer))));
	fact("device.console.write.null", xen_result(console(0, 4, 0)));
	fact("device.console.operation_2", xen_result(console(2, 4, inline_handle(buffer))));
}

void rtas()
{
	struct Block {
		u32 token, arguments, results, cell[4];
	};
	auto *block = reinterpret_cast<Block *>(page());

	if (!daring())
		return absent("device.rtas");
	block->results = 1;
	block->cell[0] = 0x5a;
	const s64 result = xen_call(XenCall::RtasProxy, address_of(block));

	asm volatile("" ::: "memory");
	fact("device.rtas", xen_result(result), " ", static_cast<s32>(block->cell[0]));
}

} // namespace

void facts_device()
{
	interrupts();
	others();
	console_io();
	rtas();
}

} // namespace probe
