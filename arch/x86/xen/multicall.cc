// SPDX-License-Identifier: GPL-2.0
/*
 * Multicall batching for PV domains: one batch per cpu, and the interface of
 * multicalls.h for Linux's C callers.
 *
 * A hypercall that may wait is queued here; what is queued goes to Xen in one
 * trap when a lazy section ends, when the batch is full, or at once outside of
 * lazy sections (xen_mc_issue()).  The queue discipline is xen::Batch.
 *
 * Locking: a batch belongs to its cpu.  xen_mc_batch() turns events off until
 * xen_mc_issue() turns them on again, and xen_mc_flush() turns them off by itself,
 * so that no interrupt handler finds a batch half-way.
 *
 * What a failure does: the message names the entry, its arguments and who queued
 * it (C callers: their return address); all other entries and every callback go
 * on.  C callers have no way to learn a status; units written in C++ have one,
 * their Owner's done().
 */
#include <cstddef>
#include <cstdint>

#include <xen/core/batch.hh>

#include "flags.hh"
#include "glue.h"
#include "hypercall.hh"
#include "layout.h"
#include "percpu.hh"
#include "static_key.hh"

extern "C" {
extern xen_mc_storage xen_mc_batch_storage; // per-cpu
extern bool xen_mc_debug;

extern xen::Tracepoint __tracepoint_xen_mc_flush;
extern xen::Tracepoint __tracepoint_xen_mc_flush_reason;
extern xen::Tracepoint __tracepoint_xen_mc_entry_alloc;
extern xen::Tracepoint __tracepoint_xen_mc_extend_args;
extern xen::Tracepoint __tracepoint_xen_mc_callback;
}

namespace xen {
namespace {

/*
 * How large: entries for the longest runs of single requests, argument bytes for
 * 255 page-table updates of 16 bytes, callbacks as few as Linux has, because each
 * may hold a page-table lock and the preemption count has eight bits for them.
 * Documentation/xen/performance.rst has the measurements.
 */
using McBatch = Batch<64, 255 * sizeof(MmuUpdate), 32>;

static_assert(sizeof(McBatch) <= sizeof(xen_mc_storage));
static_assert(alignof(McBatch) <= XEN_MC_STORAGE_ALIGN);
static_assert(std::is_trivially_default_constructible_v<McBatch>, "zeroed memory will do");
static_assert(sizeof(MulticallEntry) == XEN_MULTICALL_ENTRY_SIZE);

/* All of Linux's C callers: they are told nothing, but named by return address. */
constinit const Owner linux_c{"Linux", Owner::Kind::CodeAddress, nullptr};

} // namespace

/*
 * Named outside of the anonymous namespace, and shortly: objtool takes no symbol
 * of more than 128 characters, and Batch::flush() carries this name in its own.
 */
struct McSink {
	static unsigned int traced(FlushReason why) noexcept
	{
		if (why == FlushReason::EntriesFull)
			return XEN_TRACE_FLUSH_BATCH;
		return why == FlushReason::ArgsFull ? XEN_TRACE_FLUSH_ARGS : XEN_TRACE_FLUSH_CALLBACK;
	}

	static void flushing(FlushReason why, const BatchFill &fill) noexcept
	{
		if (why != FlushReason::Asked && listened_to<&__tracepoint_xen_mc_flush_reason>())
			xen_glue_trace_mc_flush_reason(traced(why));
		if (listened_to<&__tracepoint_xen_mc_flush>())
			xen_glue_trace_mc_flush(fill.entries, fill.arg_bytes, fill.callbacks);
	}

	static bool keeps_arguments() noexcept { return xen_mc_debug; }

	[[gnu::cold]] static void failed(const FailedEntry &what) noexcept
	{
		const bool code = what.owner.kind == Owner::Kind::CodeAddress;
		xen_mc_failure failure{what.index,
				       what.total,
				       what.entry.op,
				       {},
				       what.error.to_linux(),
				       keeps_arguments() || what.total == 1,
				       what.owner.name,
				       code ? what.who : nullptr};

		static_assert(sizeof(failure.args) == McBatch::kept_args * sizeof(failure.args[0]));
		for (unsigned int i = 0; i < McBatch::kept_args; ++i)
			failure.args[i] = what.entry.args[i];
		xen_glue_mc_failed(&failure);
	}
};

namespace {

/* Zeroed memory is an empty batch: the glue's storage needs no constructor to run. */
[[gnu::always_inline]] inline McBatch &as_batch(xen_mc_storage *storage) noexcept
{
	return *reinterpret_cast<McBatch *>(storage);
}

[[gnu::always_inline]] inline McBatch &this_batch() noexcept
{
	if constexpr (XEN_PREEMPT_COUNT)
		contract(!xen_glue_preemptible(), "a multicall batch is used with preemption off");
	return as_batch(percpu::this_ptr(xen_mc_batch_storage));
}

/*
 * What happens rarely, in functions of their own, so that the usual paths save no
 * registers: somebody listens to a tracepoint, or the batch is full.
 */

[[gnu::cold, gnu::noinline]] multicall_space entry_slowly(std::size_t bytes, void *caller) noexcept
{
	Trap path;
	McSink sink;

	if (listened_to<&__tracepoint_xen_mc_entry_alloc>())
		xen_glue_trace_mc_entry_alloc(bytes);

	const Result<RawSlot> slot = this_batch().push(linux_c, caller, bytes, path, sink);

	contract(slot.ok(), "a multicall entry fits into a batch, and no callback queues one");
	return {slot.value().entry, slot.value().args};
}

[[gnu::cold, gnu::noinline]] multicall_space extend_traced(unsigned long op,
							    std::size_t bytes) noexcept
{
	const Result<RawSlot> slot = this_batch().extend_raw(linux_c, op, bytes);

	if (!slot.ok()) {
		xen_glue_trace_mc_extend_args(op, bytes,
					      slot.error() == err::nospc ? XEN_TRACE_EXTEND_NO_SPACE
									 : XEN_TRACE_EXTEND_BAD_OP);
		return {nullptr, nullptr};
	}
	xen_glue_trace_mc_extend_args(op, bytes, XEN_TRACE_EXTEND_OK);
	return {slot.value().entry, slot.value().args};
}

[[gnu::cold, gnu::noinline]] void callback_slowly(void (*fn)(void *), void *data) noexcept
{
	Trap path;
	McSink sink;

	if (listened_to<&__tracepoint_xen_mc_callback>())
		xen_glue_trace_mc_callback(fn, data);

	const Result<void> done = this_batch().defer(fn, data, path, sink);

	contract(done.ok(), "no callback of a batch queues another");
}

} // namespace
} // namespace xen

