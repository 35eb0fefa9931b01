/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of the multicall batch: queueing, room, extension, guards.
 *
 * Each is a program (batch_steps.hh) that the model judges throughout; the body adds
 * only what shows that the program went where its name says.  A program always ends
 * in one more flush.  Failures of Xen are in batch_fault_cases.hh.
 */
#ifndef XEN_CORE_BATCH_CASES_HH
#define XEN_CORE_BATCH_CASES_HH

#include "batch_run.hh"
#include "cases.hh"

/* A case that is a program; its body sees what happened in `tally`. */
#define XEN_BATCH_CASE(name, ...)                                                                  \
	static constexpr auto name##_program = ::xen::cases::steps::program(__VA_ARGS__);          \
	static void name##_expect(::xen::cases::Context &cx, const ::xen::cases::Tally &tally);    \
	XEN_CASE(name)                                                                             \
	{                                                                                          \
		name##_expect(cx, run_batch_program(cx, name##_program));                          \
	}                                                                                          \
	static void name##_expect([[maybe_unused]] ::xen::cases::Context &cx,                      \
				  [[maybe_unused]] const ::xen::cases::Tally &tally)
#define XEN_LIST_BATCH(name) ::xen::cases::Case{#name, name, name##_program}

namespace xen::cases::batch {

using namespace xen::cases::steps;

XEN_BATCH_CASE(empty_flush_is_no_hypercall, Size::Small, flush(), flush())
{
	CHECK_EQ(tally.singles + tally.multicalls, 0U);
	CHECK_EQ(tally.flushed(FlushReason::Asked), 3U);
}

XEN_BATCH_CASE(callbacks_run_without_entries, Size::Small, defer(), defer(), flush())
{
	CHECK_EQ(tally.callbacks, 2U);
	CHECK_EQ(tally.singles + tally.multicalls, 0U);
}

XEN_BATCH_CASE(one_entry_is_a_plain_hypercall, Size::Small, push(linux_c, 0, 16), flush())
{
	CHECK_EQ(tally.singles, 1U);
	CHECK_EQ(tally.multicalls, 0U);
}

XEN_BATCH_CASE(entries_go_out_together_in_order, Size::Small, push(linux_c, 0, 8),
	       push(silent, 1, 0), push(listener, 2, 24), flush())
{
	CHECK_EQ(tally.multicalls, 1U);
	CHECK_EQ(tally.issued, 3U);
	CHECK_EQ(tally.told, 1U);
}

XEN_BATCH_CASE(nothing_is_issued_twice, Size::Small, push(linux_c, 0, 8), flush(), flush(),
	       push(linux_c, 0, 8), push(linux_c, 0, 8), flush(), flush())
{
	CHECK_EQ(tally.issued, 3U);
	CHECK_EQ(tally.singles, 1U);
	CHECK_EQ(tally.multicalls, 1U);
}

XEN_BATCH_CASE(full_of_entries_flushes_for_the_next, Size::Small, burst(linux_c, 0, 4), defer(),
	       push(linux_c, 0, 0))
{
	CHECK_EQ(tally.flushed(FlushReason::EntriesFull), 1U);
	CHECK_EQ(tally.largest, 4U);
	CHECK_EQ(tally.callbacks, 1U);
	CHECK_EQ(tally.singles, 1U);
}

XEN_BATCH_CASE(exactly_full_arguments_fit, Size::Small, push(linux_c, 0, 32), push(linux_c, 0, 32),
	       push(linux_c, 0, 0), flush())
{
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 0U);
	CHECK_EQ(tally.largest, 3U);
}

XEN_BATCH_CASE(one_entry_may_take_all_arguments, Size::Small, push(linux_c, 0, all_args), flush(),
	       reserve(silent, 0, all_args), commit())
{
	CHECK_EQ(tally.singles, 2U);
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 0U);
}

XEN_BATCH_CASE(full_of_arguments_flushes_for_the_next, Size::Small, push(linux_c, 0, all_but_8),
	       push(linux_c, 0, 9), push(linux_c, 0, all_but_8))
{
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 2U);
	CHECK_EQ(tally.issued, 3U);
}

XEN_BATCH_CASE(arguments_start_aligned, Size::Small, push(linux_c, 0, 3), push(linux_c, 0, 1),
	       reserve(silent, 0, 5), commit(), push(linux_c, 0, 40), flush())
{
	/* 3, 1 and 5 bytes take three times eight: what is left is 40. */
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 0U);
	CHECK_EQ(tally.largest, 4U);
}

XEN_BATCH_CASE(alignment_can_use_up_the_room, Size::Small, push(linux_c, 0, 33),
	       push(linux_c, 0, 31))
{
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 1U);
}

