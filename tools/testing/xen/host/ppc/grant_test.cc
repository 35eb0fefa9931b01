// SPDX-License-Identifier: GPL-2.0
/* Operations on grants. */
#include <gtest/gtest.h>

#include "abi/grant.hh"
#include "abi/memory.hh"
#include "calls_glue.h"
#include "fake_boot.hh"
#include "fake_calls.hh"
#include "fake_window.hh"
#include "p2m.hh"
#include "window.hh"
#include "window_map.hh"

namespace {

using namespace xen::ppc;
using host::kernel;
using host::MappedMemory;
using host::Trapped;
using host::window_glue;
using host::WindowXen;
using host::Xen;
using xen::Be;
using xen::Mfn;
using xen::Pfn;

constexpr int efault = -14, einval = -22;

class Grants : public ::testing::Test {
protected:
	static constexpr u64 window = u64{1} << 34, first = window >> 12;

	Grants() : usual(p2m_state) {}
	~Grants() override { p2m_state = usual; }

	void SetUp() override
	{
		host::reset_calls();
		host::hypervisor = &xen;
		host::set_window();
		/* A mapped grant is known by its place in the window. */
		for (u64 i = 0; i < 2048; ++i)
			xen.frames[first + i] = true;
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
	void TearDown() override
	{
		EXPECT_TRUE(xen.broken.empty()) << xen.broken.begin()->first;
		EXPECT_EQ(window_glue.locked, 0);
		host::hypervisor = nullptr;
	}

	/* Xen gives the n-th element it sees the status -n, until it is to fail. */
	template <class T> void each(const Trapped &call)
	{
		for (u64 i = 0; i < call.arg[2] && seen < fail_after; ++i) {
			auto op = Xen::get<T>(call.arg[1] + i * sizeof(T));

			EXPECT_EQ(op.status.load(), -1) << "preset";
			op.status.store(status_is ? *status_is
						  : static_cast<s16>(-static_cast<int>(seen)));
			++seen;
			if constexpr (std::is_same_v<T, GrantMapRef>) {
				EXPECT_EQ(op.host_addr.load() >> 60, 0U);
				op.handle.store(1000 + op.ref.load());
				op.dev_bus_addr.store((u64{70000} + op.ref.load()) << 12);
			}
			if constexpr (std::is_same_v<T, GrantUnmapRef>) {
				EXPECT_TRUE(xen.leading_to(is_direct() ? 69000 + op.handle.load()
								       : op.host_addr.load() >> 12)
						    .empty())
					<< "Xen would find its frame still mapped";
				given_back.push_back(op.handle.load());
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
	static GrantUnmapRef unmap(u64 address, u32 handle)
	{
		GrantUnmapRef op{};

		op.host_addr.store(address);
		op.handle.store(handle);
		op.status.store(77);
		return op;
	}
	static s16 status_of(GrantUnmapRef op)
	{
		EXPECT_EQ(HYPERVISOR_grant_table_op(1, &op, 1), 0);
		return op.status.load();
	}
	/* What is behind a page of the window; 0: nothing. */
	static u64 behind(u64 address)
	{
		const xen::P2mEntry entry = window_entry(Pfn{address >> 12});

		return entry.present() ? entry.mfn().raw() : 0;
	}

	WindowXen xen;
	P2m usual;
	s64 code = 0;
	u64 seen = 0, fail_after = ~u64{0};
	std::optional<s16> status_is;
	std::vector<u32> given_back; /* handles */
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
	EXPECT_EQ(status_of(map(linear | (window + 4096), 1)), -2);
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

TEST_F(Grants, in_a_translated_domain_xen_is_asked_by_the_windows_number)
{
	ASSERT_EQ(status_of(map(window + 4096, 1)), 0);
	EXPECT_EQ(behind(window + 4096), first + 1);
	ASSERT_TRUE(xen.linear(first + 1));
	EXPECT_EQ(xen.linear(first + 1)->frame(), first + 1);
	status_is = 0;
	EXPECT_EQ(status_of(unmap(window + 4096, 1001)), 0);
	EXPECT_EQ(behind(window + 4096), 0U);
	EXPECT_EQ(given_back, std::vector<u32>{1001});
}

TEST_F(Grants, in_a_direct_domain_xen_says_which_frame_it_is)
{
	const u64 address = u64{1} << 42;

	host::set_direct(1000, 90000);
	host::set_window();
	status_is = 0;
	xen.frames[70003] = true;
	xen.frames[70004] = false;
	ASSERT_EQ(status_of(map(address, 3)), 0);
	EXPECT_EQ(behind(address), 70003U);
	ASSERT_EQ(status_of(map(address + 4096, 4, 3, map_flag::host | map_flag::readonly)), 0);
	EXPECT_EQ(behind(address + 4096), 70004U);
	EXPECT_TRUE(xen.linear((address >> 12) + 1)->read_only());
	EXPECT_EQ(xen.used(), 2U);
	xen.on_call = [&] {
		EXPECT_EQ(behind(address), 0U) << "every cpu sees it before Xen hears of it";
		EXPECT_TRUE(xen.leading_to(70003).empty());
	};
	EXPECT_EQ(status_of(unmap(address, 1003)), 0);
	EXPECT_EQ(behind(address + 4096), 70004U);
	EXPECT_EQ(xen.used(), 1U);
}

TEST_F(Grants, a_taken_place_is_not_mapped_over)
{
	status_is = 0;
	ASSERT_EQ(status_of(map(window, 1)), 0);
	EXPECT_EQ(status_of(map(window, 2)), -5);
	EXPECT_EQ(seen, 1U);

	/* Twice in one call: a direct domain's Xen takes both, the window only one. */
	const u64 address = u64{1} << 42;
	GrantMapRef op[2] = {map(address, 3), map(address, 4)};

	host::set_direct(1000, 90000);
	host::set_window();
	xen.frames = {{70003, true}, {70004, true}};
	EXPECT_EQ(HYPERVISOR_grant_table_op(0, op, 2), 0);
	EXPECT_EQ(op[0].status.load(), 0);
	EXPECT_EQ(op[1].status.load(), -5);
	EXPECT_EQ(given_back, std::vector<u32>{1004});
	EXPECT_EQ(behind(address), 70003U);
}

TEST_F(Grants, a_grant_that_the_page_table_refuses_is_given_back)
{
	const std::pair<s64, int> answers[] = {{-4, -9}, {-3, -8}, {-18, -9}, {-1, -1}};

	status_is = 0;
	for (const auto &[answer, status] : answers) {
		GrantMapRef op[3] = {map(window, 1), map(window + 4096, 2), map(window + 8192, 3)};

		given_back.clear();
		xen.refused[first + 1] = answer;
		EXPECT_EQ(HYPERVISOR_grant_table_op(0, op, 3), 0);
		EXPECT_EQ(op[0].status.load(), 0);
		EXPECT_EQ(op[1].status.load(), status);
		EXPECT_EQ(op[2].status.load(), 0);
		EXPECT_EQ(given_back, std::vector<u32>{1002});
		EXPECT_EQ(behind(window + 4096), 0U);
		EXPECT_EQ(xen.used(), 2U);
		EXPECT_EQ(status_of(unmap(window, 1001)), 0);
		EXPECT_EQ(status_of(unmap(window + 8192, 1003)), 0);
		EXPECT_TRUE(window_glue.messages.empty());
	}
	xen.refused[first] = -4;
	xen.on_enter = [&] {
		status_is = -1;
	};
	EXPECT_EQ(status_of(map(window, 1)), -9);
	EXPECT_EQ(window_glue.messages.size(), 1U) << "it cannot even be given back";
	EXPECT_EQ(behind(window), 0U);
}

TEST_F(Grants, a_refused_unmap_leaves_a_place_that_can_be_used_again)
{
	for (const s64 result : {s64{0}, s64{-14}}) {
		status_is = 0;
		code = 0;
		fail_after = ~u64{0};
		ASSERT_EQ(status_of(map(window, 1)), 0);
		window_glue.messages.clear();
		status_is = -1;
		code = result;
		fail_after = result != 0 ? seen : ~u64{0};
		EXPECT_EQ(status_of(unmap(window, 1001)), -1);
		EXPECT_EQ(behind(window), 0U);
		EXPECT_EQ(xen.used(), 0U);
		EXPECT_EQ(window_glue.messages.size(), 1U);
	}
	status_is = 0;
	code = 0;
	fail_after = ~u64{0};
	EXPECT_EQ(status_of(map(window, 2)), 0);
}

TEST_F(Grants, what_was_never_mapped_is_not_unmapped)
{
	ASSERT_EQ(status_of(map(window, 1)), 0);
	const u64 before = seen;

	EXPECT_EQ(status_of(unmap(window, ~u32{0})), -4) << "Linux's number for no handle";
	EXPECT_EQ(seen, before) << "nothing to ask the hypervisor";
	EXPECT_NE(behind(window), 0U);
	EXPECT_TRUE(window_glue.messages.empty());
}

TEST_F(Grants, what_xen_did_not_map_is_not_in_the_window)
{
	GrantMapRef op[20];

	for (u32 i = 0; i < 20; ++i)
		op[i] = map(window + i * 4096, i);
	status_is = 0;
	code = -14;
	fail_after = 3;
	EXPECT_EQ(HYPERVISOR_grant_table_op(0, op, 20), 0);
	for (u64 i = 0; i < 20; ++i) {
		EXPECT_EQ(op[i].status.load(), i < 3 ? 0 : -1);
		EXPECT_EQ(behind(window + i * 4096) != 0, i < 3);
	}
	EXPECT_EQ(xen.used(), 3U);
}

TEST_F(Grants, copies_name_own_memory_only)
{
	const auto copy = [](u64 from, u64 to, u16 flags) {
		GrantCopy op{};

		op.source.u.gmfn.store(from);
		op.dest.u.gmfn.store(to);
		op.flags.store(flags);
		EXPECT_EQ(HYPERVISOR_grant_table_op(5, &op, 1), 0);
		return op.status.load();
	};

	status_is = 0;
	EXPECT_EQ(copy(5, 6, 0), 0);
	EXPECT_EQ(copy(first, 6, 0), -9);
	EXPECT_EQ(copy(5, first + 7, 0), -9);
	EXPECT_EQ(copy(first, 6, copy_flag::source_gref), 0) << "a reference";
	EXPECT_EQ(seen, 2U);
	host::set_direct(1000, 90000);
	host::set_window();
	EXPECT_EQ(copy(5, 89999, 0), 0) << "Xen knows whose it is";
	EXPECT_EQ(copy(5, 90000, 0), -9);
	EXPECT_EQ(copy(u64{1} << 30, 6, 0), -9);
	EXPECT_EQ(copy(5, ~u64{0}, 0), -9);
	EXPECT_EQ(copy(~u64{0}, ~u64{0}, copy_flag::source_gref | copy_flag::dest_gref), 0);
	EXPECT_EQ(seen, 4U);
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
