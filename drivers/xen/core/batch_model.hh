/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a multicall batch ought to do, said in a different way.
 *
 * The model keeps plain lists of what was queued and recomputes everything from
 * them each time; it has no cursor and no phases.  When a batch is issued it writes
 * down, in order, whom it expects to be told what, and strikes off what happens: a
 * thing told twice, to the wrong one, out of order or never is a failed check.
 */
#ifndef XEN_CORE_BATCH_MODEL_HH
#define XEN_CORE_BATCH_MODEL_HH

#include <cstddef>

#include <xen/core/batch.hh>

#include "cases.hh"

namespace xen::cases {

/* What happened in a program, for a case's own expectations. */
struct Tally {
	unsigned int singles;	 /* plain hypercalls */
	unsigned int multicalls; /* hypercalls of two entries or more */
	unsigned int largest;	 /* most entries in one */
	unsigned int issued;	 /* entries, over all of them */
	unsigned int failed;	 /* entries that Xen or the batch failed */
	unsigned int messages;	 /* of failures */
	unsigned int told;	 /* owners told a status */
	unsigned int callbacks;	 /* run */
	unsigned int flushes[4]; /* by FlushReason */
	unsigned int busy;	 /* uses refused with EBUSY, attempts from inside excepted */
	unsigned int toobig;	 /* refused with E2BIG */
	unsigned int bad_op;	 /* extensions refused with EINVAL */
	unsigned int bad_owner;	 /* with EPERM */
	unsigned int no_space;	 /* with ENOSPC */
	unsigned int no_room;	 /* attempts to push that found no room */
	unsigned int extended;	 /* extensions that came about */
	unsigned int dropped;	 /* guards that died uncommitted */