XEN_BATCH_CASE(oversize_is_refused_without_a_flush, Size::Small, push(linux_c, 0, 8), defer(),
	       push(linux_c, 0, one_too_many), reserve(silent, 0, eight_too_many),
	       push(linux_c, 0, twice), push(linux_c, 0, overflow),
	       reserve(silent, 0, near_overflow), push(linux_c, 0, 8), flush())
{
	CHECK_EQ(tally.toobig, 5U);
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 0U);
	CHECK_EQ(tally.largest, 2U);
}

XEN_BATCH_CASE(oversize_is_refused_when_full, Size::Small, burst(linux_c, 0, 4), defer(), defer(),
	       defer(), push(linux_c, 0, one_too_many), reserve(silent, 0, one_too_many))
{
	CHECK_EQ(tally.toobig, 2U);
	CHECK_EQ(tally.flushed(FlushReason::EntriesFull), 0U);
	CHECK_EQ(tally.largest, 4U);
}

XEN_BATCH_CASE(trying_never_flushes, Size::Small, try_push(linux_c, 0, 56), try_push(linux_c, 0, 9),
	       try_push(linux_c, 0, 8), try_push(listener, 0, one_too_many),
	       try_push(listener, 0, overflow), try_push(listener, 0, 0), try_push(linux_c, 0, 0),
	       try_push(linux_c, 0, 0), reserve(silent, 0, 0), flush())
{
	CHECK_EQ(tally.no_room, 4U);
	CHECK_EQ(tally.flushed(FlushReason::EntriesFull), 1U);
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 0U);
	CHECK_EQ(tally.largest, 4U);
}

