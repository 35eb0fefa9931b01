// SPDX-License-Identifier: GPL-2.0
/* The domain's own grant table, and operations on grants. */
#include <gtest/gtest.h>

#include "abi/grant.hh"
#include "abi/memory.hh"
#include "calls_glue.h"
#include "fake_boot.hh"
#include "fake_calls.hh"
#include "grant.hh"
#include "grant_glue.h"

namespace {

using namespace xen::ppc;
using host::kernel;
using host::MappedMemory;
using host::Trapped;
using host::Xen;
using xen::Be;

struct Published {
	u64 first = 0;
	unsigned int mapped = 0, promised = 0;
	int map_result = 0;
	std::string said;
	long value = 0;
} published;

} // namespace

int xen_glue_grant_map(unsigned long first, unsigned int frames) noexcept
{
	published.first = first;
	published.mapped = frames;
	return published.map_result;
}

void xen_glue_grant_publish(const unsigned long long *, unsigned int frames) noexcept
{
	published.promised = frames;
}

void xen_glue_grant_message(const char *what, long value) noexcept
{
	published.said = what;
	published.value = value;
}

namespace {

constexpr int efault = -14, einval = -22, enosys = -38, enomem = -12;
constexpr u64 none = ~u64{0};

/* A Xen with a table: what it answers to the two questions about it. */
class Table : public ::testing::Test {
protected:
	void SetUp() override
	{
		host::reset_calls();
		published = Published{};
		host::hypervisor = &xen;
		xen.answer = [this](const Trapped &call) {
			if (call.arg[0] == 6)
				return query(call);
			EXPECT_EQ(call.arg[0], 2U);
			return setup(call);
		};
	}

	s64 query(const Trapped &call) const
	{
		auto op = Xen::get<GrantQuerySize>(call.arg[1]);

		EXPECT_EQ(call.arg[2], 1U);
		EXPECT_EQ(op.dom.load(), 0x7ff0);
		op.nr_frames.store(1);
		op.max_nr_frames.store(max_frames);
		op.status.store(query_status);
		if (query_code == 0)
			Xen::put(call.arg[1], op);
		return query_code;
	}

	s64 setup(const Trapped &call) const
	{
		auto op = Xen::get<GrantSetupTable>(call.arg[1]);

		EXPECT_EQ(op.nr_frames.load(), asked);
		op.status.store(setup_status);
		if (setup_code == 0) {
			Xen::put(call.arg[1], op);
			for (u32 i = 0; i < op.nr_frames.load(); ++i)
				Xen::put(op.frame_list.load() + 8 * i, Be<u64>{frame[i]});
		}
		return setup_code;
	}

	/** add - what Linux hears when it asks for a frame of the table at a place */
	static int add(u64 index, u64 at)
	{
		AddToPhysmap op{};

		op.domid.store(0x7ff0);
		op.space.store(1);
		op.idx.store(index);
		op.gpfn.store(at);
		return HYPERVISOR_memory_op(7, &op);
	}

	/** size - how many frames Linux is told of */
	static u32 size()
	{
		GrantQuerySize op{};

		op.dom.store(0x7ff0);
		op.status.store(-1);
		EXPECT_EQ(HYPERVISOR_grant_table_op(6, &op, 1), 0);
		EXPECT_EQ(op.status.load(), 0);
		EXPECT_EQ(op.nr_frames.load(), op.max_nr_frames.load());
		return op.max_nr_frames.load();
	}

