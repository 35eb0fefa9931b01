// SPDX-License-Identifier: GPL-2.0
/* Handles: what Xen finds behind them, and when interrupts are off. */
#include <gtest/gtest.h>

#include "fake_calls.hh"

namespace {

using namespace xen::ppc;
using host::kernel;
using host::MappedMemory;

class Xencomm : public ::testing::Test {
protected:
	void SetUp() override { host::reset_calls(); }
	void TearDown() override { EXPECT_EQ(kernel.irqs_off, 0) << "interrupts stayed off"; }

	static void fill(MappedMemory &memory, std::size_t offset, std::size_t bytes)
	{
		for (std::size_t i = 0; i < bytes; ++i)
			*memory.at(offset + i) = static_cast<u8>(i * 7 + i / 256);
	}
	static std::vector<u8> seen(MappedMemory &memory, std::size_t offset, std::size_t bytes)
	{
		return {memory.at(offset), memory.at(offset) + bytes};
	}
};

TEST_F(Xencomm, linear_memory_is_named_by_its_address)
{
	u64 object = 0;
	Handles handles;

	EXPECT_EQ(handles.of(&object, sizeof object).value(),
		  u64{1} << 63 | reinterpret_cast<u64>(&object));
	EXPECT_EQ(kernel.irqs_off_calls, 0U);
}

TEST_F(Xencomm, nothing_is_the_null_handle)
{
	Handles handles;

	EXPECT_EQ(handles.of(nullptr, 0).value(), 0U);
	EXPECT_EQ(handles.of(host::alien(), 0).value(), 0U);
}

TEST_F(Xencomm, memory_of_others_is_refused)
{
	Handles handles;

	EXPECT_EQ(handles.of(host::alien(), 1).error(), xen::err::fault);
	EXPECT_EQ(handles.of(nullptr, 8).error(), xen::err::fault);
	EXPECT_EQ(kernel.irqs_off_calls, 0U);
}

/* Every alignment to words and every number of pages, up to a few. */
TEST_F(Xencomm, scattered_memory_is_found_whole)
{
	MappedMemory memory(5);

	for (const std::size_t offset : {0UL, 8UL, 1UL, 4088UL, 4095UL, 4096UL, 5000UL})
		for (const std::size_t bytes : {1UL, 8UL, 9UL, 4095UL, 4096UL, 4097UL, 9000UL}) {
			fill(memory, offset, bytes);
			Handles handles;
			const u64 handle = handles.of(memory.at(offset), bytes).value();

			EXPECT_EQ(kernel.irqs_off, 1);
			EXPECT_EQ(handle >> 63, 0U);
			EXPECT_EQ(host::Xen::read(handle, bytes), seen(memory, offset, bytes))
				<< offset << " " << bytes;
		}
}

TEST_F(Xencomm, what_xen_writes_arrives)
{
	MappedMemory memory(3);
	const std::vector<u8> data(5000, 0x5a);

	{
		Handles handles;

		host::Xen::write(handles.of(memory.at(100), data.size()).value(), data);
	}
	EXPECT_EQ(seen(memory, 100, data.size()), data);
	EXPECT_EQ(*memory.at(99), 0);
	EXPECT_EQ(*memory.at(5100), 0);
}

TEST_F(Xencomm, descriptors_of_one_call_do_not_touch)
{
	MappedMemory first(3), second(3);

	fill(first, 0, 12288);
	fill(second, 10, 9000);
	Handles handles;
	const u64 a = handles.of(first.at(0), 12288).value();
	const u64 b = handles.of(second.at(10), 9000).value();

	EXPECT_EQ(kernel.irqs_off, 1) << "once is enough";
	EXPECT_EQ(host::Xen::read(a, 12288), seen(first, 0, 12288));
	EXPECT_EQ(host::Xen::read(b, 9000), seen(second, 10, 9000));
}

TEST_F(Xencomm, a_page_of_descriptors_is_the_limit)
{
	MappedMemory memory(512);

	{
		Handles handles; /* head and 511 addresses fill the page */

		EXPECT_TRUE(handles.of(memory.at(0), 511 * 4096).ok());
		EXPECT_EQ(handles.of(memory.at(0), 1).error(), xen::err::toobig);
	}
	Handles handles;

	EXPECT_EQ(handles.of(memory.at(0), 512 * 4096).error(), xen::err::toobig);
	EXPECT_EQ(handles.of(memory.at(4095), 511 * 4096).error(), xen::err::toobig);
	EXPECT_EQ(handles.of(memory.at(0), ~u64{0}).error(), xen::err::toobig);
	EXPECT_EQ(handles.of(memory.at(1), ~u64{0}).error(), xen::err::toobig);
	EXPECT_TRUE(handles.of(memory.at(0), 8).ok()) << "a refusal leaves room";
}

TEST_F(Xencomm, a_hole_is_an_error_and_not_an_address)
{
	MappedMemory memory(3);

	memory.hole(1);
	Handles handles;

	EXPECT_EQ(handles.of(memory.at(0), 3 * 4096).error(), xen::err::fault);
	EXPECT_TRUE(handles.of(memory.at(0), 4096).ok());
}

TEST_F(Xencomm, each_cpu_has_its_own_page)
{
	MappedMemory memory(1);
	u64 handle[2];

	for (u16 cpu = 0; cpu < 2; ++cpu) {
		host::paca_set<u16>(XEN_PACA_INDEX, cpu);
		Handles handles;

		handle[cpu] = handles.of(memory.at(0), 8).value();
	}
	EXPECT_EQ(handle[0] % 4096, 0U);
	EXPECT_EQ(handle[1] - handle[0], 4096U);
}

} // namespace
