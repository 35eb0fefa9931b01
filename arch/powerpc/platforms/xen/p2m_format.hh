/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the p2m's entries are stored: the only place that knows their bits.
 *
 * Big-endian words of 32 bits, each read and written by one instruction; the layout is
 * abi/p2m.hh's (Documentation/xen/p2m-rma.rst, "Entries").
 */
#ifndef ARCH_POWERPC_XEN_P2M_FORMAT_HH
#define ARCH_POWERPC_XEN_P2M_FORMAT_HH

#include <xen/core/p2m.hh>

#include <abi/p2m.hh>

namespace xen::ppc {

struct P2mWords {
	using Stored = p2m::Entry;
	using Word = u32;

	static constexpr Word ram_end = p2m::max_frame + 1;

	[[nodiscard, gnu::always_inline]] static Word load(const Stored &from) noexcept
	{
		Stored copy;

		__atomic_load(&from, &copy, __ATOMIC_RELAXED);
		return copy.load();
	}

	static void store(Stored &to, Word word) noexcept
	{
		Stored copy{word};

		__atomic_store(&to, &copy, __ATOMIC_RELAXED);
	}

	/* The reserved kind, and the frame that would alias "invalid", are missing. */
	[[nodiscard]] static constexpr P2mEntry decode(Word word) noexcept
	{
		const Mfn mfn{p2m::FrameField::get(word)};

		if (mfn.raw() > p2m::max_frame)
			return P2mEntry::missing();
		switch (p2m::KindField::get(word)) {
		case p2m::Kind::Ram:
			return P2mEntry::ram(mfn);
		case p2m::Kind::Identity:
			return P2mEntry::io(mfn);
		case p2m::Kind::Foreign:
			return P2mEntry::foreign(mfn);
		case p2m::Kind::Reserved:
			break;
		}
		return P2mEntry::missing();
	}

	/* EINVAL for a frame that has more bits than an entry. */
	[[nodiscard]] static constexpr Result<Word> encode(P2mEntry entry) noexcept
	{
		if (!entry.present())
			return p2m::invalid;
		if (entry.mfn().raw() > p2m::max_frame)
			return err::inval;

		const Word frame = static_cast<Word>(entry.mfn().raw());

		switch (entry.kind()) {
		case P2mEntry::Kind::Ram:
			return frame | p2m::KindField::make(p2m::Kind::Ram);
		case P2mEntry::Kind::Io:
			return frame | p2m::KindField::make(p2m::Kind::Identity);
		default:
			return frame | p2m::KindField::make(p2m::Kind::Foreign);
		}
	}
};
static_assert(P2mFormat<P2mWords>);

using P2mTable = P2mView<P2mWords>;

} // namespace xen::ppc

#endif