	Xen xen;
	u32 max_frames = 4, asked = 4;
	u64 frame[4] = {0x80000, 0x80001, 0x80002, 0x80003};
	s64 query_code = 0, setup_code = 0;
	s16 query_status = 0, setup_status = 0;
};

TEST_F(Table, all_frames_are_used)
{
	xen_grant_init();
	EXPECT_EQ(published.first, 0x80000U);
	EXPECT_EQ(published.mapped, 4U);
	EXPECT_EQ(published.promised, 4U);
	EXPECT_EQ(size(), 4U);
	EXPECT_EQ(add(3, 0x80003), 0);
	EXPECT_EQ(add(0, 0x80000), 0);
	EXPECT_EQ(add(0, 0x80001), einval);
	EXPECT_EQ(add(4, 0x80004), einval);
	EXPECT_EQ(add(~u64{0}, 0x80000), einval);
	EXPECT_EQ(xen.calls.size(), 2U) << "Linux is answered without Xen";
}

/* Linux takes frames for its list of grants in pairs. */
TEST_F(Table, frames_that_xen_cannot_place_are_not_used)
{
	for (const u32 usable : {1U, 2U, 3U})
		for (const u64 bad : {none, u64{0xffffffff}, u64{0x80009}}) {
			for (u32 i = 0; i < 4; ++i)
				frame[i] = i < usable ? 0x80000 + i : bad;
			xen_grant_init();
			EXPECT_EQ(published.mapped, usable);
			EXPECT_EQ(published.promised, (usable + 1) / 2 * 2);
			EXPECT_EQ(size(), published.promised);
			EXPECT_EQ(add(usable - 1, 0x80000 + usable - 1), 0);
			EXPECT_EQ(add(usable, 0), einval);
			EXPECT_EQ(add(usable, bad), einval);
		}
}

TEST_F(Table, without_an_answer_one_frame_is_asked_for)
{
	asked = 1;
	query_code = -38;
	xen_grant_init();
	EXPECT_EQ(published.mapped, 1U);
	EXPECT_EQ(size(), 2U);
	query_code = 0;
	query_status = -1;
	xen_grant_init();
	EXPECT_EQ(published.mapped, 1U);
	query_status = 0;
	max_frames = 0;
	xen_grant_init();
	EXPECT_EQ(published.mapped, 1U);
}

TEST_F(Table, more_frames_than_the_abi_has_are_not_asked_for)
{
	max_frames = 32;
	xen_grant_init();
	EXPECT_EQ(published.mapped, 4U);
}

TEST_F(Table, without_a_table_linux_is_promised_what_it_will_be_refused)
{
	const auto nothing = [](long why) {
		published.promised = 0;
		xen_grant_init();
		EXPECT_EQ(published.promised, 2U);
		EXPECT_EQ(published.value, why);
		EXPECT_EQ(size(), 2U);
		EXPECT_EQ(xen_grant_frames(), 0U);
		EXPECT_EQ(add(0, 0x80000), einval);
		EXPECT_EQ(add(0, 0), einval);
	};

	setup_code = enomem;
	nothing(enomem);
	EXPECT_EQ(kernel.refusals.size(), 1U);
	setup_code = 0;
	setup_status = -8;
	nothing(-8);
	setup_status = 0;
	published.map_result = enomem;
	nothing(enomem);
	published.map_result = 0;
	frame[0] = none;
	nothing(-19);
}

TEST_F(Table, other_spaces_are_not_served)
{
	AddToPhysmap op{};

	EXPECT_EQ(HYPERVISOR_memory_op(7, &op), enosys);
	op.space.store(4);
	EXPECT_EQ(HYPERVISOR_memory_op(7, &op), enosys);
	EXPECT_TRUE(xen.calls.empty());
}

class Grants : public ::testing::Test {
protected:
	static constexpr u64 window = u64{1} << 34;

	void SetUp() override
	{
		host::reset_calls();
		host::hypervisor = &xen;
		xen.answer = [this](const Trapped &call) {
			EXPECT_EQ(call.number, 20U);
			if (call.arg[0] == 0)
				each<GrantMapRef>(call);
			else if (call.arg[0] == 1)
				each<GrantUnmapRef>(call);
			else
				each<GrantCopy>(call);
			return code;
		};
	}

	/* Xen gives the n-th element it sees the status -n, until it is to fail. */
	template <class T> void each(const Trapped &call)
	{
		for (u64 i = 0; i < call.arg[2] && seen < fail_after; ++i) {
			auto op = Xen::get<T>(call.arg[1] + i * sizeof(T));

			EXPECT_EQ(op.status.load(), -1) << "preset";
			op.status.store(static_cast<s16>(-static_cast<int>(seen++)));
			if constexpr (std::is_same_v<T, GrantMapRef>) {
				EXPECT_EQ(op.host_addr.load() >> 60, 0U);
				op.handle.store(1000 + op.ref.load());
			}
			Xen::put(call.arg[1] + i * sizeof(T), op);
		}
	}

	static GrantMapRef map(u64 address, u32 ref, u16 domain = 3, u32 flags = map_flag::host)
	{
		GrantMapRef op{};

		op.host_addr.store(address);
		op.flags.store(flags);
		op.ref.store(ref);
		op.dom.store(domain);
		op.status.store(77);
		return op;
	}
	s16 status_of(GrantMapRef op)
	{
		EXPECT_EQ(HYPERVISOR_grant_table_op(0, &op, 1), 0);
		return op.status.load();
	}

