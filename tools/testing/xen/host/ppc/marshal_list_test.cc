// SPDX-License-Identifier: GPL-2.0
/* Hypercalls of user space with lists that go in parts. */
#include "abi/grant.hh"
#include "abi/memory.hh"
#include "fake_boot.hh"
#include "user_ops.hh"

namespace {

using namespace xen::ppc;
using namespace host;
using xen::Be;

INSTANTIATE_TEST_SUITE_P(Modes, UserCalls, ::testing::Bool(), mode_name);

TEST_P(UserCalls, reservations_answer_with_their_count)
{
	announce(Feature::AtomicHpt);
	process.map(heap, 1);
	process.map(list, 1, {.write = false});

	MemoryReservation op{};

	op.extent_start.store(list);
	op.nr_extents.store(10);
	op.domid.store(1);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		EXPECT_EQ(made.arg[0], 1U);
		return s64{7};
	};
	EXPECT_EQ(call(memory_op, 1, heap), 7);
	EXPECT_EQ(call(memory_op, 6, heap), efault) << "frames may come back";
	xen.answer = [](const Arrived &) {
		return s64{11};
	};
	EXPECT_EQ(call(memory_op, 1, heap), eio) << "more than was asked for";
	EXPECT_EQ(call(memory_op, 2, 0xdead0000), 11);
	EXPECT_EQ(xen.calls.back().arg[1], 0U);
}

/* Longer than a descriptor can list: made in parts, and the sum comes back. */
TEST_P(UserCalls, long_lists_of_extents_are_divided)
{
	constexpr u64 pages = 1100, offset = 8, extents = pages * 512 - 1;

	process.map(heap, 1);
	process.map(list, pages);

	MemoryReservation op{};

	op.extent_start.store(list + offset);
	op.nr_extents.store(extents);
	op.domid.store(1);
	process.store(heap, op);
	for (u64 i = 0; i < extents; i += 511)
		process.store(list + offset + i * 8, Be<u64>{i});

	u64 seen = 0;

	xen.answer = [&](const Arrived &made) {
		const auto part = Machine::get<MemoryReservation>(made.arg[1]);
		const u64 here = part.nr_extents.load();
		const auto frames = Machine::read(part.extent_start.load(), here * 8);

		for (u64 i = (seen + 510) / 511 * 511; i < seen + here; i += 511) {
			Be<u64> frame;

			std::memcpy(static_cast<void *>(&frame), frames.data() + (i - seen) * 8, 8);
			EXPECT_EQ(frame.load(), i);
		}
		seen += here;
		return static_cast<s64>(here);
	};
	EXPECT_EQ(call(memory_op, 6, heap), static_cast<long>(extents));
	EXPECT_EQ(seen, extents);
	EXPECT_EQ(xen.calls.size(), 3U);
	EXPECT_LE(process.most_held, 511U);
	const auto after = process.load<MemoryReservation>(heap);

	EXPECT_EQ(std::memcmp(&after, &op, sizeof op), 0);

	/* A part that is not all done ends it, and so does an error. */
	xen.calls.clear();
	xen.answer = [&](const Arrived &) {
		return xen.calls.size() == 2 ? s64{5} : s64{511 * 512 - 1};
	};
	EXPECT_EQ(call(memory_op, 6, heap), 511 * 512 - 1 + 5);
	xen.calls.clear();
	xen.answer = [&](const Arrived &) {
		return xen.calls.size() == 2 ? s64{-1} : s64{511 * 512 - 1};
	};
	EXPECT_EQ(call(memory_op, 6, heap), 511 * 512 - 1);
	process.pauses_left = 0;
	EXPECT_EQ(call(memory_op, 6, heap), 511 * 512 - 1) << "the process is to end";
	xen.answer = [](const Arrived &) {
		return s64{-1};
	};
	EXPECT_EQ(call(memory_op, 6, heap), eperm);
	process.unmap(list + 4096 * 600, 1);
	xen.calls.clear();
	xen.answer = [](const Arrived &) {
		return s64{511 * 512 - 1};
	};
	process.pauses_left = -1;
	EXPECT_EQ(call(memory_op, 6, heap), 511 * 512 - 1) << "a hole in the second part";
	EXPECT_EQ(xen.calls.size(), 1U);
}

TEST_P(UserCalls, an_increase_needs_no_list)
{
	announce(Feature::AtomicHpt);
	process.map(heap, 1);

	MemoryReservation op{};

	op.nr_extents.store(1000000);
	op.domid.store(1);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		const auto seen = Machine::get<MemoryReservation>(made.arg[1]);

		EXPECT_EQ(seen.extent_start.load(), 0U);
		EXPECT_EQ(seen.nr_extents.load(), 1000000U);
		return s64{1000000};
	};
	EXPECT_EQ(call(memory_op, 0, heap), 1000000);
	EXPECT_EQ(call(memory_op, 1, heap), efault);
	op.nr_extents.store(u64{1} << 60);
	process.store(heap, op);
	EXPECT_EQ(call(memory_op, 0, heap), e2big);
}

