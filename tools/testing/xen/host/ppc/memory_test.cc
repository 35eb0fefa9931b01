// SPDX-License-Identifier: GPL-2.0
/* Reservations of memory: which frames reach Xen, and which never do. */
#include <sys/mman.h>

#include "abi/memory.hh"
#include "calls_glue.h"
#include "calls_rig.hh"
#include "fake_boot.hh"
#include "fake_window.hh"
#include "p2m.hh"
#include "window.hh"

namespace {

using namespace xen::ppc;
using host::alien;
using host::Calls;
using host::efault;
using host::einval;
using host::eio;
using host::enosys;
using host::eperm;
using host::kernel;
using host::Trapped;
using host::WindowXen;
using host::Xen;
using xen::Be;
using xen::Mfn;
using xen::Pfn;

constexpr int ebusy = -16;

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

TEST_F(Memory, more_extents_than_were_asked_for_are_an_error)
{
	const Be<u64> list[2] = {Be<u64>{rma_pages}, Be<u64>{rma_pages + 5}};
	MemoryReservation op = reservation(list, 2);

	always(3);
	EXPECT_EQ(HYPERVISOR_memory_op(6, &op), eio);
	EXPECT_EQ(kernel.refusals.size(), 1U);
}

/* Operations on the window, and on the machine's frames of a direct domain. */
class Foreign : public ::testing::Test {
protected:
	static constexpr u64 first = u64{1} << 22, direct_first = u64{1} << 30;

	struct Range {
		Be<u16> domid{0x7ff0}, space{4}, size, foreign_domid{3};
		Be<u64> idxs, gpfns, errs;
	};
	static_assert(sizeof(Range) == 32);
	struct Remove {
		Be<u16> domid{0x7ff0}, pad[3]{};
		Be<u64> gpfn;
	};
	static_assert(sizeof(Remove) == 16);

	Foreign() : usual(p2m_state)
	{
		host::reset_calls();
		host::announce(Feature::AtomicHpt);
		host::boot_facts.foreign_pages = xen::Pages{8192};
		host::hypervisor = &xen;
		xen.answer = [this](const Trapped &call) {
			EXPECT_EQ(call.number, 12U);
			EXPECT_EQ(call.arg[0], 2U) << "how much memory the machine has";
			return machine;
		};
		xen.frames = {{70000, true}, {70001, true}, {70002, false}, {5, true}};
		host::set_window();
	}
	~Foreign() override
	{
		p2m_state = usual;
		EXPECT_EQ(kernel.irqs_off, 0);
		EXPECT_EQ(host::window_glue.locked, 0);
		host::hypervisor = nullptr;
	}
	void direct()
	{
		host::set_direct(1000, 90000);
		host::set_window();
	}

	/* add - the result, and each frame's own in @errors */
	int add(std::vector<u64> frames, std::vector<u64> places)
	{
		std::vector<Be<u64>> idxs, gpfns;
		std::vector<Be<s32>> errs;
		Range range;

		for (const u64 frame : frames)
			idxs.emplace_back(frame);
		for (const u64 place : places)
			gpfns.emplace_back(place);
		errs.resize(frames.size(), Be<s32>{77});
		range.size.store(static_cast<u16>(frames.size()));
		range.idxs.store(reinterpret_cast<u64>(idxs.data()));
		range.gpfns.store(reinterpret_cast<u64>(gpfns.data()));
		range.errs.store(reinterpret_cast<u64>(errs.data()));
		const int result = HYPERVISOR_memory_op(23, &range);

		errors.clear();
		for (const auto &error : errs)
			errors.push_back(error.load());
		return result;
	}
	static int remove(u64 place)
	{
		Remove op;

		op.gpfn.store(place);
		return HYPERVISOR_memory_op(15, &op);
	}
	static u64 behind(u64 place)
	{
		const xen::P2mEntry entry = window_entry(Pfn{place});

		return entry.present() ? entry.mfn().raw() : 0;
	}

