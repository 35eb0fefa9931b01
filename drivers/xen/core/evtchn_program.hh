/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Any bytes as a program on the event channels of one vcpu, and a model of it.
 *
 * The model has a truth value for each port and looks at one port after the other; it
 * shares no word, mask or shift with the unit.  While a pass runs, the model says before
 * each port which one must come, and takes part in what its handler does.
 *
 * A second scanner with the same ports bound reads from a page that changes with every
 * read.  There is nothing to predict then: no port twice in a pass, none that is not
 * bound, no more than allowed, and an end.
 */
#ifndef XEN_CORE_EVTCHN_PROGRAM_HH
#define XEN_CORE_EVTCHN_PROGRAM_HH

#include <cstdint>
#include <span>

#include <xen/core/evtchn.hh>

#include "cases.hh"

namespace xen::cases {

/* What a program did, for cases that want to have seen something. */
struct EvtchnTally {
	std::uint64_t handed;
	std::uint64_t passes;
	std::uint64_t resumed;
	std::uint64_t remasked; /* unmasked while pending */
	std::uint64_t hostile;	/* handed out of the page that changes */
};

/** class EvtchnProgram - static objects only; run() starts from zeroed memory */
class EvtchnProgram {
public:
	enum class Step : std::uint8_t {
		Raise,
		RaiseRow,
		Mask,
		Unmask,
		Bind,
		BindRow,
		Unbind,
		UnbindAll,
		Clear,
		Scan,
		ScanHostile,
		Count,
	};

	/** run - do what @bytes say; everything that is not as the model says goes to @cx */
	void run(Context &cx, std::span<const std::uint8_t> bytes) noexcept
	{
		__builtin_memset(static_cast<void *>(this), 0, sizeof(*this));
		cx_ = &cx;
		at_ = bytes.data();
		end_ = at_ + bytes.size();
		while (at_ != end_)
			step(static_cast<Step>(next() % static_cast<unsigned int>(Step::Count)));
		compare();
	}

	[[nodiscard]] const EvtchnTally &tally() const noexcept { return tally_; }

private:
	static constexpr std::uint32_t all = 4096;
	static constexpr std::uint32_t row = 64;

	/* Lies with every word it is asked for, and counts the questions. */
	struct Liar {
		EvtchnProgram &program;
		std::uint64_t reads = 0;

		std::uint64_t take_selector() noexcept { return program.lie(); }
		std::uint64_t pending(evtchn::PortWord) noexcept
		{
			++reads;
			return program.lie();
		}
		std::uint64_t masked(evtchn::PortWord) noexcept { return program.lie() & lie_; }

		std::uint64_t lie_;
	};

	std::uint8_t next() noexcept { return at_ != end_ ? *at_++ : std::uint8_t{0}; }

	/* Few ports near the ends of words most of the time, any port else. */
	std::uint32_t next_port() noexcept
	{
		static constexpr std::uint16_t edges[] = {
			0, 1, 62, 63, 64, 65, 127, 128, 191, 2047, 2048, 4031, 4032, 4094, 4095};
		const std::uint32_t byte = next();

		if (byte < 8 * sizeof(edges) / sizeof(edges[0]))
			return edges[byte % (sizeof(edges) / sizeof(edges[0]))];
		return (byte * 256 + next()) % all;
	}

	/* Few ports in a pass most of the time, so that many have to be resumed. */
	unsigned int next_bound() noexcept
	{
		const unsigned int byte = next();

		return byte < 160 ? 1 + byte % 8 : byte;
	}

	std::uint64_t lie() noexcept
	{
		const std::uint8_t byte = next();

		switch (byte % 4) {
		case 0:
			return 0;
		case 1:
			return ~std::uint64_t{0};
		case 2:
			return std::uint64_t{0x0101010101010101} * byte;
		default:
			return std::uint64_t{1} << (byte / 4);
		}
	}

	/* As Xen raises a port. */
	void raise(std::uint32_t port) noexcept
	{
		maps_.set_pending(Port{port});
		pending_[port] = true;
		if (masked_[port])
			return;
		selector_.fetch_or(std::uint64_t{1} << (port / row));
		selected_[port / row] = true;
	}

	/* As Linux unmasks one, and Xen where it has to help. */
	void unmask(std::uint32_t port) noexcept
	{
		Context &cx = *cx_;
		const bool done = maps_.unmask_unless_pending(Port{port});

		CHECK_EQ(done, !pending_[port]);
		CHECK_EQ(maps_.masked(Port{port}), !done);
		masked_[port] = false;
		if (done)
			return;
		++tally_.remasked;
		maps_.clear_mask(Port{port});
		selector_.fetch_or(std::uint64_t{1} << (port / row));
		selected_[port / row] = true;
	}

	void mask(std::uint32_t port) noexcept
	{
		maps_.mask(Port{port});
		masked_[port] = true;
	}

	void bind(std::uint32_t port, bool to) noexcept
	{
		if (to) {
			scanner_.bind(Port{port});
			hostile_.bind(Port{port});
		} else {
			scanner_.unbind(Port{port});
			hostile_.unbind(Port{port});
		}
		bound_[port] = to;
	}

	void clear(std::uint32_t port) noexcept
	{
		maps_.clear_pending(Port{port});
		pending_[port] = false;
	}

