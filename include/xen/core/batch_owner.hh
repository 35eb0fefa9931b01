/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owner - whom an entry of a multicall batch belongs to.
 *
 * A batch mixes the entries of many callers and is flushed by whichever comes
 * last: so each entry carries its owner, which is told what became of it, and a
 * failure's message names whoever queued the entry, not whoever flushed it.
 */
#ifndef XEN_CORE_BATCH_OWNER_HH
#define XEN_CORE_BATCH_OWNER_HH

#include <cstdint>

#include <xen/core/abi.hh>
#include <xen/core/result.hh>

namespace xen {

/**
 * struct Owner - a user of the batch; one constinit object each, never destroyed
 * @name: what messages call it
 * @kind: what an entry's @who is
 * @done: told the fate of each entry after the batch was issued, in the order of
 *	queueing, before any callback; null when the owner does not care.
 *	@who: as given with the entry
 *	@entry: as it was issued (Batch::kept_args says how far), result as Xen left it
 *	@status: Xen's value, or why the entry failed
 *	Runs with the batch draining: using the batch from here gets EBUSY.
 */
struct Owner {
	enum class Kind : std::uint8_t {
		Unit,	     /* @who: an object of the unit, or null */
		CodeAddress, /* @who: return address of the C caller, printed as a symbol */
	};
	using Done = void (*)(void *who, const MulticallEntry &entry, Result<long> status);

	const char *name;
	Kind kind;
	Done done;
};

/**
 * struct FailedEntry - all there is to say about an entry that failed
 * @index: place in its batch, from 0
 * @total: entries in that batch
 * @entry: op and the first Batch::kept_args arguments as they were issued
 * @owner: whose it is
 * @who: given with the entry
 * @error: why
 */
struct FailedEntry {
	unsigned int index;
	unsigned int total;
	const MulticallEntry &entry;
	const Owner &owner;
	void *who;
	Errno error;
};

} // namespace xen

#endif
