/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hypervisor that keeps a hashed page table, and a processor that looks things up in it.
 *
 * Written from the ABI and the architecture alone; it shares no code with the units.  It is
 * unkind: it counts what it had to put up with (a slot beyond the table, bad WIMG, two
 * cpus in one group, a frame that stops the historical hypervisor), fails calls on demand,
 * and lies about PP0 if told to.
 */
#ifndef HOST_PPC_FAKE_HPT_HH
#define HOST_PPC_FAKE_HPT_HH

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fake_paca.hh"

namespace host {

/* Tokens, as numbers of the ABI. */
inline constexpr u64 h_remove_token = 0x04, h_enter_token = 0x08, h_read_token = 0x0c,
		     h_protect_token = 0x18, h_bulk_token = 0x124;
inline constexpr u64 sched_op_token = 0xffffffffffff001d;

struct Entry {
	u64 high = 0;
	u64 low = 0;

	[[nodiscard]] bool valid() const { return (high & 1) != 0; }
};

/* What the processor makes of a virtual address. */
struct Translated {
	u64 frame;
	u64 slot;
	u64 pp; /* PP0 as bit 2 */
	bool no_execute;
	u64 wimg;
	bool bolted;
};

/* One call as it came. */
struct HptCall {
	u64 token;
	std::array<u64, 8> args;
	u8 soft_mask;
};

class FakeHpt : public Hypervisor {
public:
	static constexpr u64 slots = 16384; /* 256 KB, the smallest table */
	static constexpr u64 ram_pages = u64{256} << 8;
	static constexpr u64 device_first = 0x80001, device_last = 0xfffff;
	static constexpr u64 window_first = u64{1} << 22, window_pages = 2048;

	/* What kind of hypervisor. */
	bool historical = true; /* H_READ inverted, R lost in H_PROTECT, no bulk call */
	bool atomic = false;
	bool enter_keeps_pp0 = false, protect_keeps_pp0 = false;
	/* H_ENTER, H_PROTECT and H_REMOVE take their time between reading and writing. */
	bool slow = false;

	std::array<Entry, slots> table{};
	std::set<u64> foreign; /* window frames that map something */

	/* The k-th call with this token from now on (1: the next) answers so; 0: each. */
	void fail(u64 token, unsigned long k, s64 code);
	void fail_none() { faults_.clear(); }
	/* Called in the middle of the next H_ENTER. */
	std::function<void()> meanwhile;
	/* This request (from 0) of every H_BULK_REMOVE is left as it is, with H_Success. */
	std::optional<unsigned int> bulk_skips;
	/* An answer of H_ENTER that lies outside of the group. */
	std::optional<u64> answer_slot;

	std::vector<HptCall> calls;
	bool remembers = true; /* the calls */
	/* Calls with this token. */
	[[nodiscard]] unsigned long count(u64 token) const;
	/* Broken rules, by name. */
	std::map<std::string, unsigned long> broken;

	/* As the processor translates @vsid and @page (4 KB) of a segment of 256 MB. */
	[[nodiscard]] std::optional<Translated> look_up(u64 vsid, u64 page) const;

	[[nodiscard]] unsigned long used() const;

	void trap(u64 *r) override;

private:
	struct Fault {
		u64 token;
		unsigned long k; /* calls to go; 0 once it has happened */
		bool each;
		s64 code;
	};
	std::optional<s64> fault_of(u64 token);

	s64 enter(u64 *r);
	s64 remove(u64 *r);
	s64 read(u64 *r);
	s64 protect(u64 *r);
	s64 bulk(u64 *r);
	s64 frame_refused(const Entry &entry);
	bool bad_slot(u64 slot);
	void pause(u64 slot);
	void rule(const char *name);

	std::vector<Fault> faults_;
	std::recursive_mutex lock_;
	std::array<std::atomic<int>, slots / 8> inside_{};
};

} // namespace host

#endif
