/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The map from a guest's frames to the machine's, as its owner keeps it.
 *
 * P2mEntry says what is behind a frame: nothing, the guest's own memory, a device, or a
 * frame that belongs to somebody else.  How an entry is stored is an architecture's
 * business: a P2mFormat turns stored words into entries and back, and nobody else sees
 * their bits.  P2mView is a table of such words in ordinary memory; it owns nothing, so
 * that it works in real mode, before there is an allocator.
 *
 * Locking: a stored word is read and written by one instruction, so lookups take no lock.
 * Whoever changes entries excludes other writers, and publishes or withdraws what uses an
 * entry in the order that P2mView::enter() and leave() describe.
 */
#ifndef XEN_CORE_P2M_HH
#define XEN_CORE_P2M_HH

#include <concepts>
#include <cstdint>
#include <type_traits>

#include <xen/core/contract.hh>
#include <xen/core/errno.hh>
#include <xen/core/frame.hh>
#include <xen/core/result.hh>

namespace xen {

/**
 * class P2mEntry - what is behind a frame of the guest
 *
 * One of four; only three of them have a machine frame.
 */
class P2mEntry {
public:
	enum class Kind : std::uint8_t {
		Missing, /* nothing, or nothing that may be used */
		Ram,	 /* the guest's own memory */
		Io,	 /* a device's frame */
		Foreign, /* another domain's, or the hypervisor's own */
	};

	static constexpr P2mEntry missing() noexcept { return {Kind::Missing, Mfn{0}}; }
	static constexpr P2mEntry ram(Mfn mfn) noexcept { return {Kind::Ram, mfn}; }
	static constexpr P2mEntry io(Mfn mfn) noexcept { return {Kind::Io, mfn}; }
	static constexpr P2mEntry foreign(Mfn mfn) noexcept { return {Kind::Foreign, mfn}; }

	[[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
	[[nodiscard]] constexpr bool is(Kind kind) const noexcept { return kind_ == kind; }
	[[nodiscard]] constexpr bool present() const noexcept { return kind_ != Kind::Missing; }

	/**
	 * mfn - the machine's frame
	 *
	 * Contract: the entry is not missing.
	 */
	[[nodiscard]] constexpr Mfn mfn() const noexcept
	{
		contract(present(), "an entry that is missing has no machine frame");
		return mfn_;
	}

	friend constexpr bool operator==(const P2mEntry &, const P2mEntry &) noexcept = default;

private:
	constexpr P2mEntry(Kind kind, Mfn mfn) noexcept : mfn_(mfn), kind_(kind) {}

	Mfn mfn_;
	Kind kind_;
};

/*
 * How one architecture stores entries: words of memory as they lie in the table.  Words
 * below ram_end are the guest's own memory, and the word is the frame's number.
 */
template <class F>
concept P2mFormat = std::is_trivially_copyable_v<typename F::Stored> &&
	std::unsigned_integral<typename F::Word> &&
	requires(const typename F::Stored &from, typename F::Stored &to, typename F::Word word,
		 P2mEntry entry)
{
	{
		F::load(from)
	}
	noexcept->std::same_as<typename F::Word>;
	{
		F::store(to, word)
	}
	noexcept;
	{
		F::decode(word)
	}
	noexcept->std::same_as<P2mEntry>;
	{
		F::encode(entry)
	}
	noexcept->std::same_as<Result<typename F::Word>>;
	{
		F::ram_end
		} -> std::convertible_to<typename F::Word>;
};

/**
 * class P2mView - a table of entries, one for each frame from 0 on
 *
 * A frame behind the table's end is missing, like one whose entry says so.
 */
template <P2mFormat Format> class P2mView {
public:
	using Stored = typename Format::Stored;
	using Word = typename Format::Word;

	constexpr P2mView() noexcept = default;
	constexpr P2mView(Stored *table, std::uint64_t entries) noexcept
		: table_(table), entries_(entries)
	{
	}

	[[nodiscard]] constexpr std::uint64_t entries() const noexcept { return entries_; }

	/**
	 * is_ram - is the guest's own memory behind @pfn?
	 * @mfn: the machine frame, if so; else left as it is
	 *
	 * The common case: one comparison, one load, one comparison.
	 *
	 * Context: any, real mode included.
	 */
	[[nodiscard, gnu::always_inline]] constexpr bool is_ram(Pfn pfn, Mfn &mfn) const noexcept
	{
		if (pfn.raw() >= entries_) [[unlikely]]
			return false;

		/* As wide as a frame number from the start: widening it later costs instructions. */
		const std::uint64_t word = Format::load(table_[pfn.raw()]);

		if (word >= Format::ram_end) [[unlikely]]
			return false;
		mfn = Mfn{word};
		return true;
	}

	/**
	 * ram - the machine frame of the guest's own memory
	 *
	 * Context: any, real mode included.
	 *
	 * Return: the frame; EFAULT for anything else, which lookup() tells apart.
	 */
	[[nodiscard, gnu::always_inline]] constexpr Result<Mfn> ram(Pfn pfn) const noexcept
	{
		Mfn mfn;

		if (!is_ram(pfn, mfn)) [[unlikely]]
			return err::fault;
		return mfn;
	}

	/** lookup - what is behind @pfn; any context, real mode included */
	[[nodiscard]] constexpr P2mEntry lookup(Pfn pfn) const noexcept
	{
		return pfn.raw() < entries_ ? Format::decode(Format::load(table_[pfn.raw()]))
					    : P2mEntry::missing();
	}

	/**
	 * enter - from now on @entry is behind @pfn
	 *
	 * The entry is visible to every cpu before anything that the caller stores
	 * afterwards: a page that it hands out, a page-table entry.
	 *
	 * Context: any; the caller excludes other writers.
	 *
	 * Return: EINVAL for a frame without an entry, or one that cannot be stored.
	 */
	[[nodiscard]] Result<void> enter(Pfn pfn, P2mEntry entry) noexcept
	{
		if (const Result<void> stored = write(pfn, entry); !stored)
			return stored.error();
		__atomic_thread_fence(__ATOMIC_RELEASE);
		return {};
	}

	/**
	 * leave - from now on nothing is behind @pfn
	 *
	 * Everything that led to the frame is gone before: page-table entries on all cpus,
	 * and lookups that were under way.  Every cpu sees that nothing is there before
	 * anything that the caller does afterwards, a hypercall that gives the frame away.
	 *
	 * Context: any; the caller excludes other writers.
	 *
	 * Return: what was there; EINVAL for a frame without an entry.
	 */
	[[nodiscard]] Result<P2mEntry> leave(Pfn pfn) noexcept
	{
		const P2mEntry before = lookup(pfn);

		if (const Result<void> stored = write(pfn, P2mEntry::missing()); !stored)
			return stored.error();
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		return before;
	}

private:
	Result<void> write(Pfn pfn, P2mEntry entry) noexcept
	{
		const Result<Word> word = Format::encode(entry);

		if (!word)
			return word.error();
		if (pfn.raw() >= entries_)
			return err::inval;
		Format::store(table_[pfn.raw()], word.value());
		return {};
	}

	Stored *table_ = nullptr;
	std::uint64_t entries_ = 0;
};

} // namespace xen

#endif
