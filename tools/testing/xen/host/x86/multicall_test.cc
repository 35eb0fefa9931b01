// SPDX-License-Identifier: GPL-2.0
/* The batch through its C interface: what is queued reaches Xen, in order, once. */
#include <cstring>

#include "c_callers.hh"

namespace host {

TEST_F(Multicall, NothingQueuedIsNoHypercall)
{
	xen_mc_flush();
	EXPECT_TRUE(fake.calls.empty());
	EXPECT_EQ(mask_byte(), 1);
}

TEST_F(Multicall, OneEntryIsAPlainHypercall)
{
	xen::MulticallEntry *const entry = queue(0x100);

	fake.answer = [](const Call &) { return 42; };
	EXPECT_TRUE(fake.calls.empty());
	xen_mc_flush();
	ASSERT_EQ(fake.calls.size(), 1U);
	EXPECT_EQ(fake.calls[0].op, number(xen::Hypercall::StackSwitch));
	expect_arguments(fake.calls[0], 0x100);
	EXPECT_FALSE(fake.calls[0].in_multicall);
	EXPECT_EQ(entry->result, 42);
	EXPECT_TRUE(services.failures.empty());
}

TEST_F(Multicall, SeveralEntriesAreOneMulticallInOrder)
{
	std::vector<xen::MulticallEntry *> queued;

	fake.answer = [](const Call &call) { return static_cast<long>(call.args[0]) / 0x10; };
	for (unsigned long i = 1; i <= 5; ++i)
		queued.push_back(queue(0x1000 * i));
	xen_mc_flush();
	EXPECT_EQ(fake.multicalls(), 1U);
	ASSERT_EQ(fake.calls[0].op, number(xen::Hypercall::Multicall));
	EXPECT_EQ(fake.calls[0].args[0], reinterpret_cast<unsigned long>(queued[0]));
	EXPECT_EQ(fake.calls[0].args[1], 5UL);
	ASSERT_EQ(fake.entries().size(), 5U);
	for (unsigned long i = 0; i < 5; ++i) {
		expect_arguments(fake.entries()[i], 0x1000 * (i + 1));
		EXPECT_EQ(queued[i]->result, static_cast<long>(0x100 * (i + 1)));
	}
}

TEST_F(Multicall, WhatWasFlushedIsGone)
{
	queue(1);
	queue(2);
	xen_mc_callback(note, numbered(1));
	xen_mc_flush();
	xen_mc_flush();
	EXPECT_EQ(fake.entries().size(), 2U);
	EXPECT_EQ(notes.size(), 1U);
	queue(3);
	xen_mc_flush();
	ASSERT_EQ(fake.entries().size(), 3U);
	expect_arguments(fake.entries()[2], 3);
	EXPECT_EQ(notes.size(), 1U);
}

TEST_F(Multicall, ArgumentsAreAlignedAndApart)
{
	std::vector<std::byte *> args;
	const std::size_t sizes[] = {1, 8, 16, 3, 24, 5};

	for (const std::size_t size : sizes) {
		const multicall_space space = __xen_mc_entry(size);

		space.mc->op = number(xen::Hypercall::StackSwitch);
		EXPECT_EQ(reinterpret_cast<std::uintptr_t>(space.args) % 8, 0U);
		std::memset(space.args, static_cast<int>(args.size() + 1), size);
		args.push_back(static_cast<std::byte *>(space.args));
	}
	for (std::size_t i = 0; i < args.size(); ++i)
		for (std::size_t byte = 0; byte < sizes[i]; ++byte)
			EXPECT_EQ(args[i][byte], static_cast<std::byte>(i + 1));
	xen_mc_flush();
}

TEST_F(Multicall, TheLastEntryGrowsInPlace)
{
	const multicall_space first = __xen_mc_entry(16);

	first.mc->op = number(xen::Hypercall::MmuUpdate);
	std::memset(first.args, 0x11, 16);

	const multicall_space more = xen_mc_extend_args(number(xen::Hypercall::MmuUpdate), 16);

	EXPECT_EQ(more.mc, first.mc);
	ASSERT_EQ(more.args, static_cast<std::byte *>(first.args) + 16);
	std::memset(more.args, 0x22, 16);

	const multicall_space next = __xen_mc_entry(8);

	next.mc->op = number(xen::Hypercall::MmuUpdate);
	EXPECT_GE(static_cast<std::byte *>(next.args), static_cast<std::byte *>(first.args) + 32);
	std::memset(next.args, 0x33, 8);
	for (std::size_t i = 0; i < 32; ++i)
		EXPECT_EQ(static_cast<unsigned char *>(first.args)[i], i < 16 ? 0x11 : 0x22);
	xen_mc_flush();
	EXPECT_EQ(fake.entries().size(), 2U);
}

TEST_F(Multicall, OnlyTheLastEntryAndOnlyTheSameHypercallGrows)
{
	constexpr auto update = number(xen::Hypercall::MmuUpdate);

	EXPECT_EQ(xen_mc_extend_args(update, 16).mc, nullptr) << "nothing is queued";
	queue(1, xen::Hypercall::MmuUpdate);
	queue(2, xen::Hypercall::MmuextOp);
	EXPECT_EQ(xen_mc_extend_args(update, 16).mc, nullptr);
	EXPECT_EQ(xen_mc_extend_args(update, 16).args, nullptr);
	EXPECT_NE(xen_mc_extend_args(number(xen::Hypercall::MmuextOp), 16).mc, nullptr);
	xen_mc_flush();
	EXPECT_EQ(xen_mc_extend_args(number(xen::Hypercall::MmuextOp), 16).mc, nullptr)
		<< "that entry is gone";
}

TEST_F(Multicall, CallbacksRunInOrderAfterTheEntries)
{
	queue(1);
	xen_mc_callback(note, numbered(1));
	queue(2);
	xen_mc_callback(note, numbered(2));
	xen_mc_callback(note, numbered(3));
	EXPECT_TRUE(notes.empty());
	xen_mc_flush();
	ASSERT_EQ(notes.size(), 3U);
	for (int i = 0; i < 3; ++i) {
		EXPECT_EQ(notes[static_cast<std::size_t>(i)].number, i + 1);
		EXPECT_EQ(notes[static_cast<std::size_t>(i)].calls_before, 3U);
	}
}

TEST_F(Multicall, CallbacksAloneAreNoHypercall)
{
	xen_mc_callback(note, numbered(1));
	xen_mc_flush();
	EXPECT_EQ(notes.size(), 1U);
	EXPECT_TRUE(fake.calls.empty());
}

TEST_F(Multicall, EventsAreOffThroughoutAFlush)
{
	for (const bool masked : {false, true}) {
		SetUp();
		mask_byte() = masked;
		queue(1);
		queue(2);
		xen_mc_callback(note, numbered(1));
		xen_mc_flush();
		EXPECT_EQ(mask_byte(), masked);
		for (const Call &call : fake.calls)
			EXPECT_TRUE(call.masked);
		ASSERT_EQ(notes.size(), 1U);
		EXPECT_TRUE(notes[0].masked);
	}
}

TEST_F(Multicall, AnEventDuringAFlushWaitsForItsEnd)
{
	mask_byte() = 0;
	queue(1);
	queue(2);
	xen_mc_callback([](void *) { EXPECT_EQ(fake.delivered, 0U); }, nullptr);
	fake.event_during_call = true;
	xen_mc_flush();
	EXPECT_EQ(fake.delivered, 1U);
	EXPECT_EQ(mask_byte(), 0);
	EXPECT_EQ(on(0, xen_forced_callbacks), 1UL);
	expect_no_event_lost();
}

TEST_F(Multicall, EventsThatWereOffStayOff)
{
	queue(1);
	fake.event_during_call = true;
	xen_mc_flush();
	EXPECT_EQ(mask_byte(), 1);
	EXPECT_EQ(pending_byte(), 1);
	EXPECT_EQ(fake.delivered, 0U);
	EXPECT_EQ(on(0, xen_forced_callbacks), 0UL);
}

TEST_F(Multicall, EachProcessorHasABatchOfItsOwn)
{
	queue(0x10);
	run_on(1);
	xen_mc_flush();
	EXPECT_TRUE(fake.calls.empty()) << "another processor's entries are none of ours";
	queue(0x20);
	xen_mc_flush();
	ASSERT_EQ(fake.calls.size(), 1U);
	expect_arguments(fake.calls[0], 0x20);
	run_on(0);
	xen_mc_flush();
	ASSERT_EQ(fake.calls.size(), 2U);
	expect_arguments(fake.calls[1], 0x10);
}

TEST_F(Multicall, CountersAreSummedOverAllProcessors)
{
	queue(1);
	xen_mc_callback(note, numbered(1));
	xen_mc_flush();
	run_on(1);
	for (unsigned long i = 0; i < 3; ++i)
		queue(i);
	xen_mc_callback(note, numbered(2));
	xen_mc_callback(note, numbered(3));
	fake.answer = [](const Call &call) { return call.args[0] == 1 ? xen_eperm : 0; };
	xen_mc_flush();
	xen_mc_callback(note, numbered(4));
	xen_mc_flush();
	run_on(0);

	const Counters shown = shown_by(xen_mc_show);
	const Counters expected{{"flushes", 3},	  {"entries", 4}, {"multicalls", 1},
				{"singles", 1},	  {"failed", 1},  {"callbacks", 4},
				{"largest", 3},	  {"size_1", 1},  {"size_2", 0},
				{"size_3", 1}};

	for (const auto &[name, value] : expected) {
		ASSERT_EQ(shown.count(name), 1U) << name;
		EXPECT_EQ(shown.at(name), value) << name;
	}
	for (const auto &[name, value] : shown)
		if (expected.count(name) == 0) {
			EXPECT_EQ(value, 0UL) << name;
		}
}

} // namespace host
