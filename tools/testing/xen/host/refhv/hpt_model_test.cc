/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random programs of calls on the page table against a model.
 *
 * The model is a list of mappings, not a table: who has which frame for what, decided from
 * what the test itself gave out.  It predicts every answer, every word and every count.
 */
#include <map>
#include <random>

#include "hpt_guest.hh"

namespace {

using namespace rig;

/* A number a guest may pass, and what is behind it by the test's own knowledge. */
struct Number {
	enum What { Own, Theirs, TheirsReadOnly, Device, Table, Nothing, Run } what;
	u64 number, frame;
};

struct Mapped {
	u64 high, low;
	Number number;
};

class Model : public HptCalls, public ::testing::WithParamInterface<std::tuple<bool, bool, u64>> {
protected:
	std::vector<Number> numbers;
	std::map<u64, Mapped> table; /* by slot */
	std::mt19937_64 random{std::get<2>(GetParam())};
	const bool direct = std::get<0>(GetParam()), historical = std::get<1>(GetParam());
	static constexpr u64 some_slots[] = {0, 1, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16383};

	Model()
	{
		start(direct);
		options.historical = historical;
		const auto own = [&](u64 pfn) {
			return direct ? w.mfn[0][pfn] : pfn;
		};
		const u64 base = p2m::window_base(w.dom0);

		w.map_grant(w.dom0, 0, w.domu, w.mfn[1][8200], 1, true);
		w.map_grant(w.dom0, 1, w.domu, w.mfn[1][8201], 2, false);
		numbers = {
			{Number::Own, own(0), w.mfn[0][0]},
			{Number::Own, own(8192), w.mfn[0][8192]},
			{Number::Own, own(8255), w.mfn[0][8255]},
			{Number::Run, own(4096), w.mfn[0][4096]},
			{Number::Theirs, w.mfn[1][8202], w.mfn[1][8202]},
			{Number::Theirs, direct ? w.mfn[1][8201] : base + 2, w.mfn[1][8201]},
			{Number::TheirsReadOnly, direct ? w.mfn[1][8200] : base + 1,
			 w.mfn[1][8200]},
			{Number::Device, 0x80010, 0x80010},
			{Number::Table, direct ? w.dom0.grants.frames.raw() : u64{65536},
			 w.dom0.grants.frames.raw()},
			{Number::Nothing, direct ? u64{70000} : hole_pfn, 0},
		};
		rules = Rules{};
	}

	u64 pick(u64 below) { return random() % below; }
	u64 any_slot() { return some_slots[pick(std::size(some_slots))]; }
	u64 any_avpn() { return (pick(3) + 5) << 7; }

	/* What H_ENTER must answer, and the low word it must store. */
	s64 predict_enter(const Number &n, bool large, u64 attributes, u64 &stored)
	{
		const bool w_bit = attributes & 0x40, i_bit = attributes & 0x20,
			   g_bit = attributes & 8;
		u64 bits = attributes & (0x27full | 1ull << 63);

		if (large && n.number % 2)
			return h::parameter;
		if (large && n.number % 4096 && !historical)
			return h::parameter;
		if (n.what == Number::Nothing && (!large || !historical))
			return h::parameter;
		/* Historically a large page is aligned down: only the run is one then. */
		if (large && n.what != Number::Run)
			return -1000; /* not predicted */
		if (n.what == Number::Device) {
			if (w_bit || !i_bit || !g_bit)
				return h::parameter;
		} else if (n.what == Number::Table) {
			bits = historical ? bits & ~0x28ull : (bits & ~0x78ull) | 0x10;
		} else if (!historical && (w_bit || i_bit)) {
			return h::parameter;
		}
		if (historical)
			bits &= ~(1ull << 63);
		if (n.what == Number::TheirsReadOnly && writable(bits))
			return h::privilege;
		stored = bits | 0x180 | n.frame << 12;
		return h::success;
	}
	static bool writable(u64 bits)
	{
		const u64 key = (bits >> 63) * 4 + (bits & 3);

		return key != 3 && key != 6;
	}