TEST_P(UserCalls, two_lists_of_one_count)
{
	announce(Feature::AtomicHpt);
	constexpr u64 frames = 600 * 512;

	process.map(heap, 1);
	process.map(list, 600, {.write = false});
	process.map(list + 0x1000000, 601);

	TranslateGpfnList op{};

	op.domid.store(1);
	op.nr_gpfns.store(frames);
	op.gpfn_list.store(list);
	op.mfn_list.store(list + 0x1000000 + 2048);
	process.store(heap, op);
	for (u64 i = 0; i < frames; i += 4095)
		process.store(list + i * 8, Be<u64>{i});
	xen.answer = [](const Arrived &made) {
		const auto seen = Machine::get<TranslateGpfnList>(made.arg[1]);
		const u64 bytes = seen.nr_gpfns.load() * 8;

		Machine::write(seen.mfn_list.load(), Machine::read(seen.gpfn_list.load(), bytes));
		return s64{0};
	};
	EXPECT_EQ(call(memory_op, 8, heap), 0);
	EXPECT_EQ(xen.calls.size(), 2U);
	for (u64 i = 0; i < frames; i += 4095)
		EXPECT_EQ(process.load<Be<u64>>(list + 0x1000000 + 2048 + i * 8).load(), i);
	xen.answer = [](const Arrived &) {
		return s64{1};
	};
	EXPECT_EQ(call(memory_op, 8, heap), eio);
	xen.answer = [](const Arrived &) {
		return s64{-22};
	};
	EXPECT_EQ(call(memory_op, 8, heap), einval);
}

TEST_P(UserCalls, arrays_go_in_pieces_of_a_page)
{
	constexpr u32 copies = 512;

	process.map(heap, 7);
	for (u32 i = 0; i < copies; ++i) {
		GrantCopy op{};

		op.flags.store(3);
		op.source.u.grant.ref.store(i);
		process.store(heap + 100 + i * sizeof op, op);
	}
	xen.answer = [](const Arrived &made) {
		EXPECT_EQ(made.arg[0], 5U);
		EXPECT_LE(made.arg[2] * 40, 4096U);
		for (u64 i = 0; i < made.arg[2]; ++i) {
			auto op = Machine::get<GrantCopy>(made.arg[1] + i * 40);

			op.status.store(static_cast<s16>(op.source.u.grant.ref.load()));
			Machine::put(made.arg[1] + i * 40, op);
		}
		return s64{0};
	};
	EXPECT_EQ(call(grant_op, 5, heap + 100, copies), 0);
	EXPECT_EQ(xen.calls.size(), 6U);
	for (u32 i = 0; i < copies; ++i)
		EXPECT_EQ(process.load<GrantCopy>(heap + 100 + i * 40).status.load(),
			  static_cast<s16>(i));
	EXPECT_EQ(call(grant_op, 5, heap + 100, copies + 1), e2big);
	EXPECT_EQ(call(grant_op, 5, heap + 100, u64{1} << 32), e2big);
	EXPECT_EQ(call(grant_op, 5, 0, 0), 0) << "no copies are nothing";

	/* One of them names this domain's memory by its frame. */
	auto op = process.load<GrantCopy>(heap + 100 + 300 * 40);

	op.flags.store(1);
	process.store(heap + 100 + 300 * 40, op);
	xen.calls.clear();
	EXPECT_EQ(call(grant_op, 5, heap + 100, copies), eopnotsupp);
	EXPECT_EQ(xen.calls.size(), 2U) << "the pieces before it are done";
	xen.calls.clear();
	process.pauses_left = 1;
	EXPECT_EQ(call(grant_op, 5, heap + 100, 250), eintr);
	EXPECT_EQ(xen.calls.size(), 2U);
	process.pauses_left = -1;
	xen.answer = [](const Arrived &) {
		return s64{-14};
	};
	EXPECT_EQ(call(grant_op, 5, heap + 100, 250), efault);
}

TEST_P(UserCalls, another_domains_table_has_its_frames_listed)
{
	process.map(heap, 1);
	process.map(list, 1);

	GrantSetupTable op{};

	op.dom.store(2);
	op.nr_frames.store(4);
	op.frame_list.store(list + 8);
	process.store(heap, op);
	xen.answer = [](const Arrived &made) {
		auto seen = Machine::get<GrantSetupTable>(made.arg[1]);

		EXPECT_EQ(made.arg[2], 1U);
		Machine::write(seen.frame_list.load(), std::vector<u8>(32, 6));
		seen.status.store(-3);
		Machine::put(made.arg[1], seen);
		return s64{0};
	};
	EXPECT_EQ(call(grant_op, 2, heap, 1), 0);
	EXPECT_EQ(process.load<GrantSetupTable>(heap).status.load(), -3);
	EXPECT_EQ(process.load<GrantSetupTable>(heap).frame_list.load(), list + 8);
	EXPECT_EQ(process.get(list + 8, 33).back(), 0);
	EXPECT_EQ(call(grant_op, 2, heap, 2), einval);
	op.dom.store(0x7ff0);
	process.store(heap, op);
	EXPECT_EQ(call(grant_op, 2, heap, 1), eopnotsupp);
}

TEST_P(UserCalls, text_goes_out_in_pieces_that_a_historical_hypervisor_bears)
{
	std::string written;
	std::string text(300, 'x');

	process.map(heap, 2);
	text[127] = 'y';
	process.put(heap + 4000, {reinterpret_cast<const u8 *>(text.data()), 300});
	xen.answer = [&](const Arrived &made) {
		const auto bytes = Machine::read(made.arg[2], made.arg[1]);

		EXPECT_LE(made.arg[1], 127U);
		written.append(bytes.begin(), bytes.end());
		return s64{0};
	};
	EXPECT_EQ(call(console_io, 0, 300, heap + 4000), 0);
	EXPECT_EQ(written, text);
	EXPECT_EQ(call(console_io, 0, 16385, heap), e2big);
	EXPECT_EQ(call(console_io, 0, ~u64{0}, heap), e2big);
	EXPECT_EQ(call(console_io, 1, 16, heap), eopnotsupp) << "input is hvc's";
	EXPECT_EQ(call(console_io, 0, 5, 0), efault);
}

} // namespace
