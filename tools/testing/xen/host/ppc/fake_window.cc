// SPDX-License-Identifier: GPL-2.0
/* The window's memory and the page table of fake_window.hh. */
#include <algorithm>

#include <gtest/gtest.h>

#include "fake_boot.hh"
#include "fake_window.hh"
#include "p2m.hh"
#include "fake_hpt_glue.hh"
#include "pagetable.hh"
#include "window_glue.h"
#include "window_map.hh"

namespace host {

WindowGlue window_glue;

namespace {

constexpr s64 h_success = 0, h_privilege = -3, h_parameter = -4, h_full = -6, h_not_found = -7;
constexpr u64 h_remove_number = 0x04, h_enter_number = 0x08;

} // namespace

std::vector<WindowXen::Entry> WindowXen::leading_to(u64 frame) const
{
	std::vector<Entry> found;

	for (const Entry &entry : table)
		if (entry.valid() && entry.frame() == frame)
			found.push_back(entry);
	return found;
}

unsigned long WindowXen::used() const
{
	return static_cast<unsigned long>(std::count_if(table.begin(), table.end(),
							[](const Entry &e) { return e.valid(); }));
}

std::array<u64, 2> WindowXen::groups_of(u64 pfn)
{
	const u64 address = 0xc000000000000000 | pfn << 12;
	const u64 hash = kernel_vsid_of(address) ^ ((address >> 12) & 0xffff);

	return {hash % (slots / 8) * 8, ~hash % (slots / 8) * 8};
}

std::optional<WindowXen::Entry> WindowXen::linear(u64 pfn) const
{
	const u64 address = 0xc000000000000000 | pfn << 12;
	const u64 name = kernel_vsid_of(address) << 5 | ((address >> 12) & 0xffff) >> 11;
	const auto groups = groups_of(pfn);

	for (unsigned int second = 0; second < 2; ++second)
		for (u64 slot = groups[second]; slot < groups[second] + 8; ++slot)
			if (table[slot].valid() && table[slot].high >> 7 == name &&
			    (table[slot].high >> 1 & 1) == second)
				return table[slot];
	return std::nullopt;
}

void WindowXen::fill(u64 group, bool bolted)
{
	for (u64 slot = group; slot < group + 8; ++slot)
		table[slot] = {u64{0x7fffff} << 20 | slot << 7 | (bolted ? 0x10U : 0U) | 1, 0};
}

s64 WindowXen::enter(u64 *r)
{
	const u64 group = r[2] / 8 * 8;
	const Entry entry{r[3], r[4]};
	const auto frame = frames.find(entry.frame());

	++enters;
	if (on_enter)
		on_enter();
	if (r[2] >= slots || !entry.valid()) {
		++broken["no slot or no entry"];
		return h_parameter;
	}
	if (const auto code = refused.find(entry.frame()); code != refused.end())
		return code->second;
	if ((entry.low & 0x60) != 0 || (entry.high & 4) != 0) {
		++broken["attributes that are not memory's"];
		return h_parameter;
	}
	if (frame == frames.end()) {
		++broken["frame that is not to be had"];
		return h_parameter;
	}
	if (!frame->second && !entry.read_only()) {
		++broken["writable entry of a frame that may be read"];
		return h_privilege;
	}
	if (entry.bolted() && !entry.kernel_only())
		++broken["user's access through a kernel address"];
	for (u64 slot = group; slot < group + 8; ++slot)
		if (!table[slot].valid()) {
			table[slot] = entry;
			r[1] = answer_slot.value_or(slot);
			return h_success;
		}
	return h_full;
}

s64 WindowXen::remove(u64 *r)
{
	const bool by_name = (r[1] & u64{1} << 31) != 0, unless = (r[1] & u64{1} << 30) != 0;
	const u64 slot = r[2];

	if (slot >= slots) {
		++broken["slot beyond the table"];
		return h_parameter;
	}
	if (by_name) {
		++removes;
		if (on_remove)
			on_remove();
		if (remove_answer)
			return *remove_answer;
	}
	Entry &entry = table[slot];

	if (!entry.valid() || (by_name && entry.high >> 7 != r[3] >> 7) ||
	    (unless && (entry.high & r[3]) != 0))
		return h_not_found;
	entry = Entry{};
	return h_success;
}

void WindowXen::trap(u64 *r)
{
	if (r[0] == h_enter_number) {
		r[0] = static_cast<u64>(enter(r));
	} else if (r[0] == h_remove_number) {
		r[0] = static_cast<u64>(remove(r));
	} else {
		EXPECT_EQ(window_glue.locked, 0) << "a call of Xen's under the window's lock";
		if (on_call)
			on_call();
		Xen::trap(r);
	}
}

void set_window()
{
	window_glue = WindowGlue{};
	stale_translations.clear();
	xen::ppc::table = xen::ppc::Table{};
	xen::ppc::table.slots = WindowXen::slots;
	xen::ppc::table.pp0 = true;
	xen::ppc::window_setup();
}

void set_direct(u64 rma, u64 max_mfn)
{
	static std::vector<xen::ppc::p2m::Entry> words;

	words.assign(boot_facts.ram_pages, xen::ppc::p2m::Entry{0});
	for (u64 i = 0; i < words.size(); ++i)
		words[i].store(static_cast<u32>(rma + i));
	xen::ppc::p2m_state.direct = true;
	xen::ppc::p2m_state.table = {words.data(), words.size()};
	xen::ppc::p2m_state.ram_end = words.size();
	xen::ppc::p2m_state.max_mfn = max_mfn;
	boot_facts.foreign_first = xen::Pfn{u64{1} << 30};
	boot_facts.foreign_pages = xen::Pages{8192};
}

} // namespace host

using host::window_glue;

[[gnu::weak]] void *xen_glue_window_memory(unsigned long bytes) noexcept
{
	window_glue.memory_bytes = bytes;
	/* Not cleared: nobody said that it is. */
	window_glue.memory.assign((bytes + 7) / 8 + 1, 0x5a5a5a5a5a5a5a5a);
	window_glue.memory.back() = 0x1234567812345678;
	return window_glue.no_memory ? nullptr : window_glue.memory.data();
}

[[gnu::weak]] unsigned long xen_glue_window_lock() noexcept
{
	EXPECT_EQ(window_glue.locked, 0) << "taken twice";
	if (window_glue.around_lock)
		window_glue.around_lock();
	++window_glue.locks;
	++window_glue.locked;
	return window_glue.locks;
}

[[gnu::weak]] void xen_glue_window_unlock(unsigned long flags) noexcept
{
	EXPECT_EQ(flags, window_glue.locks);
	--window_glue.locked;
	if (window_glue.around_lock)
		window_glue.around_lock();
}

[[gnu::weak]] int xen_glue_linear_small() noexcept
{
	return window_glue.linear_small ? 1 : 0;
}

[[gnu::weak]] int xen_glue_kernel_segment() noexcept
{
	return 0;
}

[[gnu::weak]] void xen_glue_window_message(const char *what, unsigned long, long) noexcept
{
	window_glue.messages.push_back(what);
}

[[gnu::weak]] unsigned long xen_glue_window_take() noexcept
{
	if (window_glue.unused.empty())
		return 0;
	const unsigned long frame = window_glue.unused.back();

	window_glue.unused.pop_back();
	return frame;
}

[[gnu::weak]] void xen_glue_window_give(unsigned long frame) noexcept
{
	window_glue.unused.push_back(frame);
	++window_glue.given;
}

[[gnu::weak]] void xen_glue_window_found(unsigned long, unsigned long pages, int) noexcept
{
	window_glue.found_pages = pages;
}