	void do_enter()
	{
		const Number &n = numbers[pick(numbers.size())];
		const bool large = pick(n.what == Number::Run ? 2 : 20) == 0;
		const bool at_slot = pick(2);
		const u64 slot = any_slot(), high = any_avpn() | (large ? 4 : 0) | 1;
		const u64 attributes = pick(4) ? (n.what == Number::Device ? 0x28 : 0x10) | pick(4)
					       : (random() & (0x27full | 1ull << 63));
		u64 stored = 0;
		s64 expected = predict_enter(n, large, attributes, stored);

		if (expected == -1000)
			return;
		u64 free = slot;

		if (!at_slot)
			for (free = slot & ~7ull; free <= (slot | 7) && table.count(free); ++free)
				;
		if (expected == h::success &&
		    (at_slot ? table.count(slot) != 0 : free > (slot | 7)))
			expected = h::pteg_full;
		ASSERT_EQ(enter(w.dom0, slot, n.number, attributes, at_slot ? exact : 0, high),
			  expected)
			<< "number " << n.number << " attributes " << attributes;
		if (expected == h::success) {
			ASSERT_EQ(gpr(w.dom0, 4), free);
			table[free] = {high, stored, n};
		}
	}

	/* Does the request find the entry?  By AVPN and mask, as the guest sees them. */
	bool finds(u64 slot, u64 flags, u64 word, bool invalid_too)
	{
		const auto at = table.find(slot);
		const u64 high = at == table.end() ? 0 : at->second.high;

		if (at == table.end() && !invalid_too)
			return false;
		if (flags & flag::avpn && high / 128 != word / 128)
			return false;
		return !(flags & flag::andcond && high & word);
	}

	void do_remove()
	{
		const u64 slot = any_slot(), word = any_avpn() | pick(8);
		const u64 flags = random() & (flag::avpn | flag::andcond);
		const bool found = finds(slot, flags, word, true);
		const auto at = table.find(slot);

		ASSERT_EQ(remove(w.dom0, slot, flags, word), found ? h::success : h::not_found);
		if (!found)
			return;
		ASSERT_EQ(gpr(w.dom0, 4), at == table.end() ? 0 : at->second.high);
		ASSERT_EQ(gpr(w.dom0, 5), at == table.end() ? 0 : at->second.low);
		if (at != table.end())
			table.erase(at);
	}

	void do_protect()
	{
		const u64 slot = any_slot(), word = any_avpn();
		const u64 flags = random() & (flag::avpn | flag::pp0 | 7);
		s64 expected =
			finds(slot, flags & flag::avpn, word, false) ? h::success : h::not_found;
		u64 low = 0;

		if (expected == h::success) {
			low = (table[slot].low & ~7ull) | (flags & 7);
			if (historical)
				low &= ~0x100ull;
			else
				low = (low << 1 >> 1) | (flags & flag::pp0) << 55;
			if (table[slot].number.what == Number::TheirsReadOnly && writable(low))
				expected = h::privilege;
		}
		ASSERT_EQ(protect(w.dom0, slot, flags, word), expected);
		if (expected == h::success)
			table[slot].low = low;
	}

	void do_clear()
	{
		const u64 slot = any_slot(), bit = pick(2) ? 0x80 : 0x100;
		const bool there = table.count(slot);

		ASSERT_EQ(papr(bit == 0x80 ? hpt::clear_mod : hpt::clear_ref, w.dom0.vcpu[0],
			       {77, slot}),
			  there || historical ? h::success : h::not_found);
		ASSERT_EQ(gpr(w.dom0, 4), there ? table[slot].low : historical ? 0 : 77);
		if (there)
			table[slot].low &= ~bit;
	}

