// SPDX-License-Identifier: GPL-2.0
/*
 * Tools map frames of the machine while sections of a direct domain's memory move: at no
 * moment do they get one that the hypervisor counts as the domain's.
 */
#include <map>
#include <set>

#include "abi/wire.hh"
#include "balloon_rig.hh"
#include "calls_glue.h"
#include "fake_window.hh"
#include "translate.hh"
#include "window.hh"

namespace {

using namespace xen::ppc;
using host::all_sections;
using host::section;
using host::World;
using xen::Be;

constexpr int ebusy = -16, einval = -22;
constexpr u64 window_first = u64{1} << 30;

class Moving : public host::Balloon {
protected:
	Moving()
	{
		host::boot_facts.foreign_first = xen::Pfn{window_first};
		host::boot_facts.foreign_pages = xen::Pages{8192};
		host::set_window();
		/* As after a start: every look-up would else be a look at all frames. */
		for (u64 i = 0; i < all_sections; ++i)
			EXPECT_TRUE(
				p2m_state.blocks.examine(xen::Pfn{i * section}, [](xen::Pfn pfn) {
					return p2m_state.table.ram(pfn);
				}));
	}
	~Moving() override
	{
		EXPECT_EQ(host::window_glue.locked, 0);
		EXPECT_TRUE(world.own_entered.empty())
			<< "the domain's own frame is mapped as another's: "
			<< world.own_entered.front();
		window_start(xen::Pfn{0}, xen::Pages{0}, nullptr);
	}

	/* What a tool gets that maps a frame as another domain's; the page goes again. */
	static int map(u64 frame)
	{
		struct {
			Be<u16> domid{0x7ff0}, space{4}, size{1}, foreign_domid{3};
			Be<u64> idxs, gpfns, errs;
		} add;
		struct {
			Be<u16> domid{0x7ff0}, pad[3]{};
			Be<u64> gpfn{window_first};
		} remove;
		const Be<u64> wanted{frame}, place{window_first};
		Be<s32> error{77};

		add.idxs.store(reinterpret_cast<u64>(&wanted));
		add.gpfns.store(reinterpret_cast<u64>(&place));
		add.errs.store(reinterpret_cast<u64>(&error));
		EXPECT_EQ(HYPERVISOR_memory_op(23, &add), 0);
		EXPECT_EQ(HYPERVISOR_memory_op(15, &remove), error.load() == 0 ? 0 : -2);
		return error.load();
	}

	/* Of each of the machine's sections the first and the last frame. */
	std::map<u64, int> map_all()
	{
		std::map<u64, int> errors;

		mapping_ = true;
		for (u64 frame = 0; frame < host::machine_sections * section; frame += section)
			for (const u64 each : {frame, frame + section - 1})
				errors[each] = map(each);
		mapping_ = false;
		return errors;
	}

	/* One step of the balloon, and all that tools get while it lasts. */
	std::map<std::string, std::map<u64, int>> step_to(u64 sections)
	{
		std::map<std::string, std::map<u64, int>> errors;

		World::target(sections);
		/* Before the balloon has the window's lock and after it others have it. */
		host::window_glue.around_lock = [&] {
			if (!mapping_)
				static_cast<void>(map_all());
		};
		world.meanwhile = [&](const std::string &moment) {
			/* Pauses while a section is looked for are none of its way. */
			if (moment != "pause" || errors.contains("populated"))
				errors[moment] = map_all();
		};
		EXPECT_EQ(xen_ppc_balloon_step(), 0);
		world.meanwhile = nullptr;
		host::window_glue.around_lock = nullptr;
		world.check();
		return errors;
	}

	/* What is no frame of the domain's, and not of @but, can be mapped; nothing else can. */
	void expect_others_only(const std::map<u64, int> &errors, u64 but, int error) const
	{
		for (const auto &[frame, got] : errors)
			EXPECT_EQ(got, frame / section == but / section ? error
				       : world.mine[frame]		? einval
									: 0)
				<< frame;
	}

private:
	bool mapping_ = false;
};

TEST_P(Moving, a_section_that_leaves_is_nobodys_until_it_is_gone)
{
	const u64 leaving = world.word((all_sections - 1) * section);
	const auto errors = step_to(all_sections - 1);

	ASSERT_FALSE(world.mine[leaving]);
	expect_others_only(errors.at("settle"), leaving, einval);
	expect_others_only(errors.at("decrease"), leaving, ebusy);
	expect_others_only(errors.at("decreased"), leaving, ebusy);
	expect_others_only(map_all(), leaving, 0);
}

TEST_P(Moving, a_section_that_comes_is_the_domains_from_the_hypercall_on)
{
	static_cast<void>(step_to(all_sections - 1));

	const auto errors = step_to(all_sections);
	const u64 come = world.word((all_sections - 1) * section);

	ASSERT_TRUE(world.mine[come]);
	/* Nobody knows yet which one it will be. */
	for (const char *const moment : {"populate", "populated"})
		for (const auto &[frame, error] : errors.at(moment))
			EXPECT_EQ(error, ebusy) << moment << frame;
	expect_others_only(errors.at("pause"), come, ebusy);
	expect_others_only(errors.at("add"), come, einval);
	expect_others_only(map_all(), come, einval);
}

TEST_P(Moving, a_refused_section_is_the_domains_again)
{
	const u64 kept = world.word((all_sections - 1) * section);

	world.kept = {kept};
	World::target(all_sections - 1);
	world.meanwhile = [&](const std::string &) {
		static_cast<void>(map_all());
	};
	EXPECT_EQ(xen_ppc_balloon_step(), 1000);
	world.meanwhile = nullptr;
	expect_others_only(map_all(), kept, einval);
}

TEST_P(Moving, nothing_moves_any_more_after_a_failure)
{
	static_cast<void>(step_to(all_sections - 1));

	const auto expect_others = [&] {
		for (const auto &[frame, error] : map_all())
			EXPECT_NE(error, ebusy) << frame;
	};

	World::target(all_sections);
	world.failing = {"populate"};
	EXPECT_GT(xen_ppc_balloon_step(), 0);
	expect_others();
	world.failing.clear();
	world.offered = 50 * section + 16; /* not aligned: it goes back */
	world.really = true;
	world.settled = true;
	world.meanwhile = [&](const std::string &) {
		static_cast<void>(map_all());
	};
	EXPECT_EQ(xen_ppc_balloon_step(), -1);
	world.meanwhile = nullptr;
	expect_others();
}

TEST_P(Moving, a_search_leaves_sections_out_that_are_gone)
{
	const xen::Pfn first{(all_sections - 1) * section};

	EXPECT_FALSE(p2m_state.blank.holds(first));
	static_cast<void>(step_to(all_sections - 1));
	EXPECT_TRUE(p2m_state.blank.holds(first));
	static_cast<void>(step_to(all_sections));
	EXPECT_FALSE(p2m_state.blank.holds(first));
	EXPECT_EQ(own_frame_of(xen::Gfn{world.word(first.raw() + 7)}).value_or(xen::Pfn{0}),
		  first + xen::Pages{7});
}

INSTANTIATE_TEST_SUITE_P(Modes, Moving, ::testing::Values(true),
			 [](const auto &) { return "direct"; });

} // namespace
