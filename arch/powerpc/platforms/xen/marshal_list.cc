// SPDX-License-Identifier: GPL-2.0
/*
 * Operations with pointers in their structure: handles instead, in one entry to the
 * hypervisor or in as many as the lists are long.
 */
#include "marshal_call.hh"

namespace xen::ppc {

s64 UserCall::perform(const UserOp &op, u32 structures) noexcept
{
	if (op.pointers.empty())
		return judge(op, enter(structures));
	if (const Result<void> asked = ask(op); !asked)
		return asked.error().to_linux();
	for (u32 i = 0; i < op.pointers.size(); ++i)
		if (const Result<void> found =
			    pointers_[i].find(op.pointers[i], copy_.at(), compat_, op.divisible);
		    !found)
			return found.error().to_linux();

	const s64 status = op.divisible ? parts(op) : whole(op);

	for (u32 i = 0; i < op.pointers.size(); ++i)
		pointers_[i].restore(copy_.at());
	return status;
}

/*
 * An operation that writes all it has, however much room there is: it is asked first,
 * without pointers, and leaves the counts in the copy.
 */
Result<void> UserCall::ask(const UserOp &op) noexcept
{
	if (op.ask_at == 0)
		return {};

	u8 *const structure = copy_.at();
	const u32 asked_for = load_field<u32>(structure, op.ask_at);
	u64 written[max_pointers];
	bool wanted = false;

	for (u32 i = 0; i < op.pointers.size(); ++i) {
		written[i] = load_field<u64>(structure, op.pointers[i].at);
		wanted = wanted || written[i] != 0;
		store_field<u64>(structure, op.pointers[i].at, 0);
	}

	s64 status = 0;

	if (wanted) {
		store_field(structure, op.ask_at, op.ask_as);
		status = enter(1);
		store_field(structure, op.ask_at, asked_for);
	}
	for (u32 i = 0; i < op.pointers.size(); ++i)
		store_field(structure, op.pointers[i].at, written[i]);
	return status < 0 ? Result<void>{Errno::from_xen(status)} : Result<void>{};
}

/* Handles in place of the pointers; what is held after an error, the caller lets go. */
Result<void> UserCall::describe(const UserOp &op, u64 done, u64 count, bool all) noexcept
{
	for (u32 i = 0; i < op.pointers.size(); ++i) {
		UserPointer &one = pointers_[i];
		const Result<u64> handle = one.handle(done, all ? one.elements() : count);

		if (!handle)
			return handle.error();
		store_field(copy_.at(), op.pointers[i].at, handle.value());
	}
	return {};
}

void UserCall::let_go(const UserOp &op) noexcept
{
	for (u32 i = 0; i < op.pointers.size(); ++i)
		pointers_[i].release();
}

s64 UserCall::whole(const UserOp &op) noexcept
{
	const Result<void> described = describe(op, 0, 0, true);
	const s64 status = described ? judge(op, enter(1)) : described.error().to_linux();

	let_go(op);
	return status;
}

/* All pointers share one count. */
s64 UserCall::parts(const UserOp &op) noexcept
{
	const Pointer &row = op.pointers[0];
	const u64 total = pointers_[0].elements();
	u64 done = 0, sum = 0;
	s64 status;

	for (;;) {
		u64 now = total - done;

		for (u32 i = 0; i < op.pointers.size(); ++i)
			if (const u64 fits = pointers_[i].fits(done); fits < now)
				now = fits;
		if (row.count_bytes == 8)
			store_field<u64>(copy_.at(), row.count_at, now);
		else
			store_field(copy_.at(), row.count_at, static_cast<u32>(now));

		const Result<void> described = describe(op, done, now, false);

		status = described ? judge(op, enter(1)) : described.error().to_linux();
		let_go(op);
		/* More than was asked for is no answer. */
		if (status > 0 && static_cast<u64>(status) > now)
			status = err::io.to_linux();
		if (status < 0)
			break;
		sum += static_cast<u64>(status);
		done += now;
		if (done == total || (op.counts && static_cast<u64>(status) < now))
			break;
		if (xen_glue_user_pause() != 0) {
			status = interrupted.to_linux();
			break;
		}
	}
	if (row.count_bytes == 8)
		store_field<u64>(copy_.at(), row.count_at, total);
	else
		store_field(copy_.at(), row.count_at, static_cast<u32>(total));
	return status < 0 && sum == 0 ? status : static_cast<s64>(sum);
}

} // namespace xen::ppc