	void do_bulk()
	{
		u64 word[8];
		u64 expected[4];
		s64 code = h::success;
		bool open = !historical;

		if (historical)
			code = h::parameter;
		for (u32 i = 0; i < 4; ++i) {
			const u64 slot = any_slot(), flags = pick(4), type = pick(8) ? 1 : pick(4);

			word[2 * i] = type << 62 | flags << 56 | slot;
			word[2 * i + 1] = any_avpn() | pick(8);
			expected[i] = word[2 * i];
			if (!open)
				continue;
			if (type == 3) {
				open = false;
				continue;
			}
			u64 answer = 0x80;

			if (type != 1 || flags == 3) {
				answer = 0xa0;
				code = h::parameter;
				open = false;
			} else if (!finds(slot,
					  (flags & 2 ? flag::avpn : 0) |
						  (flags & 1 ? flag::andcond : 0),
					  word[2 * i + 1], false)) {
				answer = 0x90;
			} else {
				answer |= table[slot].low & 0x100 ? 8u : 0u;
				answer |= table[slot].low & 0x80 ? 4u : 0u;
				table.erase(slot);
			}
			expected[i] = (answer | flags) << 56 | slot;
		}
		ASSERT_EQ(papr(hpt::bulk_remove, w.dom0.vcpu[0],
			       {word[0], word[1], word[2], word[3], word[4], word[5], word[6],
				word[7]}),
			  code);
		for (u32 i = 0; i < 4; ++i)
			ASSERT_EQ(gpr(w.dom0, 4 + 2 * i), expected[i]) << i;
	}

	/* The table as H_READ shows it, and the counts of all frames that can be mapped. */
	void compare()
	{
		std::map<u64, u64> count, foreign_count;

		for (u64 i = 0; i < 24; ++i) {
			/* The groups that the program works in: two at the start, one at the end. */
			const u64 slot = i < 16 ? i : slots - 24 + i;
			const auto at = table.find(slot);

			ASSERT_EQ(papr(hpt::read, w.dom0.vcpu[0], {0, slot}), h::success);
			ASSERT_EQ(gpr(w.dom0, 4), at == table.end() ? 0 : at->second.high);
			ASSERT_EQ(gpr(w.dom0, 5), at == table.end() ? 0 : at->second.low);
			if (at == table.end())
				continue;
			++count[at->second.number.frame];
			if (at->second.high & 4)
				++count[at->second.number.frame + 4095];
			foreign_count[at->second.number.frame] +=
				at->second.number.what == Number::Theirs ||
				at->second.number.what == Number::TheirsReadOnly;
		}
		for (const Number &n : numbers) {
			if (n.what == Number::Device || n.what == Number::Nothing)
				continue;
			const u64 mapping = n.frame == w.mfn[1][8200] || n.frame == w.mfn[1][8201];

			ASSERT_EQ(refs(n.frame), count[n.frame] + mapping) << n.number;
			ASSERT_EQ(foreign(n.frame), foreign_count[n.frame]) << n.number;
		}
		ASSERT_EQ(refs(w.mfn[0][8191]), count[w.mfn[0][8191]]);
	}
};

TEST_P(Model, RandomProgram)
{
	for (u32 i = 0; i < 3000 && !HasFatalFailure(); ++i) {
		switch (pick(8)) {
		case 0:
		case 1:
		case 2:
			do_enter();
			break;
		case 3:
		case 4:
			do_remove();
			break;
		case 5:
			do_protect();
			break;
		case 6:
			do_clear();
			break;
		default:
			do_bulk();
		}
		if (HasFatalFailure())
			break;
		compare();
	}
	EXPECT_FALSE(HasFatalFailure());
}

INSTANTIATE_TEST_SUITE_P(All, Model,
			 ::testing::Combine(::testing::Bool(), ::testing::Bool(),
					    ::testing::Range(u64{1}, u64{9})));

} // namespace
