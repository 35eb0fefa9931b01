/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Batch - hypercalls queued on one CPU and issued together.
 *
 * Owns the queue discipline and the memory: entries, their arguments, their owners,
 * callbacks.  The way into Xen and the reporting are passed in (batch_backend.hh).
 *
 * Invariants
 *   - All-zero memory is a valid empty batch: it lives in zeroed per-cpu storage.
 *   - Entries are issued in the order of queueing, each exactly once, complete or
 *     not at all.  Nothing is issued between reserve() and commit().
 *   - The argument bytes of the last entry end at the cursor: it can grow in place.
 *   - Callbacks run in order, each exactly once, after all entries of the batch,
 *     whatever failed.  Owners learn the status of every entry before that.
 *   - What Xen answers is data: no answer breaks an invariant.
 *
 * Context: one CPU, interrupts off from reserve() to commit() and throughout flush().
 * From flush() on until its last callback has returned the batch refuses all use
 * (EBUSY): what the hypercall, an owner or a callback calls must not queue.
 *
 * Cannot: retry, reorder, or tell which record of an entry failed (the entry's own
 * arguments may).
 */
#ifndef XEN_CORE_BATCH_HH
#define XEN_CORE_BATCH_HH

#include <cstddef>

#include <xen/core/abi.hh>
#include <xen/core/batch_backend.hh>
#include <xen/core/batch_counters.hh>
#include <xen/core/batch_owner.hh>
#include <xen/core/batch_slot.hh>
#include <xen/core/result.hh>