	Xen xen;
	s64 code = 0;
	u64 seen = 0, fail_after = ~u64{0};
};

TEST_F(Grants, every_element_of_a_long_array_has_its_own_status)
{
	GrantCopy copy[40]{};

	EXPECT_EQ(HYPERVISOR_grant_table_op(5, copy, 40), 0);
	for (int i = 0; i < 40; ++i)
		EXPECT_EQ(copy[i].status.load(), -i);
	EXPECT_EQ(seen, 40U);
}

TEST_F(Grants, arrays_in_modules_are_served)
{
	MappedMemory memory(2);
	auto *const copy =
		reinterpret_cast<GrantCopy *>(memory.at(4096 - 2 * sizeof(GrantCopy) - 8));

	EXPECT_EQ(HYPERVISOR_grant_table_op(5, copy, 5), 0);
	for (int i = 0; i < 5; ++i)
		EXPECT_EQ(copy[i].status.load(), -i);
}

TEST_F(Grants, a_call_that_fails_is_a_status_of_the_rest)
{
	GrantCopy copy[20]{};

	code = -14;
	fail_after = 18;
	EXPECT_EQ(HYPERVISOR_grant_table_op(5, copy, 20), 0);
	for (int i = 0; i < 18; ++i)
		EXPECT_EQ(copy[i].status.load(), -i);
	EXPECT_EQ(copy[18].status.load(), -1);
	EXPECT_EQ(copy[19].status.load(), -1);
	EXPECT_EQ(kernel.refusals.size(), 2U);
	EXPECT_EQ(kernel.refusals[0].op, "copy");
}

TEST_F(Grants, mappings_have_their_place_in_the_window)
{
	const u64 linear = 0xc000000000000000;

	EXPECT_EQ(status_of(map(window, 1)), 0);
	EXPECT_EQ(status_of(map(window + 2047 * 4096, 1)), -1); /* second seen */
	EXPECT_EQ(status_of(map(linear | window, 1)), -2);
	EXPECT_EQ(seen, 3U);
	EXPECT_EQ(status_of(map(window + 2048 * 4096, 1)), -5);
	EXPECT_EQ(status_of(map(window - 4096, 1)), -5);
	EXPECT_EQ(status_of(map(window + 8, 1)), -5);
	EXPECT_EQ(status_of(map(0, 1)), -5);
	EXPECT_EQ(seen, 3U) << "an index outside stops the historical hypervisor";
}

TEST_F(Grants, what_stops_the_historical_hypervisor_does_not_enter)
{
	for (const u32 flags : {0U, map_flag::device, map_flag::host | map_flag::device,
				map_flag::host | map_flag::application,
				map_flag::host | map_flag::contains_pte, map_flag::host | 1U << 16})
		EXPECT_EQ(status_of(map(window, 1, 3, flags)), -1) << flags;
	host::boot_facts.domain = xen::DomId{7};
	EXPECT_EQ(status_of(map(window, 1, 7)), -2);
	EXPECT_EQ(status_of(map(window, 1, 0x7ff0)), -2);
	EXPECT_EQ(seen, 0U);
	host::announce(Feature::AtomicHpt);
	EXPECT_EQ(status_of(map(window, 1, 7)), 0);
	EXPECT_EQ(seen, 1U);
}

TEST_F(Grants, refused_elements_do_not_move_the_others)
{
	GrantMapRef op[5] = {map(0, 0), map(window, 1), map(0, 2),
			     map(0xc000000000000000 | (window + 4096), 3), map(0, 4)};

	EXPECT_EQ(HYPERVISOR_grant_table_op(0, op, 5), 0);
	EXPECT_EQ(op[0].status.load(), -5);
	EXPECT_EQ(op[1].status.load(), 0);
	EXPECT_EQ(op[1].handle.load(), 1001U);
	EXPECT_EQ(op[2].status.load(), -5);
	EXPECT_EQ(op[2].handle.load(), 0U);
	EXPECT_EQ(op[3].status.load(), -1);
	EXPECT_EQ(op[3].handle.load(), 1003U);
	EXPECT_EQ(op[3].host_addr.load(), 0xc000000000000000 | (window + 4096)) << "the caller's";
	EXPECT_EQ(op[4].status.load(), -5);
	EXPECT_EQ(xen.calls.size(), 1U);
}

TEST_F(Grants, unmapping_keeps_to_the_window)
{
	GrantUnmapRef op[3]{};

	op[0].host_addr.store(window);
	op[1].host_addr.store(0x1000);
	EXPECT_EQ(HYPERVISOR_grant_table_op(1, op, 3), 0);
	EXPECT_EQ(op[0].status.load(), 0);
	EXPECT_EQ(op[1].status.load(), -5);
	EXPECT_EQ(op[2].status.load(), -1) << "no address: that side stays";
	EXPECT_EQ(seen, 2U);
}

TEST_F(Grants, another_domains_table_is_set_up_through_the_callers_list)
{
	Be<u64> list[2]{};
	GrantSetupTable op{};

	op.dom.store(3);
	op.nr_frames.store(2);
	op.frame_list.store(reinterpret_cast<u64>(list));
	xen.answer = [](const Trapped &call) {
		auto seen_op = Xen::get<GrantSetupTable>(call.arg[1]);

		Xen::put(seen_op.frame_list.load() + 8, Be<u64>{99});
		seen_op.status.store(-2);
		Xen::put(call.arg[1], seen_op);
		return s64{0};
	};
	EXPECT_EQ(HYPERVISOR_grant_table_op(2, &op, 1), 0);
	EXPECT_EQ(op.status.load(), -2);
	EXPECT_EQ(op.frame_list.load(), reinterpret_cast<u64>(list)) << "the caller's pointer";
	EXPECT_EQ(list[1].load(), 99U);
	op.nr_frames.store(5);
	EXPECT_EQ(HYPERVISOR_grant_table_op(2, &op, 1), einval);
	op.nr_frames.store(1);
	op.frame_list.store(reinterpret_cast<u64>(host::alien()));
	EXPECT_EQ(HYPERVISOR_grant_table_op(2, &op, 1), efault);
	EXPECT_EQ(HYPERVISOR_grant_table_op(2, &op, 2), einval);
	EXPECT_EQ(xen.calls.size(), 1U);
}

} // namespace