	WindowXen xen;
	P2m usual;
	s64 machine = 90000;
	std::vector<int> errors;
};

TEST_F(Foreign, each_frame_has_its_own_result)
{
	EXPECT_EQ(add({70000, 80000, 70001, 70002}, {first, first + 1, first + 2, first + 3}), 0);
	EXPECT_EQ(errors, (std::vector<int>{0, einval, 0, eperm}));
	EXPECT_EQ(behind(first), 70000U);
	EXPECT_EQ(behind(first + 1), 0U);
	EXPECT_EQ(behind(first + 2), 70001U);
	EXPECT_EQ(behind(first + 3), 0U);
	EXPECT_EQ(remove(first), 0);
	EXPECT_EQ(remove(first), -2);
	EXPECT_EQ(remove(first + 1), -2);
	EXPECT_EQ(remove(77), einval);
	EXPECT_EQ(behind(first), 0U);
	EXPECT_EQ(behind(first + 2), 70001U);
	EXPECT_EQ(xen.used(), 1U);
}

TEST_F(Foreign, a_translated_domain_cannot_name_frames_by_its_own_numbers)
{
	const u64 ram = host::boot_facts.ram_pages;

	xen.frames[ram] = true;
	EXPECT_EQ(add({5, ram - 1, ram, 90000, ~u64{0}, first + 9},
		      {first, first + 1, first + 2, first + 3, first + 4, first + 5}),
		  0);
	EXPECT_EQ(errors, (std::vector<int>{einval, einval, 0, einval, einval, einval}));
	EXPECT_EQ(xen.enters, 1U);
	machine = -38;
	EXPECT_EQ(add({70000}, {first + 6}), 0);
	EXPECT_EQ(errors, std::vector<int>{einval});
}

TEST_F(Foreign, the_historical_hypervisors_window_is_a_bit)
{
	host::reset_boot();
	host::set_window();
	machine = ~u64{0} >> 2;
	xen.frames[(u64{1} << 23) + 1] = true;
	EXPECT_EQ(add({u64{1} << 22, (u64{3} << 22) + 1, (u64{1} << 23) + 1},
		      {first, first + 1, first + 2}),
		  0);
	EXPECT_EQ(errors, (std::vector<int>{einval, einval, 0}));
}

TEST_F(Foreign, a_direct_domains_own_memory_is_not_foreign)
{
	direct();
	xen.frames[1000] = xen.frames[1000 + host::boot_facts.ram_pages - 1] = true;
	EXPECT_EQ(add({1000, 1000 + host::boot_facts.ram_pages - 1}, {direct_first, direct_first + 1}),
		  0);
	EXPECT_EQ(errors, (std::vector<int>{einval, einval}));
	/* Nor is a block of which it is known that it is contiguous. */
	host::set_direct(4096, 90000);
	host::set_window();
	const auto ram = [](Pfn pfn) { return p2m_state.table.ram(pfn); };

	ASSERT_TRUE(p2m_state.blocks.examine(Pfn{0}, ram));
	xen.frames[4096] = xen.frames[8191] = xen.frames[4095] = true;
	EXPECT_EQ(add({4096, 8191, 4095}, {direct_first, direct_first + 1, direct_first + 2}), 0);
	EXPECT_EQ(errors, (std::vector<int>{einval, einval, 0}));
}

TEST_F(Foreign, a_direct_domain_can_name_every_frame_of_other_domains)
{
	direct();
	EXPECT_EQ(add({5, 70000, 90000, 70000},
		      {direct_first, direct_first + 1, direct_first + 2, direct_first + 8192}),
		  0);
	EXPECT_EQ(errors, (std::vector<int>{0, 0, einval, einval}));
	EXPECT_EQ(behind(direct_first), 5U);
	EXPECT_TRUE(xen.calls.empty()) << "the device tree said how much memory there is";
	p2m_state.hole_first = 70000;
	p2m_state.hole_pages = 1;
	EXPECT_EQ(add({70000, 70001}, {direct_first + 3, direct_first + 4}), 0);
	EXPECT_EQ(errors, (std::vector<int>{einval, 0})) << "a device is no memory";
}

TEST_F(Foreign, a_direct_domains_frame_that_moves_is_busy)
{
	direct();
	for (const u64 frame : {u64{69999}, u64{70003}})
		xen.frames[frame] = true;
	p2m_state.moving = {Mfn{70000}, xen::Pages{2}};
	EXPECT_EQ(add({69999, 70000, 70001, 1000},
		      {direct_first, direct_first + 1, direct_first + 2, direct_first + 3}),
		  0);
	EXPECT_EQ(errors, (std::vector<int>{0, ebusy, ebusy, einval}));
	EXPECT_EQ(xen.enters, 1U) << "it does not reach Xen";
	EXPECT_EQ(behind(direct_first + 1), 0U);
	p2m_state.moving = {Mfn{0}, xen::Pages{0}};
	EXPECT_EQ(add({70000}, {direct_first + 1}), 0) << "a tool may try again";
	EXPECT_EQ(errors, std::vector<int>{0});
}

/* The balloon's thread is on another cpu, and has the lock just before. */
TEST_F(Foreign, whose_a_frame_is_does_not_change_until_it_is_entered)
{
	direct();
	host::window_glue.around_lock = [] {
		p2m_state.moving = {Mfn{70000}, xen::Pages{1}};
	};
	EXPECT_EQ(add({70000}, {direct_first}), 0);
	EXPECT_EQ(errors, std::vector<int>{ebusy});
	/* It came, and has its entry already. */
	host::window_glue.around_lock = [] {
		p2m_state.moving = {Mfn{0}, xen::Pages{0}};
		EXPECT_TRUE(p2m_state.table.enter(Pfn{77}, xen::P2mEntry::ram(Mfn{70000})));
	};
	EXPECT_EQ(add({70000}, {direct_first}), 0);
	EXPECT_EQ(errors, std::vector<int>{einval});
	EXPECT_EQ(xen.enters, 0U);
}

TEST_F(Foreign, impossible_arguments)
{
	Range range;
	Remove op;
	const Be<u64> word{first};

	EXPECT_EQ(HYPERVISOR_memory_op(23, alien()), efault);
	EXPECT_EQ(HYPERVISOR_memory_op(15, alien()), efault);
	EXPECT_EQ(HYPERVISOR_memory_op(23, &range), 0) << "nothing asked for";
	range.size.store(1);
	for (const Be<u64> Range::*const list : {&Range::idxs, &Range::gpfns, &Range::errs}) {
		Be<s32> error{77};

		range.idxs.store(reinterpret_cast<u64>(&word));
		range.gpfns.store(reinterpret_cast<u64>(&word));
		range.errs.store(reinterpret_cast<u64>(&error));
		(range.*const_cast<Be<u64> Range::*>(list)).store(reinterpret_cast<u64>(alien()));
		EXPECT_EQ(HYPERVISOR_memory_op(23, &range), efault);
		EXPECT_EQ(error.load(), 77);
	}
	range.space.store(2);
	EXPECT_EQ(HYPERVISOR_memory_op(23, &range), enosys);
	range.space.store(4);
	range.domid.store(3);
	EXPECT_EQ(HYPERVISOR_memory_op(23, &range), einval);
	op.domid.store(3);
	EXPECT_EQ(HYPERVISOR_memory_op(15, &op), einval);
	range.domid.store(0x7ff0);
	for (const u16 self : {u16{0x7ff0}, u16{0}}) {
		range.foreign_domid.store(self);
		EXPECT_EQ(HYPERVISOR_memory_op(23, &range), einval) << "own memory";
	}
	EXPECT_TRUE(xen.calls.empty());
}

/* The machine's frames 1000 to 17383 are the real-mode area. */
TEST_F(Foreign, a_direct_domain_gives_no_machine_frame_of_the_real_mode_area_back)
{
	/* The list has to be the domain's memory: frame 32768, which is its own machine frame. */
	constexpr u64 address = 32768 << 12;
	void *const page = mmap(reinterpret_cast<void *>(address), 4096, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	const auto give = [page](u64 frame, u32 order) {
		auto *const list = static_cast<Be<u64> *>(page);
		MemoryReservation op{};

		list[0].store(50000);
		list[1].store(frame);
		op.extent_start.store(reinterpret_cast<u64>(list));
		op.nr_extents.store(2);
		op.extent_order.store(order);
		op.domid.store(0x7ff0);
		return HYPERVISOR_memory_op(1, &op);
	};

	ASSERT_EQ(page, reinterpret_cast<void *>(address));
	direct();
	ASSERT_TRUE(p2m_state.table.enter(Pfn{32768}, xen::P2mEntry::ram(Mfn{32768})));
	xen.answer = [](const Trapped &call) {
		const auto op = Xen::get<MemoryReservation>(call.arg[1]);

		EXPECT_EQ(Xen::get<Be<u64>>(op.extent_start.load()).load(), 50000U);
		return s64{2};
	};
	EXPECT_EQ(give(999, 0), 2);
	EXPECT_EQ(give(1000, 0), eperm);
	EXPECT_EQ(give(17383, 0), eperm);
	EXPECT_EQ(give(17384, 0), 2);
	EXPECT_EQ(give(992, 3), 2);
	EXPECT_EQ(give(992, 4), eperm) << "its last frames are";
	EXPECT_EQ(give(0, 12), eperm) << "it surrounds it";
	EXPECT_EQ(give(~u64{0}, 0), 2) << "Xen's to refuse";
	EXPECT_EQ(xen.calls.size(), 4U);
	munmap(page, 4096);
}

} // namespace