namespace xen {

/* For C callers: an entry and argument bytes that count as queued already. */
struct RawSlot {
	MulticallEntry *entry;
	std::byte *args;
};

/**
 * class Batch - a CPU's queue of hypercalls
 * @Entries: most entries in one multicall, 1..512
 * @ArgBytes: bytes for all arguments together, a multiple of 8
 * @Callbacks: most callbacks until the next flush, at least 1
 */
template <unsigned int Entries, unsigned int ArgBytes, unsigned int Callbacks> class Batch {
public:
	using Slot = BatchSlot<Batch>;
	using Extension = BatchExtension<Batch>;
	using Callback = void (*)(void *data);

	static constexpr unsigned int max_entries = Entries;
	static constexpr unsigned int max_arg_bytes = ArgBytes;
	static constexpr unsigned int max_callbacks = Callbacks;
	static constexpr std::size_t arg_alignment = 8;

	/*
	 * Arguments kept aside per entry of a multicall, beside op, for messages and
	 * owners: Xen may scribble over those it was given.  Four loads and stores an
	 * entry, so it is done only while BatchSink::keeps_arguments(); without it, they
	 * are told what Xen left.  Single hypercalls pass registers and keep all.
	 */
	static constexpr unsigned int kept_args = 3;

	/* Trivial, so that zeroed memory will do; `Batch b{}` is empty, `Batch b` is not. */
	Batch() noexcept = default;
	Batch(const Batch &) = delete;
	Batch &operator=(const Batch &) = delete;

	/**
	 * reserve - open a slot for one more entry
	 * @owner: told what became of it; outlives the flush
	 * @who: passed to @owner
	 * @arg_bytes: bytes for its arguments, 0..ArgBytes
	 * @backend: issues what is queued if there is no room
	 * @sink: told about that
	 *
	 * Makes room for the entry, its arguments and one callback first, so that the
	 * slot's commit() never flushes.  E2BIG: @arg_bytes can never fit, nothing was
	 * flushed.  EBUSY: another guard is open, or the batch is draining.
	 */
	template <HypercallBackend B, BatchSink S>
	[[nodiscard]] Result<Slot> reserve(const Owner &owner, void *who, std::size_t arg_bytes,
					   B &backend, S &sink) noexcept
	{
		if (has_room(arg_bytes) && callbacks_ < Callbacks) [[likely]]
			return open(owner, who, arg_bytes);
		return open_late(owner, who, arg_bytes, backend, sink);
	}

	/**
	 * try_push - push() for the hot path: never flushes, never fails for good
	 *
	 * Return: a slot whose entry is null if there is no room, or the batch is not to
	 * be used now; push() makes room, or says why not.
	 */
	[[nodiscard]] RawSlot try_push(const Owner &owner, void *who,
				       std::size_t arg_bytes) noexcept
	{
		if (!has_room(arg_bytes)) [[unlikely]]
			return {nullptr, nullptr};
		return append(owner, who, arg_bytes);
	}

	/**
	 * push - queue an entry that the caller fills at once
	 *
	 * Parameters and errors as for reserve().  The entry counts as queued on
	 * return: the caller fills it before anything else may touch the batch.
	 */
	template <HypercallBackend B, BatchSink S>
	[[nodiscard]] Result<RawSlot> push(const Owner &owner, void *who, std::size_t arg_bytes,
					   B &backend, S &sink) noexcept
	{
		const RawSlot raw = try_push(owner, who, arg_bytes);

		if (raw.entry != nullptr) [[likely]]
			return raw;

		const Result<void> made = make_room(arg_bytes, backend, sink);

		if (!made.ok())
			return made.error();
		return append(owner, who, arg_bytes);
	}

	/**
	 * extend - open the last entry for more argument bytes
	 * @owner: the entry's own owner
	 * @op: the hypercall the entry must be of
	 * @arg_bytes: bytes to add; they follow the old ones directly, not re-aligned
	 *
	 * Never flushes.  EINVAL: no entry, or one of another hypercall.  EPERM: the
	 * entry is somebody else's, who would get the status.  ENOSPC: no room.  EBUSY:
	 * as for reserve().
	 */
	[[nodiscard]] Result<Extension> extend(const Owner &owner, unsigned long op,
					       std::size_t arg_bytes) noexcept
	{
		const Result<void> can = extensible(owner, op, arg_bytes);

		if (!can.ok()) [[unlikely]]
			return can.error();
		phase_ = Phase::Open;
		return Extension{*this, &entry_[entries_ - 1], &args_[arg_bytes_], arg_bytes};
	}

	/** extend_raw - the same for C callers: the bytes count as the entry's on return */
	[[nodiscard]] Result<RawSlot> extend_raw(const Owner &owner, unsigned long op,
						 std::size_t arg_bytes) noexcept
	{
		const Result<void> can = extensible(owner, op, arg_bytes);

		if (!can.ok()) [[unlikely]]
			return can.error();
		return lengthen(arg_bytes);
	}

	/** try_extend - the same for the hot path: a slot whose entry is null is a refusal */
	[[nodiscard]] RawSlot try_extend(const Owner &owner, unsigned long op,
					 std::size_t arg_bytes) noexcept
	{
		if (!extensible(owner, op, arg_bytes).ok()) [[unlikely]]
			return {nullptr, nullptr};
		return lengthen(arg_bytes);
	}

	/** try_defer - defer() for the hot path: false if that had to flush, or to refuse */
	[[nodiscard]] bool try_defer(Callback fn, void *data) noexcept
	{
		if (phase_ != Phase::Idle || callbacks_ == Callbacks) [[unlikely]]
			return false;
		count_callback(fn, data);
		return true;
	}

	/**
	 * defer - run something after the next flush
	 * @fn: run exactly once
	 * @data: passed to @fn
	 * @backend: issues what is queued if the table of callbacks is full
	 * @sink: told about that
	 *
	 * EBUSY: a guard is open (attach the callback to it), or the batch is draining.
	 */
	template <HypercallBackend B, BatchSink S>
	Result<void> defer(Callback fn, void *data, B &backend, S &sink) noexcept
	{
		if (try_defer(fn, data)) [[likely]]
			return {};

		const Result<unsigned int> made = flush(backend, sink, FlushReason::CallbacksFull);

		if (!made.ok())
			return made.error();
		count_callback(fn, data);
		return {};
	}

	/**
	 * flush - issue all that is queued
	 * @backend: the way into Xen
	 * @sink: told about the flush and each failure
	 * @why: for @sink
	 *
	 * Nothing queued is no hypercall, one entry a plain one, more a multicall; then
	 * @sink and owners learn what became of each entry, then callbacks run.  An entry
	 * that Xen left unfinished failed with the multicall's own error, or EIO.
	 *
	 * Return: number of entries that failed.  EBUSY, nothing done: a guard is open,
	 * or the batch is draining already.
	 */
	template <HypercallBackend B, BatchSink S>
	Result<unsigned int> flush(B &backend, S &sink,
				   FlushReason why = FlushReason::Asked) noexcept;

	/** fill_level - how full the batch is; an open guard is not counted */
	[[nodiscard]] BatchFill fill_level() const noexcept
	{
		return {entries_, arg_bytes_, callbacks_};
	}

	[[nodiscard]] bool empty() const noexcept { return entries_ == 0 && callbacks_ == 0; }

	/** counters - since boot; other CPUs take counters().snapshot() */
	[[nodiscard]] const BatchCounters &counters() const noexcept { return counters_; }

private:
	friend Slot;
	friend Extension;
	friend detail::BatchGuard<Batch>;

	static_assert(Entries >= 1 && Entries <= BatchCounters::largest_counted);
	static_assert(ArgBytes >= 8 && ArgBytes % arg_alignment == 0);
	static_assert(Callbacks >= 1);

	enum class Phase : unsigned int { Idle, Open, Draining };

	/* What a result word holds until Xen writes it: just below all errnos, so EIO. */
	static constexpr long unfinished = -(Errno::max_number + 1);

	struct Provenance {
		const Owner *owner;
		void *who;
	};
	struct Kept {
		unsigned long op;
		unsigned long args[kept_args];
	};
	struct Deferred {
		Callback fn;
		void *data;
	};

	[[nodiscard]] std::size_t aligned_cursor() const noexcept
	{
		return (arg_bytes_ + arg_alignment - 1) & ~(arg_alignment - 1);
	}

	[[nodiscard]] bool has_room(std::size_t arg_bytes) const noexcept
	{
		return phase_ == Phase::Idle && entries_ < Entries &&
		       arg_bytes <= ArgBytes - aligned_cursor();
	}

	/* The next entry, not yet counted; a dropped slot leaves no trace. */
	RawSlot place(const Owner &owner, void *who) noexcept
	{
		MulticallEntry &entry = entry_[entries_];

		entry.result = unfinished;
		from_[entries_] = {&owner, who};
		if (owner.done != nullptr)
			owners_listen_ = true;
		return {&entry, &args_[aligned_cursor()]};
	}

	Slot open(const Owner &owner, void *who, std::size_t arg_bytes) noexcept
	{
		const RawSlot raw = place(owner, who);

		phase_ = Phase::Open;
		return Slot{*this, raw.entry, raw.args, arg_bytes};
	}

	RawSlot append(const Owner &owner, void *who, std::size_t arg_bytes) noexcept
	{
		const RawSlot raw = place(owner, who);

		count_entry(arg_bytes);
		return raw;
	}

	/* Out of line, so that the usual path saves no registers. */
	template <HypercallBackend B, BatchSink S>
	[[gnu::cold, gnu::noinline]] Result<void> make_room(std::size_t arg_bytes, B &backend,
							    S &sink) noexcept;
	template <HypercallBackend B, BatchSink S>
	[[gnu::cold, gnu::noinline]] Result<Slot> open_late(const Owner &owner, void *who,
							    std::size_t arg_bytes, B &backend,
							    S &sink) noexcept;

	[[nodiscard]] Result<void> extensible(const Owner &owner, unsigned long op,
					      std::size_t arg_bytes) const noexcept;

	void count_entry(std::size_t arg_bytes) noexcept
	{
		arg_bytes_ = static_cast<unsigned int>(aligned_cursor() + arg_bytes);
		++entries_;
	}
	void count_callback(Callback fn, void *data) noexcept
	{
		callback_[callbacks_++] = {fn, data};
	}
	void count_extension(std::size_t arg_bytes) noexcept
	{
		arg_bytes_ += static_cast<unsigned int>(arg_bytes);
	}
	RawSlot lengthen(std::size_t arg_bytes) noexcept
	{
		const RawSlot raw{&entry_[entries_ - 1], &args_[arg_bytes_]};

		count_extension(arg_bytes);
		return raw;
	}
	void close() noexcept { phase_ = Phase::Idle; }

	template <HypercallBackend B>
	[[gnu::always_inline]] inline Result<void> issue(B &backend, bool keep,
							 bool &any_failed) noexcept;
	[[gnu::cold, gnu::noinline]] void keep_aside() noexcept;
	template <BatchSink S>
	[[gnu::cold, gnu::noinline]] unsigned int settle(Result<void> whole, bool kept,
							 S &sink) noexcept;
	void run_callbacks() noexcept;

	/* First what every call touches. */
	unsigned int entries_;
	unsigned int arg_bytes_;
	unsigned int callbacks_;
	Phase phase_;
	bool owners_listen_; /* some owner has a done() */
	MulticallEntry entry_[Entries];
	Provenance from_[Entries];
	Kept kept_[Entries];
	alignas(arg_alignment) std::byte args_[ArgBytes];
	Deferred callback_[Callbacks];
	BatchCounters counters_;
};

} // namespace xen

#include <xen/core/batch_flush.hh>

#endif