using namespace xen;

extern "C" {

/**
 * xen_mc_flush - issue all that this cpu has queued
 *
 * Also runs the callbacks queued since the last flush.  Entries that Xen refuses
 * are reported, see above.
 *
 * Context: preemption off; events on or off.  Does not sleep.
 */
[[gnu::flatten]] void xen_mc_flush() noexcept
{
	McBatch &batch = this_batch();

	// Often a lazy section ends that queued nothing.  An interrupt handler leaves
	// nothing behind this look: it is in no lazy section, and issues what it queues.
	if (batch.empty() && !listened_to<&__tracepoint_xen_mc_flush>())
		return;

	const flags::Masked masked;
	Trap path;
	McSink sink;

	const Result<unsigned int> failed = batch.flush(path, sink);

	contract(failed.ok(), "nobody flushes from a batch's callback");
}

/**
 * __xen_mc_entry - queue one hypercall
 * @bytes: size of the arguments that the hypercall points to
 *
 * Flushes first if there is no room.  The caller fills the entry and its
 * arguments before it does anything else with the batch.
 *
 * Context: between xen_mc_batch() and xen_mc_issue().
 *
 * Return: the entry and @bytes of memory, 8-byte aligned.
 */
multicall_space __xen_mc_entry(std::size_t bytes) noexcept
{
	void *const caller = __builtin_return_address(0);

	if (listened_to<&__tracepoint_xen_mc_entry_alloc>())
		return entry_slowly(bytes, caller);

	const RawSlot slot = this_batch().try_push(linux_c, caller, bytes);

	if (slot.entry == nullptr) [[unlikely]]
		return entry_slowly(bytes, caller);
	return {slot.entry, slot.args};
}

/**
 * xen_mc_extend_args - append arguments to the hypercall queued last
 * @op: which hypercall it has to be
 * @bytes: how much to append
 *
 * The caller writes the arguments and raises the entry's count.
 *
 * Context: between xen_mc_batch() and xen_mc_issue().
 *
 * Return: the entry and the new memory, which follows the old; or nulls, if the
 * last entry is of another kind or there is no room.
 */
multicall_space xen_mc_extend_args(unsigned long op, std::size_t bytes) noexcept
{
	if (listened_to<&__tracepoint_xen_mc_extend_args>())
		return extend_traced(op, bytes);

	const RawSlot slot = this_batch().try_extend(linux_c, op, bytes);

	return {slot.entry, slot.args};
}

/**
 * xen_mc_callback - have something run right after the next flush
 * @fn: runs with events off, whatever became of the entries; must not use the batch
 * @data: passed to @fn
 *
 * Flushes first if there is no room.
 *
 * Context: between xen_mc_batch() and xen_mc_issue().
 */
void xen_mc_callback(void (*fn)(void *), void *data) noexcept
{
	if (listened_to<&__tracepoint_xen_mc_callback>() ||
	    !this_batch().try_defer(fn, data)) [[unlikely]]
		callback_slowly(fn, data);
}

/** xen_mc_show - the batches' counters, summed over all cpus, to a reader. */
void xen_mc_show(xen_glue_sink *sink) noexcept
{
	BatchCounters sum{};

	for (int cpu = xen_glue_next_cpu(-1); cpu >= 0; cpu = xen_glue_next_cpu(cpu)) {
		const auto *storage = xen_glue_mc_storage(cpu);
		const BatchCounters one =
			reinterpret_cast<const McBatch *>(storage)->counters().snapshot();

		sum.entries += one.entries;
		sum.failed += one.failed;
		sum.callbacks += one.callbacks;
		if (one.largest > sum.largest)
			sum.largest = one.largest;
		for (unsigned int i = 0; i < BatchCounters::buckets; ++i)
			sum.histogram[i] += one.histogram[i];
	}
	xen_glue_show(sink, "flushes", sum.flushes());
	xen_glue_show(sink, "entries", sum.entries);
	xen_glue_show(sink, "multicalls", sum.multicalls());
	xen_glue_show(sink, "singles", sum.singles());
	xen_glue_show(sink, "failed", sum.failed);
	xen_glue_show(sink, "callbacks", sum.callbacks);
	xen_glue_show(sink, "largest", sum.largest);
	for (unsigned int i = 1; i < BatchCounters::buckets; ++i)
		xen_glue_show_size(sink, BatchCounters::smallest(i), sum.histogram[i]);
}

} // extern "C"