	[[nodiscard]] constexpr unsigned int flushed(FlushReason why) const noexcept
	{
		return flushes[static_cast<unsigned int>(why)];
	}
};

/* An entry that was queued, and what became of it. */
struct ModelEntry {
	unsigned int serial;
	unsigned long op;
	unsigned long args[6];
	const std::byte *bytes;
	std::size_t size;
	const Owner *owner;
	void *who;
	bool written;
	bool scribbled;
	long result;
	int error; /* 0: succeeded */
};

template <unsigned int E, unsigned int A, unsigned int C> class BatchModel {
public:
	/* The byte that argument @at of entry @serial must hold. */
	static std::byte pattern(unsigned int serial, std::size_t at) noexcept
	{
		return static_cast<std::byte>((serial * 37 + at * 11 + (at >> 8) * 5 + 1) & 0xff);
	}

	[[nodiscard]] unsigned int entries() const noexcept { return entries_; }
	[[nodiscard]] unsigned int callbacks() const noexcept { return callbacks_; }
	[[nodiscard]] ModelEntry &last() noexcept { return entry_[entries_ - 1]; }

	/* Argument bytes in use: every entry's start on the next multiple of eight. */
	[[nodiscard]] std::size_t used() const noexcept
	{
		std::size_t end = 0;

		for (unsigned int i = 0; i < entries_; ++i)
			end = (end + 7) / 8 * 8 + entry_[i].size;
		return end;
	}

	[[nodiscard]] bool room_for(std::size_t size) const noexcept
	{
		return entries_ != E && size <= A && (used() + 7) / 8 * 8 + size <= A;
	}
	[[nodiscard]] bool room_behind(std::size_t size) const noexcept
	{
		return size <= A && used() + size <= A;
	}

	ModelEntry &queue(const ModelEntry &entry) noexcept { return entry_[entries_++] = entry; }
	void queue_callback(unsigned int serial) noexcept { callback_[callbacks_++] = serial; }

	/* The next operation may flush for this reason; anything else is a surprise. */
	void allow_flush(FlushReason why) noexcept
	{
		allowed_ = true;
		reason_ = why;
		seen_ = false;
	}
	void forbid_flush() noexcept { allowed_ = false; }
	[[nodiscard]] bool flush_seen() const noexcept { return seen_; }

	void flushing(Context &cx, FlushReason why, const BatchFill &fill, Tally &tally) noexcept
	{
		CHECK(allowed_);
		CHECK_EQ(why, reason_);
		CHECK_EQ(fill.entries, entries_);
		CHECK_EQ(fill.arg_bytes, used());
		CHECK_EQ(fill.callbacks, callbacks_);
		allowed_ = false;
		seen_ = true;
		entered_ = false;
		events_ = next_ = 0;
		++tally.flushes[static_cast<unsigned int>(why)];
		if (entries_ == 0)
			expect_callbacks();
	}

	/* The hypercall's side of the story: see FakeHypervisor's Judge. */
	void entered(Context &cx, unsigned int n, bool multicall, Tally &tally) noexcept
	{
		CHECK(seen_ && !entered_);
		CHECK_EQ(n, entries_);
		CHECK_EQ(multicall, n > 1);
		entered_ = true;
		multicall ? ++tally.multicalls : ++tally.singles;
		tally.issued += n;
		if (n > tally.largest)
			tally.largest = n;
	}

	void issued(Context &cx, unsigned int i, unsigned long op, const unsigned long *args,
		    unsigned int arguments) noexcept
	{
		if (!CHECK(i < entries_))
			return;

		const ModelEntry &entry = entry_[i];

		CHECK_EQ(op, entry.op);
		for (unsigned int arg = 0; arg < arguments; ++arg)
			CHECK_EQ(args[arg], entry.args[arg]);

		std::size_t wrong = 0;

		for (std::size_t at = 0; at < entry.size; ++at)
			wrong += entry.bytes[at] != pattern(entry.serial, at);
		CHECK_EQ(wrong, 0U);
	}

	void answered(Context &cx, unsigned int i, bool written, long result,
		      bool scribbled) noexcept
	{
		if (!CHECK(i < entries_))
			return;
		entry_[i].written = written;
		entry_[i].scribbled = scribbled;
		entry_[i].result = result;
	}

	/* Every fate is known now: write down who must be told. */
	void left(long whole, Tally &tally) noexcept
	{
		for (unsigned int i = 0; i < entries_; ++i) {
			ModelEntry &entry = entry_[i];

			if (entry.written)
				entry.error = errno_in(entry.result);
			else
				entry.error = whole < 0 ? errno_in(whole) : 5;
			if (entry.error != 0) {
				++tally.failed;
				event_[events_++] = {Told::Message, i};
			}
			if (entry.owner->done != nullptr)
				event_[events_++] = {Told::Owner, i};
		}
		expect_callbacks();
	}

	void message(Context &cx, const FailedEntry &what, bool kept, Tally &tally) noexcept
	{
		++tally.messages;
		const ModelEntry *entry = strike(cx, Told::Message);

		if (entry == nullptr)
			return;
		CHECK_EQ(what.index, static_cast<unsigned int>(entry - entry_));
		CHECK_EQ(what.total, entries_);
		CHECK_EQ(&what.owner, entry->owner);
		CHECK_EQ(what.who, entry->who);
		CHECK_EQ(what.error.number(), entry->error);
		as_issued(cx, what.entry, kept, *entry);
	}

	void told(Context &cx, void *who, const MulticallEntry &issued, const Result<long> &status,
		  bool kept, Tally &tally) noexcept
	{
		++tally.told;
		const ModelEntry *entry = strike(cx, Told::Owner);

		if (entry == nullptr)
			return;
		CHECK_EQ(who, entry->who);
		CHECK_EQ(status.ok(), entry->error == 0);
		if (status.ok())
			CHECK_EQ(status.value(), entry->result);
		else
			CHECK_EQ(status.error().number(), entry->error);
		as_issued(cx, issued, kept, *entry);
	}

	void ran(Context &cx, unsigned int serial, Tally &tally) noexcept
	{
		++tally.callbacks;
		if (CHECK(next_ < events_ && event_[next_].what == Told::Callback))
			CHECK_EQ(serial, callback_[event_[next_++].index]);
	}

	/* The flush is over: nobody was forgotten.  Returns the entries that failed. */
	unsigned int flushed(Context &cx) noexcept
	{
		unsigned int failed = 0;

		CHECK_EQ(next_, events_);
		CHECK_EQ(entered_, entries_ > 0);
		for (unsigned int i = 0; i < entries_; ++i)
			failed += entry_[i].error != 0;
		entries_ = callbacks_ = 0;
		return failed;
	}

private:
	enum class Told : std::uint8_t { Message, Owner, Callback };
	struct Event {
		Told what;
		unsigned int index;
	};

	static int errno_in(long result) noexcept
	{
		if (result >= 0)
			return 0;
		return result < -4095 ? 5 : static_cast<int>(-result);
	}

	void expect_callbacks() noexcept
	{
		for (unsigned int i = 0; i < callbacks_; ++i)
			event_[events_++] = {Told::Callback, i};
	}

	const ModelEntry *strike(Context &cx, Told what) noexcept
	{
		if (!CHECK(next_ < events_ && event_[next_].what == what))
			return nullptr;
		return &entry_[event_[next_++].index];
	}

	/* The entry shown is the one that was issued: if @kept, whatever Xen did to it. */
	void as_issued(Context &cx, const MulticallEntry &shown, bool kept,
		       const ModelEntry &entry) noexcept
	{
		constexpr unsigned int arguments = Batch<E, A, C>::kept_args;

		if (entry.scribbled && !kept)
			return;
		CHECK_EQ(shown.op, entry.op);
		for (unsigned int arg = 0; arg < (entries_ == 1 ? 5 : arguments); ++arg)
			CHECK_EQ(shown.args[arg], entry.args[arg]);
	}

	unsigned int entries_;
	unsigned int callbacks_;
	unsigned int events_; /* written down */
	unsigned int next_;   /* first not yet struck off */
	bool allowed_;
	bool seen_;
	bool entered_;
	FlushReason reason_;
	ModelEntry entry_[E];
	unsigned int callback_[C];
	Event event_[2 * E + C];
};

} // namespace xen::cases

#endif
