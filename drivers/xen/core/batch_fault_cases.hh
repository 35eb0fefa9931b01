/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cases of the multicall batch against a hypervisor that means harm: whatever it
 * answers, the other entries' owners and all callbacks are served.
 */
#ifndef XEN_CORE_BATCH_FAULT_CASES_HH
#define XEN_CORE_BATCH_FAULT_CASES_HH

#include "batch_cases.hh"

namespace xen::cases::batch_fault {

using namespace xen::cases::steps;

XEN_BATCH_CASE(single_failure_reaches_its_owner, Size::Small, malice(Malice::fail_entry, 0, 0, 1),
	       reserve(listener, 0, 8), commit_then(), flush())
{
	CHECK_EQ(tally.singles, 1U);
	CHECK_EQ(tally.failed, 1U);
	CHECK_EQ(tally.messages, 1U);
	CHECK_EQ(tally.told, 1U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(failed_entry_spares_the_others, Size::Small, malice(Malice::fail_entry, 1, 0, 2),
	       reserve(listener, 0, 8), commit_then(), reserve(rival, 1, 8), commit_then(),
	       reserve(listener, 2, 8), commit_then(), flush())
{
	CHECK_EQ(tally.failed, 1U);
	CHECK_EQ(tally.told, 3U);
	CHECK_EQ(tally.callbacks, 3U);
}

XEN_BATCH_CASE(first_and_last_entry_can_fail, Size::Small, malice(Malice::fail_entry, 0),
	       burst(linux_c, 0, 3), flush(), malice(Malice::fail_entry, 2), burst(linux_c, 0, 3),
	       flush())
{
	CHECK_EQ(tally.failed, 2U);
	CHECK_EQ(tally.messages, 2U);
}

XEN_BATCH_CASE(all_entries_can_fail, Size::Small, malice(Malice::fail_all, 0, 0, 255),
	       burst(listener, 0, 4), defer(), flush())
{
	CHECK_EQ(tally.failed, 4U);
	CHECK_EQ(tally.told, 4U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(silent_owner_gets_a_message_only, Size::Small, malice(Malice::fail_all),
	       push(linux_c, 0, 8), push(silent, 1, 8), flush())
{
	CHECK_EQ(tally.messages, 2U);
	CHECK_EQ(tally.told, 0U);
}

XEN_BATCH_CASE(short_completion_is_seen, Size::Small, malice(Malice::stop_short, 2),
	       burst(listener, 0, 4), defer(), flush())
{
	CHECK_EQ(tally.failed, 2U);
	CHECK_EQ(tally.told, 4U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(nothing_completed_is_seen, Size::Small, malice(Malice::stop_short, 0),
	       burst(linux_c, 0, 4), flush())
{
	CHECK_EQ(tally.failed, 4U);
}

XEN_BATCH_CASE(old_results_do_not_pass_for_new, Size::Small, burst(listener, 0, 4), flush(),
	       malice(Malice::stop_short, 0), burst(listener, 0, 4), flush())
{
	CHECK_EQ(tally.failed, 4U);
	CHECK_EQ(tally.told, 8U);
}

XEN_BATCH_CASE(whole_failure_fails_every_entry, Size::Small, malice(Malice::fail_whole, 0, 0, 2),
	       burst(listener, 0, 3), defer(), flush())
{
	CHECK_EQ(tally.failed, 3U);
	CHECK_EQ(tally.told, 3U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(whole_failure_spares_what_completed, Size::Small,
	       malice(Malice::fail_whole | Malice::stop_short, 1, 0, 2), burst(listener, 0, 3),
	       flush())
{
	CHECK_EQ(tally.failed, 2U);
	CHECK_EQ(tally.told, 3U);
}

XEN_BATCH_CASE(whole_failure_after_all_completed_fails_nothing, Size::Small,
	       malice(Malice::fail_whole | Malice::stop_short, 200), burst(linux_c, 0, 3), flush())
{
	CHECK_EQ(tally.multicalls, 1U);
	CHECK_EQ(tally.failed, 0U);
}

XEN_BATCH_CASE(scribbled_entries_are_shown_as_issued, Size::Small,
	       malice(Malice::scribble | Malice::fail_entry, 1), push(linux_c, 0, 16),
	       push(listener, 1, 16), push(rival, 2, 8), flush())
{
	CHECK_EQ(tally.messages, 1U);
	CHECK_EQ(tally.told, 2U);
}

XEN_BATCH_CASE(unkept_arguments_cost_no_status, Size::Small, keep(false),
	       malice(Malice::scribble | Malice::stop_short, 1), burst(listener, 2, 3), defer(),
	       flush(), keep(true), malice(Malice::scribble | Malice::fail_entry, 0),
	       push(rival, 1, 8), push(linux_c, 2, 8), flush(), keep(false),
	       malice(Malice::fail_all, 0), push(rival, 1, 8), push(linux_c, 2, 8), flush())
{
	CHECK_EQ(tally.failed, 5U);
	CHECK_EQ(tally.messages, 5U);
	CHECK_EQ(tally.told, 5U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(scribbled_successes_reach_their_owners, Size::Small, malice(Malice::scribble),
	       burst(listener, 3, 4), flush())
{
	CHECK_EQ(tally.failed, 0U);
	CHECK_EQ(tally.told, 4U);
}

XEN_BATCH_CASE(scribbled_and_unfinished, Size::Small,
	       malice(Malice::scribble | Malice::stop_short | Malice::fail_whole, 2, 0, 3),
	       burst(listener, 3, 4), defer(), flush())
{
	CHECK_EQ(tally.failed, 2U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(large_values_are_not_failures, Size::Small, malice(Malice::big_values),
	       burst(listener, 0, 3), flush(), malice(Malice::big_values), push(listener, 0, 0),
	       flush())
{
	CHECK_EQ(tally.failed, 0U);
	CHECK_EQ(tally.told, 4U);
}

XEN_BATCH_CASE(failures_that_are_no_errno_become_eio, Size::Small,
	       malice(Malice::no_errno | Malice::fail_all, 0), burst(listener, 0, 2), flush(),
	       malice(Malice::no_errno | Malice::fail_all, 1), burst(listener, 0, 2), flush(),
	       malice(Malice::no_errno | Malice::fail_whole, 1), burst(listener, 0, 2), flush(),
	       malice(Malice::no_errno | Malice::fail_all, 1), push(listener, 0, 0), flush())
{
	CHECK_EQ(tally.failed, 7U);
}

XEN_BATCH_CASE(event_during_a_hypercall_cannot_queue, Size::Small, malice(Malice::call_back),
	       push(linux_c, 0, 8), flush(), malice(Malice::call_back), burst(linux_c, 0, 3),
	       flush())
{
	CHECK_EQ(tally.issued, 4U);
	CHECK_EQ(tally.singles, 1U);
	CHECK_EQ(tally.multicalls, 1U);
}

XEN_BATCH_CASE(failure_in_a_flush_for_room, Size::Small, malice(Malice::fail_entry, 3),
	       burst(listener, 0, 4), defer(), reserve(rival, 0, 8), commit(), flush())
{
	CHECK_EQ(tally.flushed(FlushReason::EntriesFull), 1U);
	CHECK_EQ(tally.failed, 1U);
	CHECK_EQ(tally.issued, 5U);
	CHECK_EQ(tally.callbacks, 1U);
}

XEN_BATCH_CASE(only_the_armed_hypercall_fails, Size::Small, malice(Malice::fail_all, 0, 2),
	       push(linux_c, 0, 0), flush(), burst(linux_c, 0, 2), flush(), burst(linux_c, 0, 3),
	       flush(), burst(linux_c, 0, 4), flush())
{
	CHECK_EQ(tally.failed, 3U);
	CHECK_EQ(tally.issued, 10U);
}

XEN_BATCH_CASE(batch_recovers_after_everything, Size::Small,
	       malice(Malice::fail_whole | Malice::scribble | Malice::call_back),
	       burst(listener, 0, 4), defer(), flush(), push(linux_c, 1, 16),
	       extend_raw(linux_c, 1, 8), reserve(listener, 2, 8), commit_then(), flush())
{
	CHECK_EQ(tally.failed, 4U);
	CHECK_EQ(tally.callbacks, 2U);
	CHECK_EQ(tally.multicalls, 2U);
	CHECK_EQ(tally.extended, 1U);
}

XEN_BATCH_CASE(many_entries_fail_at_the_end, Size::Wide, malice(Malice::fail_entry, 254),
	       burst(linux_c, 0, 255), flush(), malice(Malice::stop_short, 250),
	       burst(listener, 0, 255), flush())
{
	CHECK_EQ(tally.failed, 6U);
	CHECK_EQ(tally.told, 255U);
}

inline constexpr Case all[] = {
	XEN_LIST_BATCH(single_failure_reaches_its_owner),
	XEN_LIST_BATCH(failed_entry_spares_the_others),
	XEN_LIST_BATCH(first_and_last_entry_can_fail),
	XEN_LIST_BATCH(all_entries_can_fail),
	XEN_LIST_BATCH(silent_owner_gets_a_message_only),
	XEN_LIST_BATCH(short_completion_is_seen),
	XEN_LIST_BATCH(nothing_completed_is_seen),
	XEN_LIST_BATCH(old_results_do_not_pass_for_new),
	XEN_LIST_BATCH(whole_failure_fails_every_entry),
	XEN_LIST_BATCH(whole_failure_spares_what_completed),
	XEN_LIST_BATCH(whole_failure_after_all_completed_fails_nothing),
	XEN_LIST_BATCH(scribbled_entries_are_shown_as_issued),
	XEN_LIST_BATCH(unkept_arguments_cost_no_status),
	XEN_LIST_BATCH(scribbled_successes_reach_their_owners),
	XEN_LIST_BATCH(scribbled_and_unfinished),
	XEN_LIST_BATCH(large_values_are_not_failures),
	XEN_LIST_BATCH(failures_that_are_no_errno_become_eio),
	XEN_LIST_BATCH(event_during_a_hypercall_cannot_queue),
	XEN_LIST_BATCH(failure_in_a_flush_for_room),
	XEN_LIST_BATCH(only_the_armed_hypercall_fails),
	XEN_LIST_BATCH(batch_recovers_after_everything),
	XEN_LIST_BATCH(many_entries_fail_at_the_end),
};
inline constexpr Suite suite{"batch_fault", all};

} // namespace xen::cases::batch_fault

#endif
