// SPDX-License-Identifier: GPL-2.0
/* Handles: what Xen finds behind them, and when interrupts are off. */
#include <gtest/gtest.h>

#include "fake_calls.hh"
#include "fake_user.hh"

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

			const bool scattered = offset % 4096 + bytes > 4096;

			EXPECT_EQ(kernel.irqs_off, scattered);
			EXPECT_EQ(handle >> 63, scattered ? 0U : 1U);
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
		EXPECT_EQ(handles.of(memory.at(0), 4097).error(), xen::err::toobig);
		EXPECT_TRUE(handles.of(memory.at(0), 1).ok()) << "which needs no descriptor";
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
	MappedMemory memory(2);
	u64 handle[2];

	for (u16 cpu = 0; cpu < 2; ++cpu) {
		host::paca_set<u16>(XEN_PACA_INDEX, cpu);
		Handles handles;

		handle[cpu] = handles.of(memory.at(4090), 8).value();
	}
	EXPECT_EQ(handle[0] % 4096, 0U);
	EXPECT_EQ(handle[1] - handle[0], 4096U);
}

/* A domain that keeps its own map: memory of the linear region has machine addresses. */
class DirectXencomm : public Xencomm {
protected:
	static constexpr u64 at = 0x10000000;

	void SetUp() override
	{
		Xencomm::SetUp();
		/* The pages that descriptors are built in are in the real-mode area. */
		p2m_state.linear_limit = ~u64{0};
	}

	std::vector<u8> behind(u64 handle, std::size_t bytes)
	{
		std::vector<u8> data;
		const auto piece = [&](u64 address) {
			const std::size_t here =
				std::min<std::size_t>(bytes, 4096 - address % 4096);
			const u8 *const memory = domain.machine(address, false);

			if (memory == nullptr)
				ADD_FAILURE() << "no machine address: " << std::hex << address;
			else
				data.insert(data.end(), memory, memory + here);
			bytes -= here;
		};

		if (handle >> 63 != 0) {
			u64 address = handle << 1 >> 1;

			while (bytes != 0) {
				piece(address);
				address = address / 4096 * 4096 + 4096;
			}
			return data;
		}

		const auto *const word = reinterpret_cast<const xen::Be<u64> *>(handle);

		EXPECT_EQ(word->load() >> 32, 0x58434f4dU);
		for (u64 i = 1; bytes != 0 && i <= (word->load() & 0xffffffff); ++i)
			piece(word[i].load());
		EXPECT_EQ(bytes, 0U);
		return data;
	}

	u8 *memory(u64 offset) { return domain.memory(at + offset); }
	void fill_pages(unsigned int pages)
	{
		for (u64 i = 0; i < pages * 4096; ++i)
			memory(i)[0] = static_cast<u8>(i * 3 + i / 256);
	}

	host::User domain{true};
};

TEST_F(DirectXencomm, a_page_has_its_machine_address)
{
	domain.map(at, 1, {.kernel = true});
	fill_pages(1);
	Handles handles;
	const u64 handle = handles.of(memory(100), 200).value();

	EXPECT_EQ(handle >> 63, 1U);
	EXPECT_NE(handle << 1 >> 1, reinterpret_cast<u64>(memory(100)));
	EXPECT_EQ(behind(handle, 200), std::vector<u8>(memory(100), memory(100) + 200));
	EXPECT_EQ(kernel.irqs_off_calls, 0U);
}

TEST_F(DirectXencomm, pages_that_follow_each_other_need_no_descriptor)
{
	domain.map(at, 3, {.straight = true, .kernel = true});
	fill_pages(3);
	Handles handles;
	const u64 handle = handles.of(memory(5), 3 * 4096 - 5).value();

	EXPECT_EQ(handle >> 63, 1U);
	EXPECT_EQ(behind(handle, 3 * 4096 - 5), std::vector<u8>(memory(5), memory(0) + 3 * 4096));
	EXPECT_EQ(kernel.irqs_off_calls, 0U);
}

TEST_F(DirectXencomm, an_object_across_scattered_pages_is_described)
{
	domain.map(at, 3, {.row = true, .kernel = true});
	fill_pages(3);
	for (const u64 offset : {u64{0}, u64{4088}, u64{4095}})
		for (const u64 bytes : {u64{8}, u64{4097}, u64{8192}}) {
			Handles handles;
			const u64 handle = handles.of(memory(0) + offset, bytes).value();

			EXPECT_EQ(handle >> 63, offset + bytes <= 4096 ? 1U : 0U);
			EXPECT_EQ(behind(handle, bytes),
				  std::vector<u8>(memory(0) + offset, memory(0) + offset + bytes));
		}
}

TEST_F(DirectXencomm, memory_that_is_not_the_domains_has_no_handle)
{
	domain.map(at, 2, {.row = true, .kernel = true});
	domain.map(at + 2 * 4096, 1, {.own = false, .row = true, .kernel = true});
	Handles handles;

	EXPECT_EQ(handles.of(memory(2 * 4096), 8).error(), xen::err::fault);
	EXPECT_EQ(handles.of(memory(0), u64{1} << 40).error(), xen::err::toobig);
	/* The page behind both is nobody's. */
	EXPECT_EQ(handles.of(memory(4096), 3 * 4096).error(), xen::err::fault);
	EXPECT_EQ(kernel.irqs_off, 0);
}

} // namespace
