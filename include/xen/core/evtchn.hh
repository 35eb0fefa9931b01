/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event channels: the bitmaps shared with Xen, and the scan for pending ports.
 *
 * Port p is bit p % 64 of word p / 64 in three bitmaps: pending and mask, which Xen and
 * every vcpu read and write, and bound, which each vcpu has for itself and which says
 * which ports it handles.  A selector per vcpu names the words that may have something
 * pending.  Words are in the machine's own byte order on every architecture.
 *
 * The protocol, in Xen's order: pending bit; if the port is not masked, selector bit; if
 * that was clear, the vcpu's upcall byte.  The guest goes the other way: it clears the
 * byte, then takes the selector, then reads the words, and clears a pending bit before it
 * handles the port.  So nothing raised at any moment is lost.
 *
 * One pass of the scan hands out each port at most once and no more ports than it is told
 * to, whatever Xen or a handler does to the words meanwhile.  It begins behind the last
 * port handed out before, so that a port that is raised again and again comes last.
 *
 * Everything may be called with interrupts off; nothing sleeps or takes a lock.
 */
#ifndef XEN_CORE_EVTCHN_HH
#define XEN_CORE_EVTCHN_HH

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <xen/core/contract.hh>
#include <xen/core/id.hh>
#include <xen/core/shared.hh>

namespace xen::evtchn {

/* Which word of a bitmap: a bit of the selector. */
using PortWord = Id<struct PortWordTag, std::uint32_t>;

inline constexpr std::uint32_t bits_per_word = 64;
inline constexpr std::uint32_t words = 64;
inline constexpr std::uint32_t ports = words * bits_per_word;

/** exists - has the two-level ABI a port of this number?  Xen's answers are checked with it */
[[nodiscard]] constexpr bool exists(Port port) noexcept
{
	return port.raw() < ports;
}

/* The word and the bit of a port; contract of both: it exists. */
[[nodiscard]] constexpr PortWord word_of(Port port) noexcept
{
	contract(exists(port), "the port exists");
	return PortWord{port.raw() / bits_per_word};
}
[[nodiscard]] constexpr std::uint64_t bit_of(Port port) noexcept
{
	return std::uint64_t{1} << (port.raw() % bits_per_word);
}

/** bit_of_word - a word's bit in the selector */
[[nodiscard]] constexpr std::uint64_t bit_of_word(PortWord word) noexcept
{
	return std::uint64_t{1} << word.raw();
}

/** port_at - the port at bit @bit of @word */
[[nodiscard]] constexpr Port port_at(PortWord word, std::uint32_t bit) noexcept
{
	return Port{word.raw() * bits_per_word + bit};
}

/** after - the next port of the ring */
[[nodiscard]] constexpr Port after(Port port) noexcept
{
	return Port{(port.raw() + 1) % ports};
}

/*
 * struct Bitmaps - public/xen.h, the two bitmaps of struct shared_info
 *
 * Contract of all members: the port exists.  Every change is atomic.
 */
struct Bitmaps {
	Shared<std::uint64_t> pending_words[words];
	Shared<std::uint64_t> mask_words[words];

	[[nodiscard]] bool pending(Port port) const noexcept
	{
		return (pending_words[word_of(port).raw()].load() & bit_of(port)) != 0;
	}
	void set_pending(Port port) noexcept
	{
		pending_words[word_of(port).raw()].fetch_or(bit_of(port));
	}
	void clear_pending(Port port) noexcept
	{
		pending_words[word_of(port).raw()].fetch_and(~bit_of(port));
	}
	[[nodiscard]] bool masked(Port port) const noexcept
	{
		return (mask_words[word_of(port).raw()].load() & bit_of(port)) != 0;
	}
	void mask(Port port) noexcept { mask_words[word_of(port).raw()].fetch_or(bit_of(port)); }
	void clear_mask(Port port) noexcept
	{
		mask_words[word_of(port).raw()].fetch_and(~bit_of(port));
	}

