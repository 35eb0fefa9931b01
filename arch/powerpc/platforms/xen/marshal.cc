// SPDX-License-Identifier: GPL-2.0
/* A hypercall of user space, from its numbers to what comes back: marshal.hh. */
#include "marshal.hh"

#include "hypercall.hh"
#include "marshal_call.hh"

namespace xen::ppc {

namespace {

constexpr u8 none = no_argument;

} // namespace

/* Of an operation that is in no table the process hears, and so does the log. */
Errno UserCall::refuse(Errno error) const noexcept
{
	if (error == err::nosys || error == err::opnotsupp || error == err::acces)
		xen_glue_user_refused(static_cast<u64>(signature_.call),
				      signature_.number != none ? args_[signature_.number]
								: load_field<u32>(copy_.at(), 0),
				      error.to_linux());
	return error;
}

/* Only what the call takes reaches the hypervisor, and no address of the process's. */
s64 UserCall::enter(u32 structures) noexcept
{
	u64 word[3] = {};

	if (signature_.number != none)
		word[signature_.number] = args_[signature_.number];
	if (signature_.scalar != none)
		word[signature_.scalar] = args_[signature_.scalar];
	if (signature_.counted != none)
		word[signature_.counted] = structures;
	if (structures != 0 && signature_.structure != none)
		word[signature_.structure] = inline_flag | copy_.address();
	entered_ = true;
	return xen_call(signature_.call, word[0], word[1], word[2]);
}

s64 UserCall::numbers_only() noexcept
{
	const Result<const UserOp *> op = find_user_op(signature_.call, args_, nullptr);

	return op ? judge(*op.value(), enter(0)) : refuse(op.error()).to_linux();
}

/* One piece after the other; the first that fails ends it. */
s64 UserCall::with_structures(const Argument &argument) noexcept
{
	const u64 from = compat_ ? static_cast<u32>(args_[argument.index]) : args_[argument.index];
	u32 left = 1;

	if (signature_.counted != none)
		left = static_cast<u32>(args_[signature_.counted]);
	if (left == 0)
		return numbers_only();
	if (const Result<void> room = copy_.alloc(); !room)
		return room.error().to_linux();

	const u32 each = argument.bytes / left;
	u64 at = from;

	for (;;) {
		const u32 now = left < signature_.at_once ? left : signature_.at_once;

		if (signature_.counted != none)
			args_[signature_.counted] = now;

		const s64 status = piece(at, each * now, now);

		left -= now;
		at += u64{each} * now;
		if (status != 0 || left == 0)
			return status;
		if (xen_glue_user_pause() != 0)
			return interrupted.to_linux();
	}
}

/* The one place where the process's structure is read, and where it is written. */
s64 UserCall::piece(u64 from, u32 bytes, u32 structures) noexcept
{
	if (xen_glue_user_read(copy_.at(), from, bytes) != 0)
		return err::fault.to_linux();

	const Result<const UserOp *> op = find_user_op(signature_.call, args_, copy_.at());

	if (!op)
		return refuse(op.error()).to_linux();
	entered_ = false;

	const s64 status = perform(*op.value(), structures);

	if (entered_ && op.value()->flow != Flow::In &&
	    xen_glue_user_write(from, copy_.at(), bytes) != 0)
		return err::fault.to_linux();
	return status;
}

s64 marshal(XenCall call, const CallArguments &args, bool compat) noexcept
{
	const Result<Argument> argument = argument_of(call, args);

	if (!argument) {
		if (argument.error() == err::nosys || argument.error() == err::opnotsupp)
			xen_glue_user_refused(static_cast<u64>(call), args[0],
					      argument.error().to_linux());
		return argument.error().to_linux();
	}

	UserCall made{*signature_of(call), args, compat};

	return argument.value().index == none ? made.numbers_only()
					      : made.with_structures(argument.value());
}

} // namespace xen::ppc
