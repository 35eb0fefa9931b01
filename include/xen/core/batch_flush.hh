/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The second half of Batch: issuing, and what happens after it.
 *
 * The success path goes over the entries once, to see that no result is negative;
 * and before that once more if the sink wants the arguments kept aside, over which
 * Xen may scribble.  All else is cold.
 */
#ifndef XEN_CORE_BATCH_FLUSH_HH
#define XEN_CORE_BATCH_FLUSH_HH

#include <xen/core/batch.hh>

namespace xen {

/*
 * Room for one more entry with its arguments and a callback, by issuing what is
 * queued.  Refuses first: what can never fit, and use at the wrong time, issues nothing.
 */
template <unsigned int E, unsigned int A, unsigned int C>
template <HypercallBackend B, BatchSink S>
Result<void> Batch<E, A, C>::make_room(std::size_t arg_bytes, B &backend, S &sink) noexcept
{
	if (phase_ != Phase::Idle)
		return err::busy;
	if (arg_bytes > A)
		return err::toobig;

	const bool args_fit = arg_bytes <= A - aligned_cursor();
	const FlushReason why = entries_ == E ? FlushReason::EntriesFull
				: args_fit    ? FlushReason::CallbacksFull
					      : FlushReason::ArgsFull;

	return flush(backend, sink, why).status();
}

template <unsigned int E, unsigned int A, unsigned int C>
template <HypercallBackend B, BatchSink S>
auto Batch<E, A, C>::open_late(const Owner &owner, void *who, std::size_t arg_bytes, B &backend,
			       S &sink) noexcept -> Result<Slot>
{
	const Result<void> made = make_room(arg_bytes, backend, sink);

	if (!made.ok())
		return made.error();
	return open(owner, who, arg_bytes);
}

template <unsigned int E, unsigned int A, unsigned int C>
Result<void> Batch<E, A, C>::extensible(const Owner &owner, unsigned long op,
					std::size_t arg_bytes) const noexcept
{
	if (phase_ != Phase::Idle) [[unlikely]]
		return err::busy;
	if (entries_ == 0 || entry_[entries_ - 1].op != op)
		return err::inval;
	if (from_[entries_ - 1].owner != &owner) [[unlikely]]
		return err::perm;
	if (arg_bytes > A - arg_bytes_) [[unlikely]]
		return err::nospc;
	return {};
}

template <unsigned int E, unsigned int A, unsigned int C> void Batch<E, A, C>::keep_aside() noexcept
{
	for (unsigned int i = 0; i < entries_; ++i) {
		kept_[i].op = entry_[i].op;
		for (unsigned int arg = 0; arg < kept_args; ++arg)
			kept_[i].args[arg] = entry_[i].args[arg];
	}
}

/* Into Xen and back.  @any_failed: some result is negative, an unwritten one too. */
template <unsigned int E, unsigned int A, unsigned int C>
template <HypercallBackend B>
Result<void> Batch<E, A, C>::issue(B &backend, bool keep, bool &any_failed) noexcept
{
	const unsigned int n = entries_;

	if (n == 1) {
		MulticallEntry &only = entry_[0];

		only.result = backend.call(only.op, only.args);
		any_failed = only.result < 0;
		return {};
	}
	if (keep) [[unlikely]]
		keep_aside();

	const long whole = n == 0 ? 0 : backend.multicall(entry_, n);
	long signs = 0;

	for (unsigned int i = 0; i < n; ++i)
		signs |= entry_[i].result;
	any_failed = signs < 0;
	return from_hypercall(whole).status();
}

/*
 * Something failed, or an owner wants to know: go through the entries again.
 *
 * The fate of all is fixed before anyone is told, so that nobody told later sees an
 * entry changed by somebody told earlier.
 */
template <unsigned int E, unsigned int A, unsigned int C>
template <BatchSink S>
unsigned int Batch<E, A, C>::settle(Result<void> whole, bool kept, S &sink) noexcept
{
	const unsigned int n = entries_;
	unsigned int failed = 0;

	for (unsigned int i = 0; i < n && n > 1; ++i) {
		MulticallEntry &entry = entry_[i];

		if (kept) {
			entry.op = kept_[i].op;
			for (unsigned int arg = 0; arg < kept_args; ++arg)
				entry.args[arg] = kept_[i].args[arg];
		}
		if (entry.result == unfinished && !whole.ok())
			entry.result = whole.error().to_linux();
	}
	for (unsigned int i = 0; i < n; ++i) {
		const MulticallEntry &entry = entry_[i];
		const Provenance from = from_[i];
		const Result<long> status = from_hypercall(entry.result);

		if (!status.ok()) {
			++failed;
			sink.failed({i, n, entry, *from.owner, from.who, status.error()});
		}
		if (from.owner->done != nullptr)
			from.owner->done(from.who, entry, status);
	}
	counters_.failed += failed;
	return failed;
}

template <unsigned int E, unsigned int A, unsigned int C>
void Batch<E, A, C>::run_callbacks() noexcept
{
	/* The table stands still: while draining nothing is added. */
	for (unsigned int i = 0; i < callbacks_; ++i)
		callback_[i].fn(callback_[i].data);
	callbacks_ = 0;
}

template <unsigned int E, unsigned int A, unsigned int C>
template <HypercallBackend B, BatchSink S>
Result<unsigned int> Batch<E, A, C>::flush(B &backend, S &sink, FlushReason why) noexcept
{
	if (phase_ != Phase::Idle) [[unlikely]]
		return err::busy;
	phase_ = Phase::Draining;
	sink.flushing(why, fill_level());

	bool any_failed = false;
	unsigned int failed = 0;
	const bool keep = sink.keeps_arguments();
	const Result<void> whole = issue(backend, keep, any_failed);

	counters_.flushed(entries_, callbacks_);
	if (any_failed || owners_listen_) [[unlikely]]
		failed = settle(whole, keep, sink);
	entries_ = 0;
	arg_bytes_ = 0;
	owners_listen_ = false;
	run_callbacks();
	phase_ = Phase::Idle;
	return failed;
}

} // namespace xen

#endif