	/**
	 * unmask_unless_pending - let events of @port through, if that needs nobody's help
	 *
	 * All earlier writes are visible to whoever sees the port unmasked.
	 *
	 * Return: whether the port is unmasked and was not pending.  If not, it is masked
	 * and pending: Xen has to unmask it, and signals it then.
	 */
	[[nodiscard]] bool unmask_unless_pending(Port port) noexcept
	{
		clear_mask(port);
		// Xen sets pending and then looks at the mask; here it is the other way
		// round.  One of the two sees the other's write only with a barrier that
		// orders a store before a load, which an atomic operation is not on Power.
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (!pending(port)) [[likely]]
			return true;
		mask(port);
		return false;
	}
};

static_assert(sizeof(Bitmaps) == 1024 && std::is_standard_layout_v<Bitmaps>);
static_assert(offsetof(Bitmaps, mask_words) == 512);

/* Where a scan reads: the live page, or a test that changes it between two reads. */
template <class S>
concept Source = requires(S source, PortWord word)
{
	{
		source.take_selector()
	}
	noexcept->std::same_as<std::uint64_t>;
	{
		source.pending(word)
	}
	noexcept->std::same_as<std::uint64_t>;
	{
		source.masked(word)
	}
	noexcept->std::same_as<std::uint64_t>;
};

/** class LivePage - the shared page as one vcpu sees it */
class LivePage {
public:
	LivePage(Bitmaps &maps, Shared<std::uint64_t> &selector) noexcept
		: maps_(maps), selector_(selector)
	{
	}

	/* What the upcall byte was cleared for before is read after this. */
	[[nodiscard, gnu::always_inline]] std::uint64_t take_selector() noexcept
	{
		return selector_.exchange(0);
	}
	[[nodiscard, gnu::always_inline]] std::uint64_t pending(PortWord word) noexcept
	{
		return maps_.pending_words[word.raw()].load();
	}
	[[nodiscard, gnu::always_inline]] std::uint64_t masked(PortWord word) noexcept
	{
		return maps_.mask_words[word.raw()].load();
	}

private:
	Bitmaps &maps_;
	Shared<std::uint64_t> &selector_;
};

/* Since boot; written by the scanning vcpu alone, read at any time.  Words wrap. */
struct Counters {
	std::uint64_t events;  /* ports handed out */
	std::uint64_t passes;  /* of which: */
	std::uint64_t empty;   /* found nothing */
	std::uint64_t resumed; /* stopped at their bound, to be resumed by the next */

	/** snapshot - a copy for whoever does not own them; any context */
	[[nodiscard]] Counters snapshot() const noexcept
	{
		const auto once = [](const std::uint64_t &word) noexcept {
			return *static_cast<const volatile std::uint64_t *>(&word);
		};
		return {once(events), once(passes), once(empty), once(resumed)};
	}
};

/**
 * class Scanner - one vcpu's share of the ports, and where its scan stands
 *
 * All-zero memory is a valid Scanner, bound to nothing.  bind() and unbind() may be called
 * by any vcpu at any time; scan() by the owner only, and never inside itself.
 */
class Scanner {
public:
	Scanner() noexcept = default;

	/** bind - hand @port out from now on; contract: it exists */
	void bind(Port port) noexcept { bound_[word_of(port).raw()].fetch_or(bit_of(port)); }

	/** unbind - hand @port out no more; contract: it exists */
	void unbind(Port port) noexcept { bound_[word_of(port).raw()].fetch_and(~bit_of(port)); }

	/** unbind_all - hand nothing out any more */
	void unbind_all() noexcept
	{
		for (auto &word : bound_)
			word.exchange(0);
	}

	/** bound - is @port handed out here?  Contract: it exists */
	[[nodiscard]] bool bound(Port port) const noexcept
	{
		return (bound_[word_of(port).raw()].load() & bit_of(port)) != 0;
	}

