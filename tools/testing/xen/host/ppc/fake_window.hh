/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A window with its memory and lock, and a Xen that has a page table beside its calls.
 *
 * The page table is what H_ENTER and H_REMOVE make of it, by the ABI's text alone: frames
 * of others that may be entered stand in a list, everything else is refused.  It fails
 * calls on demand, finds groups full, and answers slots outside of the group if told to.
 */
#ifndef HOST_PPC_FAKE_WINDOW_HH
#define HOST_PPC_FAKE_WINDOW_HH

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fake_calls.hh"

namespace host {

/* What window_map.cc borrows, and what it said. */
struct WindowGlue {
	std::vector<u64> memory; /* of the tables */
	std::size_t memory_bytes = 0;
	bool no_memory = false;
	bool linear_small = true;
	int locked = 0;
	unsigned long locks = 0;
	std::vector<std::string> messages; /* what, without numbers */
	std::optional<u64> found_pages;
	std::vector<u64> unused; /* what the allocator hands out, the last first */
	unsigned long given = 0; /* back to it */
	/* What another cpu does before the lock can be had, and once it is free again. */
	std::function<void()> around_lock;
};
extern WindowGlue window_glue;

class WindowXen : public Xen {
public:
	static constexpr u64 slots = 16384;

	struct Entry {
		u64 high = 0, low = 0;

		[[nodiscard]] bool valid() const { return (high & 1) != 0; }
		[[nodiscard]] u64 frame() const { return (low >> 12) & ((u64{1} << 50) - 1); }
		[[nodiscard]] bool bolted() const { return (high & 0x10) != 0; }
		/* Nobody can write through it. */
		[[nodiscard]] bool read_only() const
		{
			const u64 pp = (low & 3) | (low >> 63) << 2;

			return pp == 3 || pp == 6;
		}
		/* A user's access is of no avail. */
		[[nodiscard]] bool kernel_only() const
		{
			const u64 pp = (low & 3) | (low >> 63) << 2;

			return pp == 0 || pp == 6;
		}
	};

	std::array<Entry, slots> table{};
	std::map<u64, bool> frames; /* that H_ENTER takes, and whether for writing */
	/* H_ENTER of this frame answers so. */
	std::map<u64, s64> refused;
	/* Every H_REMOVE by name answers so. */
	std::optional<s64> remove_answer;
	std::optional<u64> answer_slot;
	/* Called before H_ENTER, H_REMOVE or a call of Xen's does anything. */
	std::function<void()> on_enter, on_remove, on_call;
	unsigned long enters = 0, removes = 0;
	std::map<std::string, unsigned long> broken; /* rules */

	/* The valid entries that lead to a frame. */
	[[nodiscard]] std::vector<Entry> leading_to(u64 frame) const;
	[[nodiscard]] unsigned long used() const;
	/* As the processor finds the linear address of a frame. */
	[[nodiscard]] std::optional<Entry> linear(u64 pfn) const;
	/* The two groups of that address. */
	[[nodiscard]] static std::array<u64, 2> groups_of(u64 pfn);
	/* Eight entries of others in a group. */
	void fill(u64 group, bool bolted);

	void trap(u64 *r) override;

private:
	s64 enter(u64 *r);
	s64 remove(u64 *r);
};

/**
 * set_window - a new window, empty; with the page table's facts of a modern hypervisor
 *
 * Of the domain that fake_boot.hh and p2m_state describe.
 */
void set_window();

/** set_direct - p2m_state of a direct domain whose real-mode area starts at machine frame @rma */
void set_direct(u64 rma, u64 max_mfn);

} // namespace host

#endif