XEN_BATCH_CASE(committed_slot_is_issued, Size::Small, reserve(listener, 2, 16), commit(),
	       reserve(rival, 3, 8), commit_then(), flush())
{
	CHECK_EQ(tally.multicalls, 1U);
	CHECK_EQ(tally.told, 2U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(dropped_slot_is_never_issued, Size::Small, push(linux_c, 0, 8),
	       reserve(listener, 1, 48), drop(), push(linux_c, 0, 56), flush())
{
	CHECK_EQ(tally.dropped, 1U);
	CHECK_EQ(tally.issued, 2U);
	CHECK_EQ(tally.told, 0U);
	/* Its argument bytes are free again: 8 and 56 fit. */
	CHECK_EQ(tally.multicalls, 1U);
}

XEN_BATCH_CASE(dropped_slot_alone_is_no_hypercall, Size::Small, reserve(listener, 0, 8), drop(),
	       flush())
{
	CHECK_EQ(tally.singles + tally.multicalls, 0U);
}

XEN_BATCH_CASE(open_slot_refuses_everything, Size::Small, push(linux_c, 0, 8),
	       reserve(silent, 0, 8), push(linux_c, 0, 0), reserve(silent, 0, 0),
	       extend(linux_c, 0, 8), extend_raw(linux_c, 0, 8), defer(), flush(), commit(),
	       flush())
{
	CHECK_EQ(tally.busy, 6U);
	CHECK_EQ(tally.multicalls, 1U);
	CHECK_EQ(tally.largest, 2U);
}

XEN_BATCH_CASE(open_extension_refuses_everything, Size::Small, push(silent, 0, 8),
	       extend(silent, 0, 8), push(linux_c, 0, 0), reserve(silent, 0, 0),
	       extend(silent, 0, 8), extend_raw(silent, 0, 8), defer(), flush(), commit(), flush())
{
	CHECK_EQ(tally.busy, 6U);
	CHECK_EQ(tally.extended, 1U);
	CHECK_EQ(tally.singles, 1U);
}

XEN_BATCH_CASE(moved_guard_stays_open_and_commits_once, Size::Small, reserve(silent, 0, 8), move(),
	       push(linux_c, 0, 0), move(), commit(), extend(silent, 0, 8), move(), commit(),
	       flush())
{
	CHECK_EQ(tally.busy, 1U);
	CHECK_EQ(tally.issued, 1U);
	CHECK_EQ(tally.extended, 1U);
}

XEN_BATCH_CASE(reserve_makes_room_for_a_callback, Size::Small, push(linux_c, 0, 8), defer(),
	       defer(), defer(), reserve(silent, 0, 8), commit_then(), flush())
{
	/* Not at commit: there the entry is being filled. */
	CHECK_EQ(tally.flushed(FlushReason::CallbacksFull), 1U);
	CHECK_EQ(tally.callbacks, 4U);
	CHECK_EQ(tally.singles, 2U);
}

XEN_BATCH_CASE(push_does_not_need_a_callback, Size::Small, push(linux_c, 0, 8), defer(), defer(),
	       defer(), push(linux_c, 0, 8), flush())
{
	CHECK_EQ(tally.flushed(FlushReason::CallbacksFull), 0U);
	CHECK_EQ(tally.multicalls, 1U);
}

XEN_BATCH_CASE(full_of_callbacks_flushes_for_the_next, Size::Small, push(linux_c, 0, 8), defer(),
	       defer(), defer(), defer(), flush())
{
	CHECK_EQ(tally.flushed(FlushReason::CallbacksFull), 1U);
	CHECK_EQ(tally.callbacks, 4U);
	CHECK_EQ(tally.issued, 1U);
}

XEN_BATCH_CASE(callbacks_keep_their_order, Size::Small, defer(), reserve(silent, 0, 0),
	       commit_then(), defer(), flush(), flush())
{
	CHECK_EQ(tally.callbacks, 3U);
}

XEN_BATCH_CASE(last_entry_grows_in_place, Size::Small, push(linux_c, 1, 16),
	       extend_raw(linux_c, 1, 16), extend(linux_c, 1, 16), commit(),
	       extend_raw(linux_c, 1, 16), flush())
{
	CHECK_EQ(tally.extended, 3U);
	CHECK_EQ(tally.singles, 1U);
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 0U);
}

XEN_BATCH_CASE(extension_is_not_realigned, Size::Small, push(linux_c, 1, 3),
	       extend_raw(linux_c, 1, 2), extend(linux_c, 1, 1), commit(), push(linux_c, 2, 8),
	       flush())
{
	CHECK_EQ(tally.extended, 2U);
	CHECK_EQ(tally.multicalls, 1U);
}

XEN_BATCH_CASE(extension_needs_an_entry, Size::Small, extend_raw(linux_c, 1, 8),
	       extend(linux_c, 1, 8), push(linux_c, 1, 8), flush(), extend_raw(linux_c, 1, 8))
{
	CHECK_EQ(tally.bad_op, 3U);
	CHECK_EQ(tally.extended, 0U);
}

XEN_BATCH_CASE(extension_needs_the_same_hypercall, Size::Small, push(linux_c, 1, 8),
	       push(linux_c, 2, 8), extend_raw(linux_c, 1, 8), extend(linux_c, 1, 8), flush())
{
	CHECK_EQ(tally.bad_op, 2U);
}

XEN_BATCH_CASE(extension_needs_the_same_owner, Size::Small, push(listener, 1, 8),
	       extend_raw(rival, 1, 8), extend(linux_c, 1, 8), extend(listener, 1, 8), commit(),
	       flush())
{
	CHECK_EQ(tally.bad_owner, 2U);
	CHECK_EQ(tally.extended, 1U);
}

XEN_BATCH_CASE(extension_never_flushes, Size::Small, push(linux_c, 1, all_but_8),
	       extend_raw(linux_c, 1, 9), extend(linux_c, 1, overflow), extend_raw(linux_c, 1, 8),
	       extend_raw(linux_c, 1, 1), extend_raw(linux_c, 1, 0), flush())
{
	CHECK_EQ(tally.no_space, 3U);
	CHECK_EQ(tally.extended, 2U);
	CHECK_EQ(tally.singles, 1U);
}

XEN_BATCH_CASE(dropped_extension_leaves_the_entry, Size::Small, push(linux_c, 1, 16),
	       extend(linux_c, 1, 40), drop(), extend_raw(linux_c, 1, 48), flush())
{
	CHECK_EQ(tally.dropped, 1U);
	CHECK_EQ(tally.extended, 1U);
}

XEN_BATCH_CASE(entry_before_a_dropped_slot_still_grows, Size::Small, push(linux_c, 1, 12),
	       reserve(silent, 2, 8), drop(), extend_raw(linux_c, 1, 4), flush())
{
	/* Without a gap, although the slot began on the next multiple of eight. */
	CHECK_EQ(tally.extended, 1U);
	CHECK_EQ(tally.singles, 1U);
}

XEN_BATCH_CASE(entry_with_a_callback_still_grows, Size::Small, reserve(silent, 1, 8), commit_then(),
	       defer(), extend(silent, 1, 8), commit(), flush())
{
	CHECK_EQ(tally.extended, 1U);
	CHECK_EQ(tally.callbacks, 2U);
}

XEN_BATCH_CASE(many_entries_go_out_at_once, Size::Wide, burst(linux_c, 0, 255),
	       burst(silent, 1, 45), flush())
{
	CHECK_EQ(tally.multicalls, 1U);
	CHECK_EQ(tally.largest, 300U);
}

XEN_BATCH_CASE(many_entries_overflow_into_the_next, Size::Wide, burst(listener, 0, 255),
	       burst(rival, 1, 255), flush())
{
	CHECK_EQ(tally.flushed(FlushReason::EntriesFull), 1U);
	CHECK_EQ(tally.largest, 300U);
	CHECK_EQ(tally.issued, 510U);
	CHECK_EQ(tally.told, 510U);
}

XEN_BATCH_CASE(big_arguments_fit, Size::Wide, push(linux_c, 0, half), push(linux_c, 0, half),
	       push(linux_c, 0, 1), push(linux_c, 0, all_args), flush())
{
	CHECK_EQ(tally.flushed(FlushReason::ArgsFull), 2U);
	CHECK_EQ(tally.issued, 4U);
}

XEN_BATCH_CASE(smallest_batch_works, Size::Tiny, push(linux_c, 0, 8), push(linux_c, 0, 8),
	       extend_raw(linux_c, 0, 1), reserve(listener, 0, 0), commit_then(),
	       reserve(listener, 0, 8), commit_then(), defer(), defer(), flush())
{
	CHECK_EQ(tally.issued, 4U);
	CHECK_EQ(tally.multicalls, 0U);
	CHECK_EQ(tally.callbacks, 4U);
}

XEN_BATCH_CASE(counters_tell_sizes_apart, Size::Wide, burst(linux_c, 0, 2), flush(),
	       burst(linux_c, 0, 3), flush(), burst(linux_c, 0, 4), flush(), burst(linux_c, 0, 5),
	       flush(), burst(linux_c, 0, 1), flush(), flush())
{
	const BatchCounters counters = wide_batch.counters();

	CHECK_EQ(tally.multicalls, 4U);
	CHECK_EQ(counters.histogram[0], 2U);
	CHECK_EQ(counters.histogram[1], 1U);
	CHECK_EQ(counters.histogram[2], 1U);
	CHECK_EQ(counters.histogram[3], 2U);
	CHECK_EQ(counters.histogram[4], 1U);
	CHECK_EQ(counters.largest, 5U);
}

inline constexpr Case all[] = {
	XEN_LIST_BATCH(empty_flush_is_no_hypercall),
	XEN_LIST_BATCH(callbacks_run_without_entries),
	XEN_LIST_BATCH(one_entry_is_a_plain_hypercall),
	XEN_LIST_BATCH(entries_go_out_together_in_order),
	XEN_LIST_BATCH(nothing_is_issued_twice),
	XEN_LIST_BATCH(full_of_entries_flushes_for_the_next),
	XEN_LIST_BATCH(exactly_full_arguments_fit),
	XEN_LIST_BATCH(one_entry_may_take_all_arguments),
	XEN_LIST_BATCH(full_of_arguments_flushes_for_the_next),
	XEN_LIST_BATCH(arguments_start_aligned),
	XEN_LIST_BATCH(alignment_can_use_up_the_room),
	XEN_LIST_BATCH(oversize_is_refused_without_a_flush),
	XEN_LIST_BATCH(oversize_is_refused_when_full),
	XEN_LIST_BATCH(trying_never_flushes),
	XEN_LIST_BATCH(committed_slot_is_issued),
	XEN_LIST_BATCH(dropped_slot_is_never_issued),
	XEN_LIST_BATCH(dropped_slot_alone_is_no_hypercall),
	XEN_LIST_BATCH(open_slot_refuses_everything),
	XEN_LIST_BATCH(open_extension_refuses_everything),
	XEN_LIST_BATCH(moved_guard_stays_open_and_commits_once),
	XEN_LIST_BATCH(reserve_makes_room_for_a_callback),
	XEN_LIST_BATCH(push_does_not_need_a_callback),
	XEN_LIST_BATCH(full_of_callbacks_flushes_for_the_next),
	XEN_LIST_BATCH(callbacks_keep_their_order),
	XEN_LIST_BATCH(last_entry_grows_in_place),
	XEN_LIST_BATCH(extension_is_not_realigned),
	XEN_LIST_BATCH(extension_needs_an_entry),
	XEN_LIST_BATCH(extension_needs_the_same_hypercall),
	XEN_LIST_BATCH(extension_needs_the_same_owner),
	XEN_LIST_BATCH(extension_never_flushes),
	XEN_LIST_BATCH(dropped_extension_leaves_the_entry),
	XEN_LIST_BATCH(entry_before_a_dropped_slot_still_grows),
	XEN_LIST_BATCH(entry_with_a_callback_still_grows),
	XEN_LIST_BATCH(many_entries_go_out_at_once),
	XEN_LIST_BATCH(many_entries_overflow_into_the_next),
	XEN_LIST_BATCH(big_arguments_fit),
	XEN_LIST_BATCH(smallest_batch_works),
	XEN_LIST_BATCH(counters_tell_sizes_apart),
};
inline constexpr Suite suite{"batch", all};

} // namespace xen::cases::batch

#endif
