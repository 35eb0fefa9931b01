/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of p2m entries and of a table of them, stored as no architecture stores them: words
 * of 16 bits, of which the highest two hundred are not the guest's memory.
 */
#ifndef XEN_CORE_P2M_CASES_HH
#define XEN_CORE_P2M_CASES_HH

#include <xen/core/p2m.hh>

#include "cases.hh"

namespace xen::cases::p2m {

using Kind = P2mEntry::Kind;

/* Devices are frames 0 to 99 from 65336 on, foreign frames the same from 65436 on. */
struct Words {
	using Stored = std::uint16_t;
	using Word = std::uint16_t;

	static constexpr Word ram_end = 65336;
	static constexpr Word foreign_first = 65436;
	static constexpr Word nothing = 65535;

	static Word load(const Stored &from) noexcept { return static_cast<Word>(~from); }
	static void store(Stored &to, Word word) noexcept { to = static_cast<Word>(~word); }
	static P2mEntry decode(Word word) noexcept
	{
		if (word == nothing)
			return P2mEntry::missing();
		if (word >= foreign_first)
			return P2mEntry::foreign(Mfn{word - std::uint64_t{foreign_first}});
		if (word >= ram_end)
			return P2mEntry::io(Mfn{word - std::uint64_t{ram_end}});
		return P2mEntry::ram(Mfn{word});
	}
	static Result<Word> encode(P2mEntry entry) noexcept
	{
		if (!entry.present())
			return nothing;
		if (entry.mfn().raw() >= (entry.is(Kind::Ram) ? std::uint64_t{ram_end} : 99))
			return err::inval;
		const auto frame = static_cast<unsigned int>(entry.mfn().raw());
		const unsigned int base = entry.is(Kind::Ram)  ? 0
					  : entry.is(Kind::Io) ? unsigned{ram_end}
							       : unsigned{foreign_first};

		return static_cast<Word>(base + frame);
	}
};
static_assert(P2mFormat<Words>);

using View = P2mView<Words>;

XEN_CASE(entry_is_one_of_four)
{
	CHECK(opaque(P2mEntry::ram(Mfn{7})).is(Kind::Ram));
	CHECK(opaque(P2mEntry::io(Mfn{7})).is(Kind::Io));
	CHECK(opaque(P2mEntry::foreign(Mfn{7})).is(Kind::Foreign));
	CHECK(opaque(P2mEntry::missing()).is(Kind::Missing));
	CHECK(!opaque(P2mEntry::missing()).present());
	CHECK(opaque(P2mEntry::io(Mfn{0})).present());
	CHECK_EQ(opaque(P2mEntry::foreign(Mfn{~0ULL})).mfn(), Mfn{~0ULL});
}

XEN_CASE(entries_with_one_frame_differ_by_kind)
{
	CHECK(opaque(P2mEntry::ram(Mfn{7})) == P2mEntry::ram(Mfn{7}));
	CHECK(opaque(P2mEntry::ram(Mfn{7})) != P2mEntry::ram(Mfn{8}));
	CHECK(opaque(P2mEntry::ram(Mfn{7})) != P2mEntry::foreign(Mfn{7}));
	CHECK(opaque(P2mEntry::ram(Mfn{0})) != P2mEntry::missing());
}

XEN_CASE(table_gives_back_what_was_entered)
{
	std::uint16_t words[4];
	View view{words, 4};
	const P2mEntry entries[] = {P2mEntry::ram(Mfn{0}), P2mEntry::ram(Mfn{65335}),
				    P2mEntry::io(Mfn{98}), P2mEntry::foreign(Mfn{98})};

	for (std::uint64_t i = 0; i < 4; ++i)
		CHECK(view.enter(Pfn{i}, opaque(entries[i])).ok());
	for (std::uint64_t i = 0; i < 4; ++i)
		CHECK(view.lookup(Pfn{i}) == entries[i]);
	CHECK(view.enter(Pfn{2}, P2mEntry::missing()).ok());
	CHECK(view.lookup(Pfn{2}) == P2mEntry::missing());
	CHECK(view.lookup(Pfn{1}) == entries[1]);
	CHECK(view.lookup(Pfn{3}) == entries[3]);
}

XEN_CASE(ram_is_found_and_nothing_else)
{
	std::uint16_t words[4];
	View view{words, 4};
	Mfn mfn{77};

	CHECK(view.enter(Pfn{0}, P2mEntry::ram(Mfn{65335})).ok());
	CHECK(view.enter(Pfn{1}, P2mEntry::io(Mfn{0})).ok());
	CHECK(view.enter(Pfn{2}, P2mEntry::foreign(Mfn{5})).ok());
	CHECK(view.enter(Pfn{3}, P2mEntry::missing()).ok());
	CHECK(!view.is_ram(opaque(Pfn{1}), mfn));
	CHECK(!view.is_ram(opaque(Pfn{2}), mfn));
	CHECK(!view.is_ram(opaque(Pfn{3}), mfn));
	CHECK_EQ(mfn, Mfn{77});
	CHECK(view.is_ram(opaque(Pfn{0}), mfn));
	CHECK_EQ(mfn, Mfn{65335});
	CHECK_EQ(view.ram(opaque(Pfn{0})).value_or(Mfn{1}), Mfn{65335});
	CHECK_EQ(view.ram(opaque(Pfn{1})).error(), err::fault);
}

XEN_CASE(frames_behind_the_table_are_missing)
{
	std::uint16_t words[2];
	View view{words, 1};
	View none;

	CHECK(view.enter(Pfn{0}, P2mEntry::ram(Mfn{1})).ok());
	words[1] = words[0];
	for (const Pfn pfn : {Pfn{1}, Pfn{1ULL << 32}, Pfn{~0ULL}}) {
		CHECK(!view.ram(opaque(pfn)).ok());
		CHECK(!view.lookup(opaque(pfn)).present());
		CHECK_EQ(view.enter(opaque(pfn), P2mEntry::ram(Mfn{2})).error(), err::inval);
		CHECK_EQ(view.leave(opaque(pfn)).error(), err::inval);
	}
	CHECK_EQ(words[1], words[0]);
	CHECK_EQ(none.entries(), 0U);
	CHECK(!none.ram(opaque(Pfn{0})).ok());
	CHECK(!none.lookup(opaque(Pfn{0})).present());
}

XEN_CASE(what_cannot_be_stored_changes_nothing)
{
	std::uint16_t words[1];
	View view{words, 1};

	CHECK(view.enter(Pfn{0}, P2mEntry::ram(Mfn{3})).ok());
	CHECK_EQ(view.enter(Pfn{0}, opaque(P2mEntry::ram(Mfn{65336}))).error(), err::inval);
	CHECK_EQ(view.enter(Pfn{0}, opaque(P2mEntry::ram(Mfn{1ULL << 32}))).error(), err::inval);
	CHECK_EQ(view.enter(Pfn{0}, opaque(P2mEntry::io(Mfn{99}))).error(), err::inval);
	CHECK(view.lookup(Pfn{0}) == P2mEntry::ram(Mfn{3}));
}

XEN_CASE(who_leaves_is_told_what_was_there)
{
	std::uint16_t words[2];
	View view{words, 2};

	CHECK(view.enter(Pfn{0}, P2mEntry::ram(Mfn{3})).ok());
	CHECK(view.enter(Pfn{1}, P2mEntry::ram(Mfn{4})).ok());

	const Result<P2mEntry> left = view.leave(Pfn{0});

	if (CHECK(left.ok()))
		CHECK(left.value() == P2mEntry::ram(Mfn{3}));
	CHECK(!view.lookup(Pfn{0}).present());
	CHECK(view.lookup(Pfn{1}).present());
	CHECK(!view.leave(Pfn{0}).value_or(P2mEntry::ram(Mfn{9})).present());
}

/* A word that somebody else wrote: each of them is one entry, and ram() agrees with it. */
XEN_CASE(any_word_is_an_entry)
{
	std::uint16_t words[1];
	View view{words, 1};
	std::uint32_t ram = 0, disagree = 0;

	for (std::uint32_t word = 0; word <= 0xffff; ++word) {
		words[0] = static_cast<std::uint16_t>(word);

		const P2mEntry entry = view.lookup(Pfn{0});
		const Result<Mfn> mfn = view.ram(Pfn{0});

		if (mfn.ok() != entry.is(Kind::Ram) || (mfn.ok() && mfn.value() != entry.mfn()))
			++disagree;
		ram += mfn.ok() ? 1U : 0U;
	}
	CHECK_EQ(disagree, 0U);
	CHECK_EQ(ram, 65336U);
}

inline constexpr Case all[] = {
	XEN_LIST(entry_is_one_of_four),
	XEN_LIST(entries_with_one_frame_differ_by_kind),
	XEN_LIST(table_gives_back_what_was_entered),
	XEN_LIST(ram_is_found_and_nothing_else),
	XEN_LIST(frames_behind_the_table_are_missing),
	XEN_LIST(what_cannot_be_stored_changes_nothing),
	XEN_LIST(who_leaves_is_told_what_was_there),
	XEN_LIST(any_word_is_an_entry),
};
inline constexpr Suite suite{"p2m", all};

} // namespace xen::cases::p2m

#endif
