// SPDX-License-Identifier: GPL-2.0
/*
 * Any structure through an area: whatever a process writes into it, the hypervisor sees no
 * pointer that begins outside of the data pages, and the process keeps its own.
 *
 * Where the pointers are stands here once more, from the ABI's text and not from the port's
 * table.
 */
#include <random>

#include <gtest/gtest.h>

#include "area.hh"
#include "fake_area.hh"
#include "user_memory_glue.h"

void xen_glue_user_refused(unsigned long, unsigned long, int) noexcept {}

namespace {

using host::process;
using host::SeenArea;
using host::Trapped;
using xen::ppc::u32;
using xen::ppc::u64;
using xen::ppc::u8;

constexpr u64 base = 0x10000000, data = base + 4096, data_bytes = 3 * 4096;
constexpr u64 somewhere = 0x20000000;

struct Kind {
	u32 call, version, command;
	u64 bytes;
	std::vector<u64> pointers;
};

const std::vector<Kind> kinds = {
	{35, 4, 1, 136, {16}},	   /* readconsole */
	{35, 4, 2, 136, {16}},	   /* tbuf_op */
	{35, 4, 3, 136, {96}},	   /* physinfo */
	{35, 4, 5, 136, {24, 32}}, /* perfc_op */
	{35, 4, 6, 136, {16}},	   /* getdomaininfolist */
	{35, 4, 7, 136, {8}},	   /* debug_keys */
	{35, 4, 8, 136, {16}},	   /* getcpuinfo */
	{36, 5, 6, 144, {32}},	   /* getmemlist */
	{36, 5, 9, 144, {24}},	   /* setvcpuaffinity */
	{36, 5, 10, 144, {32}},	   /* shadow_op */
	{36, 5, 12, 144, {24}},	   /* setvcpucontext */
	{36, 5, 13, 144, {24}},	   /* getvcpucontext */
	{36, 5, 25, 144, {24}},	   /* getvcpuaffinity */
};

class AreaRandom : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_area();
		host::hypervisor = &xen;
		ASSERT_EQ(xen_area_create(&area, 3, 0), 0);

		const xen_area_mapping header{base, 1, 0, 1, 0, nullptr};
		const xen_area_mapping rest{data, 3, 1, 1, 1, nullptr};

		ASSERT_EQ(xen_area_map(&area, &header), 0);
		ASSERT_EQ(xen_area_map(&area, &rest), 0);
	}
	void TearDown() override { xen_area_release(&area); }

	u64 below(u64 limit) { return random() % limit; }

	/* Numbers around everything that matters, and some that do not. */
	u64 interesting()
	{
		const u64 near[] = {0,
				    1,
				    8,
				    64,
				    1000,
				    base,
				    data,
				    data + 4096,
				    data + 8192,
				    data + data_bytes,
				    u64{1} << 32,
				    ~u64{0},
				    u64{1} << 62,
				    u64{1} << 63};
		const u64 chosen = near[below(std::size(near))];

		switch (below(4)) {
		case 0:
			return chosen;
		case 1:
			return chosen + below(512) - 256;
		case 2:
			return data + below(data_bytes);
		default:
			return random();
		}
	}

	/* Small, so that lists fit, or anything. */
	u64 number()
	{
		const u64 choice = below(8);

		return choice < 5 ? choice / 3 : choice < 7 ? below(100) : interesting();
	}

	void put(std::vector<u8> &structure, u64 at, unsigned int bytes, u64 value)
	{
		for (unsigned int i = bytes; i-- != 0; value >>= 8)
			structure[at + i] = static_cast<u8>(value);
	}

	std::vector<u8> structure(const Kind &kind)
	{
		std::vector<u8> made(kind.bytes);

		for (u64 at = 8; at < kind.bytes; at += 4)
			put(made, at, 4, number());
		for (const u64 at : kind.pointers)
			put(made, at, 8, interesting());
		put(made, 0, 4, kind.command);
		put(made, 4, 4, kind.version);
		return made;
	}

	std::mt19937_64 random{20060802};
	xen_area area{};
	host::Xen xen;
};

TEST_F(AreaRandom, no_structure_leads_the_hypervisor_out_of_the_data_pages)
{
	const Kind *kind = nullptr;
	std::vector<u64> made(kinds.size()), refused(kinds.size()), followed(kinds.size());

	xen.answer = [&](const Trapped &call) {
		const SeenArea seen(call.arg[0]);

		EXPECT_EQ(seen.read_be(0, 4), kind->command);
		for (const u64 at : kind->pointers) {
			const u64 pointer = seen.read_be(at, 8);

			EXPECT_TRUE(pointer == 0 || pointer - data < data_bytes)
				<< kind->call << " " << kind->command << " " << std::hex << pointer;
			followed[static_cast<std::size_t>(kind - kinds.data())] += pointer != 0;
		}
		/* Of its own it writes anything. */
		for (u64 at = 8; at < kind->bytes; at += 4)
			seen.write_be(at, 4, number());
		return host::s64{0};
	};
	for (unsigned int round = 0; round < 100000; ++round) {
		const std::size_t which = below(kinds.size());

		kind = &kinds[which];

		const std::vector<u8> before = structure(*kind);
		std::vector<u8> &mine = process.memory[somewhere];
		xen_area_request request{kind->call, 0, {somewhere}, 0};

		mine = before;
		process.narrow = below(2) != 0;
		xen.calls.clear();
		if (const int error = xen_area_call(&area, &request); error == 0) {
			++made[which];
		} else {
			++refused[which];
			EXPECT_TRUE(error == -14 || error == -7 || error == -95 || error == -22)
				<< error;
		}
		for (const u64 at : kind->pointers)
			for (u64 i = at; i < at + 8; ++i)
				ASSERT_EQ(mine[i], before[i]) << kind->call << " " << kind->command;
		if (HasFailure())
			break;
	}
	/* Both happened, often enough, to each that the port lets through at all. */
	for (std::size_t i = 0; i < kinds.size(); ++i)
		if (kinds[i].command != 10) {
			EXPECT_GT(made[i], 20U) << kinds[i].call << " " << kinds[i].command;
			EXPECT_GT(refused[i], 20U) << kinds[i].call << " " << kinds[i].command;
			EXPECT_GT(followed[i], 20U) << kinds[i].call << " " << kinds[i].command;
		}
}

} // namespace