	void step(Step what) noexcept
	{
		switch (what) {
		case Step::Raise:
			raise(next_port());
			break;
		case Step::RaiseRow: {
			const std::uint32_t first = next_port();

			for (std::uint32_t i = 0; i < 2 * row; ++i)
				raise((first + i) % all);
			break;
		}
		case Step::Mask:
			mask(next_port());
			break;
		case Step::Unmask:
			unmask(next_port());
			break;
		case Step::Bind:
			bind(next_port(), true);
			break;
		case Step::BindRow: {
			const std::uint32_t first = next_port();

			for (std::uint32_t i = 0; i < 4 * row; ++i)
				bind((first + i) % all, true);
			break;
		}
		case Step::Unbind:
			bind(next_port(), false);
			break;
		case Step::UnbindAll:
			scanner_.unbind_all();
			hostile_.unbind_all();
			for (bool &bound : bound_)
				bound = false;
			break;
		case Step::Clear:
			clear(next_port());
			break;
		case Step::Scan:
			scan(next_bound());
			break;
		case Step::ScanHostile:
			scan_hostile(next_bound());
			break;
		case Step::Count:
			break;
		}
	}

	/* From place @at of the ring on: the first port that a pass may hand out. */
	bool find(std::uint32_t &at) const noexcept
	{
		for (; at < all; ++at) {
			const std::uint32_t port = (start_ + at) % all;

			if (due_[port] && pending_[port] && !masked_[port] && bound_[port])
				return true;
		}
		return false;
	}

	/* What a handler may do: most of them clear and leave the others alone. */
	void handle(std::uint32_t port) noexcept
	{
		const std::uint8_t what = next();

		if (what % 8 != 7)
			clear(port);
		switch (what / 8) {
		case 1:
			raise(port);
			break;
		case 2:
			raise(next_port());
			break;
		case 3:
			mask(next_port());
			break;
		case 4:
			bind(next_port(), false);
			break;
		case 5:
			bind(next_port(), true);
			break;
		case 6:
			mask(port);
			unmask(port);
			break;
		case 7:
			raise((port + 1) % all);
			break;
		default:
			break;
		}
	}

	void scan(unsigned int most) noexcept
	{
		Context &cx = *cx_;
		std::uint32_t at = 0;
		unsigned int handed = 0;
		evtchn::LivePage page{maps_, selector_};

		for (std::uint32_t port = 0; port < all; ++port)
			due_[port] = due_[port] || selected_[port / row];
		for (bool &selected : selected_)
			selected = false;

		const bool more = scanner_.scan(page, most, [&](Port port) noexcept {
			++handed;
			if (!CHECK(find(at)) || !CHECK_EQ(port, Port{(start_ + at) % all}))
				return;
			++at;
			last_ = port.raw();
			handle(last_);
		});
		const bool ready = find(at);

		CHECK_EQ(more, ready);
		CHECK(handed <= most && (!more || handed == most));
		finish(more, at, handed);
	}

	/*
	 * A word that has a port which was due and not reached is due again: whole, or the part
	 * behind the last port, and the part before it if that has such a port itself.
	 */
	void finish(bool more, std::uint32_t at, unsigned int handed) noexcept
	{
		Context &cx = *cx_;
		const std::uint32_t begin = handed > 0 ? (last_ + 1) % all : start_;

		for (std::uint32_t word = 0; word < all; word += row) {
			bool left = false;
			bool left_before = false;

			for (std::uint32_t port = word; more && port < word + row; ++port) {
				if (!due_[port] || (port + all - start_) % all < at)
					continue;
				left = true;
				left_before = left_before || port < begin;
			}
			if (word != begin / row * row)
				left_before = left;
			for (std::uint32_t port = word; port < word + row; ++port)
				due_[port] = port < begin ? left_before : left;
		}
		start_ = begin;
		tally_.handed += handed;
		++tally_.passes;
		tally_.resumed += more;
		empty_ += handed == 0;

		const auto counters = scanner_.counters().snapshot();

		CHECK_EQ(counters.events, tally_.handed);
		CHECK_EQ(counters.passes, tally_.passes);
		CHECK_EQ(counters.resumed, tally_.resumed);
		CHECK_EQ(counters.empty, empty_);
	}

	void scan_hostile(unsigned int most) noexcept
	{
		Context &cx = *cx_;
		Liar liar{*this, 0, lie()};
		unsigned int handed = 0;

		for (bool &seen : seen_)
			seen = false;

		const bool more = hostile_.scan(liar, most, [&](Port port) noexcept {
			++handed;
			if (!CHECK(port.raw() < all))
				return;
			CHECK(!seen_[port.raw()]);
			CHECK(bound_[port.raw()]);
			seen_[port.raw()] = true;
		});

		CHECK(handed <= most);
		CHECK(!more || handed == most);
		CHECK(liar.reads <= all / row + 2 + handed);
		tally_.hostile += handed;
	}

	void compare() noexcept
	{
		Context &cx = *cx_;
		for (std::uint32_t port = 0; port < all; ++port) {
			CHECK_EQ(maps_.pending(Port{port}), pending_[port]);
			CHECK_EQ(maps_.masked(Port{port}), masked_[port]);
			CHECK_EQ(scanner_.bound(Port{port}), bound_[port]);
		}
	}

	Context *cx_;
	const std::uint8_t *at_;
	const std::uint8_t *end_;
	evtchn::Bitmaps maps_;
	Shared<std::uint64_t> selector_;
	evtchn::Scanner scanner_;
	evtchn::Scanner hostile_;
	EvtchnTally tally_;

	/* The model. */
	bool pending_[all];
	bool masked_[all];
	bool bound_[all];
	bool seen_[all];
	bool selected_[all / row];
	bool due_[all]; /* of the pass, and afterwards of the one that resumes it */
	std::uint32_t start_;
	std::uint32_t last_;
	std::uint64_t empty_;
};

} // namespace xen::cases

#endif