	/** bound_in - the ports of @word that are handed out here, as bits */
	[[nodiscard]] std::uint64_t bound_in(PortWord word) const noexcept
	{
		return bound_[word.raw()].snapshot();
	}

	/**
	 * scan - one pass: hand out what is pending, not masked and bound here
	 * @source: where to read
	 * @most: how many ports to hand out at most, at least one
	 * @handle: called with each port; clears its pending bit, may mask and rebind any port
	 *
	 * A port is looked at again right before it is handed out: what a handler masked or
	 * unbound in the same pass is left alone.
	 *
	 * Context: the owner, interrupts off; the upcall byte has been cleared.
	 *
	 * Return: whether something is left.  The caller makes sure that another pass
	 * follows: nobody else would cause one.
	 */
	template <Source S, class Handle>
		requires std::invocable<Handle &, Port>
	[[nodiscard]] bool scan(S &source, unsigned int most, Handle &&handle) noexcept
	{
		contract(most > 0, "a pass may hand out something");

		const Port start = next_;
		const PortWord first = word_of(start);
		const std::uint64_t upper = ~std::uint64_t{0} << (start.raw() % bits_per_word);
		const std::uint64_t taken = source.take_selector();
		std::uint64_t selected = left_ | taken;
		unsigned int room = most;
		// Bit k stands for the word k places behind the first.
		std::uint64_t ring = std::rotr(selected, static_cast<int>(first.raw()));
		// The first word's bits below the start come last, and not at all where the
		// pass that this one resumes has been there.
		const bool lower = ~upper != 0 && (ring & 1) != 0 &&
				   (lower_left_ || (taken & bit_of_word(first)) != 0);
		bool done = (ring & 1) == 0 || hand_out(source, first, upper, room, handle);

		if (done && !lower)
			selected &= ~bit_of_word(first);
		for (ring &= ~std::uint64_t{1}; done && ring != 0; ring &= ring - 1) {
			const auto distance = static_cast<std::uint32_t>(std::countr_zero(ring));
			const PortWord word{(first.raw() + distance) % words};

			done = hand_out(source, word, ~std::uint64_t{0}, room, handle);
			if (done)
				selected &= ~bit_of_word(word);
		}
		if (done && lower)
			done = hand_out(source, first, ~upper, room, handle);
		left_ = done ? 0 : selected;
		lower_left_ = !done && lower && word_of(next_) == first && next_ > start;

		++counters_.passes;
		counters_.events += most - room;
		if (room == most)
			++counters_.empty;
		if (!done)
			++counters_.resumed;
		return !done;
	}

	[[nodiscard]] const Counters &counters() const noexcept { return counters_; }

private:
	/* The ports of @word in @todo, from the lowest up; false if there was no more room. */
	template <class S, class Handle>
	[[gnu::always_inline]] bool hand_out(S &source, PortWord word, std::uint64_t todo,
					     unsigned int &room, Handle &handle) noexcept
	{
		for (;;) {
			const std::uint64_t ready = source.pending(word) & ~source.masked(word) &
						    bound_[word.raw()].load() & todo;

			if (ready == 0)
				return true;
			if (room == 0)
				return false;
			--room;

			const auto bit = static_cast<std::uint32_t>(std::countr_zero(ready));
			const Port port = port_at(word, bit);

			// Behind this bit only, so that the loop ends whatever is written.
			todo &= (~std::uint64_t{0} << bit) << 1;
			next_ = after(port);
			handle(port);
		}
	}

	Shared<std::uint64_t> bound_[words];
	std::uint64_t left_; /* words that a pass at its bound did not finish */
	Port next_;	     /* where the next pass begins */
	bool lower_left_;    /* of the word with next_, what is below it is left too */
	Counters counters_;
};

static_assert(std::is_standard_layout_v<Scanner>);
static_assert(std::is_trivially_default_constructible_v<Scanner>);

} // namespace xen::evtchn

#endif
