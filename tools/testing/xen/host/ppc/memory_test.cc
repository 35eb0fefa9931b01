// SPDX-License-Identifier: GPL-2.0
/* Reservations of memory: which frames reach Xen, and which never do. */
#include "abi/memory.hh"
#include "calls_glue.h"
#include "calls_rig.hh"

namespace {

using namespace xen::ppc;
using host::alien;
using host::Calls;
using host::efault;
using host::einval;
using host::eopnotsupp;
using host::eperm;
using host::kernel;
using host::Trapped;
using host::Xen;
using xen::Be;

class Memory : public Calls {
protected:
	static MemoryReservation reservation(const Be<u64> *list, u64 extents)
	{
		MemoryReservation op{};

		op.extent_start.store(reinterpret_cast<u64>(list));
		op.nr_extents.store(extents);
		op.domid.store(0x7ff0);
		return op;
	}
	static constexpr u64 rma_pages = 16384;
};

TEST_F(Memory, lists_of_frames_are_found_and_the_caller_keeps_its_pointer)
{
	const Be<u64> list[2] = {Be<u64>{rma_pages}, Be<u64>{rma_pages + 5}};

	xen.answer = [](const Trapped &call) {
		const auto op = Xen::get<MemoryReservation>(call.arg[1]);
		const auto frames = Xen::read(op.extent_start.load(), 16);

		EXPECT_EQ(op.nr_extents.load(), 2U);
		EXPECT_EQ(frames[6], 0x40);
		EXPECT_EQ(frames[15], 5);
		return s64{2};
	};
	for (const unsigned int cmd : {0U, 1U, 6U}) {
		MemoryReservation op = reservation(list, 2);
		const MemoryReservation before = op;

		EXPECT_EQ(HYPERVISOR_memory_op(cmd, &op), 2);
		EXPECT_EQ(std::memcmp(&op, &before, sizeof op), 0);
	}
	EXPECT_EQ(xen.calls.size(), 3U);
}

TEST_F(Memory, no_frame_of_the_real_mode_area_is_given_back)
{
	const Be<u64> list[2] = {Be<u64>{rma_pages}, Be<u64>{rma_pages - 1}};
	MemoryReservation op = reservation(list, 2);

	EXPECT_EQ(HYPERVISOR_memory_op(1, &op), eperm);
	EXPECT_TRUE(xen.calls.empty());
	EXPECT_EQ(kernel.refusals.size(), 1U);
}

TEST_F(Memory, impossible_reservations_do_not_enter)
{
	const Be<u64> list{rma_pages};
	MemoryReservation op = reservation(static_cast<Be<u64> *>(alien()), 1);

	EXPECT_EQ(HYPERVISOR_memory_op(1, &op), efault);
	op = reservation(&list, u64{1} << 62);
	EXPECT_EQ(HYPERVISOR_memory_op(6, &op), einval);
	op = reservation(&list, 1);
	op.extent_order.store(25);
	EXPECT_EQ(HYPERVISOR_memory_op(6, &op), einval);
	EXPECT_TRUE(xen.calls.empty());
}

TEST_F(Memory, foreign_frames_cannot_be_mapped_yet)
{
	u64 memory[16] = {};

	EXPECT_EQ(HYPERVISOR_memory_op(23, memory), eopnotsupp);
	EXPECT_EQ(HYPERVISOR_memory_op(15, memory), eopnotsupp);
	EXPECT_TRUE(xen.calls.empty());
}

} // namespace
