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

/* A number in a structure, without which it is refused whatever its pointers are. */
struct Needed {
	u64 at;
	unsigned int bytes;
	u64 value;
};

struct Kind {
	u32 call, command;
	u64 bytes;
	std::vector<u64> pointers;
	std::vector<Needed> needed = {};
};

/* Of another domain than this one, whose number is 0. */
constexpr Needed domctl_of{8, 2, 1}, reservation_of{24, 2, 1}, list_of{0, 2, 1};

const std::vector<Kind> kinds = {
	{12, 0, 32, {0}, {reservation_of}}, /* increase_reservation */
	{12, 1, 32, {0}, {reservation_of}}, /* decrease_reservation */
	{12, 6, 32, {0}, {reservation_of}}, /* populate_physmap */
	{12, 8, 32, {16, 24}, {list_of}},   /* translate_gpfn_list */
	{20, 2, 24, {16}, {list_of}},	    /* setup_table */
	{27, 1, 72, {8}},		    /* setpolicy */
	{27, 2, 72, {8}},		    /* getpolicy */
	{27, 3, 72, {8}},		    /* dumpstats */
	{27, 4, 72, {16}},		    /* getssid */
	{35, 1, 136, {16}},		    /* readconsole */
	{35, 2, 136, {16}, {{8, 4, 1}}},    /* tbuf_op */
	{35, 3, 136, {96}},		    /* physinfo */
	{35, 5, 136, {24, 32}},		    /* perfc_op */
	{35, 6, 136, {16}},		    /* getdomaininfolist */
	{35, 7, 136, {8}},		    /* debug_keys */
	{35, 8, 136, {16}},		    /* getcpuinfo */
	{36, 6, 144, {32}},		    /* getmemlist */
	{36, 8, 144, {24}},		    /* getpageframeinfo2 */
	{36, 9, 144, {24}},		    /* setvcpuaffinity */
	{36, 10, 144, {32}, {{16, 4, 30}}}, /* shadow_op */
	{36, 12, 144, {24}, {domctl_of}},   /* setvcpucontext */
	{36, 13, 144, {24}},		    /* getvcpucontext */
	{36, 25, 144, {24}},		    /* getvcpuaffinity */
	{36, 33, 144, {24}},		    /* gethvmcontext */
	{36, 34, 144, {24}},		    /* sethvmcontext */
};

/* The version of a call's interface, behind the command in its structure; 0: it has none. */
u32 version_of(u32 call)
{
	return call == 36 ? 5 : call == 35 ? 4 : call == 27 ? 0xaaaa000a : 0;
}

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

		for (u64 at = 0; at < kind.bytes; at += 4)
			put(made, at, 4, number());
		if (below(8) != 0)
			for (const Needed &one : kind.needed)
				put(made, one.at, one.bytes, one.value);
		for (const u64 at : kind.pointers)
			put(made, at, 8, interesting());
		if (version_of(kind.call) != 0) {
			put(made, 0, 4, kind.command);
			put(made, 4, 4, version_of(kind.call));
		}
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
		const bool numbered = version_of(kind->call) == 0;
		const SeenArea seen(call.arg[numbered ? 1 : 0]);

		EXPECT_EQ(numbered ? call.arg[0] : seen.read_be(0, 4), kind->command);
		for (const u64 at : kind->pointers) {
			const u64 pointer = seen.read_be(at, 8);

			EXPECT_TRUE(pointer == 0 || pointer - data < data_bytes)
				<< kind->call << " " << kind->command << " " << std::hex << pointer;
			followed[static_cast<std::size_t>(kind - kinds.data())] += pointer != 0;
		}
		/* Of its own it writes anything, but the command. */
		for (u64 at = numbered ? 0 : 8; at < kind->bytes; at += 4)
			seen.write_be(at, 4, number());
		return host::s64{0};
	};
	for (unsigned int round = 0; round < 100000; ++round) {
		const std::size_t which = below(kinds.size());

		kind = &kinds[which];

		const std::vector<u8> before = structure(*kind);
		std::vector<u8> &mine = process.memory[somewhere];
		xen_area_request request{kind->call, 0, {somewhere}, 0};

		if (version_of(kind->call) == 0) {
			request.argument[0] = kind->command;
			request.argument[1] = somewhere;
			request.argument[2] = kind->call == 20 ? 1 : 0;
		}
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
	/* Both happened, often enough, to each. */
	for (std::size_t i = 0; i < kinds.size(); ++i) {
		EXPECT_GT(made[i], 20U) << kinds[i].call << " " << kinds[i].command;
		EXPECT_GT(refused[i], 20U) << kinds[i].call << " " << kinds[i].command;
		EXPECT_GT(followed[i], 20U) << kinds[i].call << " " << kinds[i].command;
	}
}

} // namespace
