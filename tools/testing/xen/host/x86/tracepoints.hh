/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Listening to the units' tracepoints, as the kernel lets somebody do it.
 *
 * Compiled once for each kind of build: with jump labels every site that belongs to
 * the tracepoint's key is found in __jump_table and patched, no-op to jump and back,
 * so that a wrong record is seen; without them the key is set.
 */
#ifndef HOST_X86_TRACEPOINTS_HH
#define HOST_X86_TRACEPOINTS_HH

namespace host {

/* In the order of static_key's users in multicall.cc; all: every one of them. */
enum class Event { Flush, FlushReason, EntryAlloc, ExtendArgs, Callback };
inline constexpr int event_count = 5;

/** listen - switch a tracepoint on or off; returns how many call sites it has */
int listen(Event event, bool on);

/* Facts of this build. */
extern const bool has_jump_labels;
extern const bool has_preempt_count;

} // namespace host

#endif
