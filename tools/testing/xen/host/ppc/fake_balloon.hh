/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A Linux whose memory comes and goes, and a hypervisor that owns the machine's frames.
 *
 * Both fail when they are told to, and both watch: a frame is given only when Linux has
 * forgotten it, when those that looked it up have ended and when its entry is missing; a
 * page gets into use only when the domain owns the frame behind it.  The table is read word
 * by word, as it lies in memory.
 *
 * H_ENTER takes every frame of the machine, the domain's own too: that no tool gets one of
 * those mapped is the domain's affair.
 */
#ifndef HOST_PPC_FAKE_BALLOON_HH
#define HOST_PPC_FAKE_BALLOON_HH

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "balloon_glue.h"
#include "fake_calls.hh"

namespace host {

inline constexpr u64 section = 4096;	/* pages */
inline constexpr u64 rma_sections = 4;	/* 64 MB */
inline constexpr u64 all_sections = 28; /* 448 MB */
inline constexpr u64 machine_sections = 64;
inline constexpr u64 none = ~u64{0};

enum class Use { Used, Offline, Gone };

/* Everything outside of the units. */
class World : public Xen {
public:
	explicit World(bool direct);
	~World();

	/** check - do all accounts balance? */
	void check() const;

	/** run - steps until nothing is left to do now; how many */
	unsigned int run(unsigned int most = 1000);
	/** target - set it, in sections that the domain shall have */
	static void target(u64 sections);

	/** word - an entry as it lies there, none for a missing one */
	u64 word(u64 pfn) const;
	void set_word(u64 pfn, u64 mfn);
	u64 owned() const;
	u64 used() const;
	static u64 current() { return xen_ppc_balloon_get(XEN_BALLOON_CURRENT) / 4 / section; }

	bool fails(const char *what); /* shall this call fail? */

	std::vector<u8> table;
	std::vector<bool> mine = std::vector<bool>(machine_sections * section);
	std::vector<Use> use = std::vector<Use>(all_sections, Use::Used);
	std::vector<bool> movable = std::vector<bool>(all_sections); /* when it came back */
	std::map<u64, xen_page_state> odd_pages; /* those that do not simply move */
	std::vector<bool> scrubbed = std::vector<bool>(all_sections * section);
	u64 available = 100 * section;
	const bool direct;
	bool settled = false; /* since Linux forgot a section */

	/* What fails from now on: names of services, "decrease", "populate"; or by chance. */
	std::set<std::string> failing;
	unsigned int chance = 0; /* of 100 */
	std::mt19937 random{1};

	/* The hypervisor's lies: what it answers although it did what it was asked. */
	s64 decrease_answer = 1, populate_answer = 1;
	u64 offered = none;  /* the machine frame that it says it gives */
	bool really = false; /* and gives */

	std::vector<std::string> asked;
	std::vector<std::pair<std::string, long>> messages;
	unsigned int woken = 0, stopped = 0;
	std::vector<std::vector<u8>> bytes;

	/* Sections, by the number of their first frame, that the hypervisor does not take. */
	std::set<u64> kept;
	/* Called whenever others could run, and before and after what the hypervisor does. */
	std::function<void(const std::string &)> meanwhile;
	std::vector<u64> own_entered; /* frames of the domain's that H_ENTER was asked for */

	s64 memory_op(const Trapped &call);
	void trap(u64 *r) override;
	void moment(const char *name) const;

private:
	s64 decrease(u64 number);
	s64 populate(u64 handle);
};

extern World *world;

} // namespace host

#endif
