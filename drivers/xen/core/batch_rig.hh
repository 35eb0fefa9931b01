/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BatchRig - backend and sink of a batch under test, behind one short name.
 *
 * The name is short and the class no template because it becomes part of the names of
 * Batch's functions, and objtool takes no symbol of more than 128 characters.
 */
#ifndef XEN_CORE_BATCH_RIG_HH
#define XEN_CORE_BATCH_RIG_HH

#include <xen/core/batch.hh>

namespace xen {

struct Rig {
	void *self; /* passed to each of these */
	long (*enter)(void *self, unsigned long op, const unsigned long *args);
	long (*enter_many)(void *self, MulticallEntry *list, unsigned int n);
	void (*begin)(void *self, FlushReason why, const BatchFill &fill);
	void (*tell)(void *self, const FailedEntry &what);
	bool keep; /* what keeps_arguments() answers */

	long call(unsigned long op, const unsigned long *args) noexcept
	{
		return enter(self, op, args);
	}
	long multicall(MulticallEntry *list, unsigned int n) noexcept
	{
		return enter_many(self, list, n);
	}
	void flushing(FlushReason why, const BatchFill &fill) noexcept { begin(self, why, fill); }
	void failed(const FailedEntry &what) noexcept { tell(self, what); }
	[[nodiscard]] bool keeps_arguments() const noexcept { return keep; }
};

static_assert(HypercallBackend<Rig> && BatchSink<Rig>);

} // namespace xen

#endif
