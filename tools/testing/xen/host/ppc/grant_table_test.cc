// SPDX-License-Identifier: GPL-2.0
/* The domain's own grant table. */
#include <gtest/gtest.h>

#include "abi/grant.hh"
#include "abi/memory.hh"
#include "calls_glue.h"
#include "fake_boot.hh"
#include "fake_calls.hh"
#include "fake_window.hh"
#include "grant.hh"
#include "grant_glue.h"
#include "p2m.hh"
#include "window.hh"

namespace {

using namespace xen::ppc;
using host::kernel;
using host::MappedMemory;
using host::Trapped;
using host::Xen;
using xen::Be;
using xen::Mfn;
using xen::Pfn;

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

constexpr int einval = -22, enosys = -38, enomem = -12;
constexpr u64 none = ~u64{0};

/* A Xen with a table: what it answers to the two questions about it. */
class Table : public ::testing::Test {
protected:
	Table() : usual(p2m_state) {}
	~Table() override { p2m_state = usual; }

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
	P2m usual;
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

TEST_F(Table, in_a_direct_domain_the_machines_frames_are_behind_the_window)
{
	const u64 place = (u64{1} << 30) + 8192;
	const auto empty = [&] {
		for (u64 i = 0; i < 4; ++i)
			EXPECT_FALSE(window_entry(Pfn{place + i}).present());
	};

	host::set_direct(1000, 900000);
	host::set_window();
	xen_grant_init();
	EXPECT_EQ(published.first, place);
	EXPECT_EQ(published.mapped, 4U);
	for (u64 i = 0; i < 4; ++i) {
		EXPECT_EQ(window_entry(Pfn{place + i}), xen::P2mEntry::foreign(Mfn{0x80000 + i}));
		EXPECT_EQ(add(i, place + i), 0);
		EXPECT_EQ(add(i, 0x80000 + i), einval) << "Linux has no such frame";
	}

	/* Wherever they are: only the private places follow each other. */
	std::swap(frame[1], frame[3]);
	host::set_window();
	xen_grant_init();
	EXPECT_EQ(published.mapped, 4U);
	EXPECT_EQ(window_entry(Pfn{place + 1}), xen::P2mEntry::foreign(Mfn{0x80003}));

	host::set_window();
	published.map_result = enomem;
	xen_grant_init();
	EXPECT_EQ(published.value, enomem);
	empty();
	published.map_result = 0;
	for (u64 &one : frame)
		one = (u64{1} << 30) - 3 + static_cast<u64>(&one - frame);
	xen_grant_init();
	EXPECT_EQ(published.value, einval) << "the third fits no entry";
	empty();
	host::boot_facts.foreign_pages = xen::Pages{0};
	host::set_window();
	xen_grant_init();
	EXPECT_EQ(published.value, -95);
	EXPECT_EQ(xen_grant_frames(), 0U);
}

TEST_F(Table, other_spaces_are_not_served)
{
	AddToPhysmap op{};

	EXPECT_EQ(HYPERVISOR_memory_op(7, &op), enosys);
	op.space.store(4);
	EXPECT_EQ(HYPERVISOR_memory_op(7, &op), enosys);
	EXPECT_TRUE(xen.calls.empty());
}

} // namespace
