// SPDX-License-Identifier: GPL-2.0
/*
 * A hypercall through an area.
 *
 * The caller's argument is copied behind the area's header, where nobody but the kernel
 * writes.  Only there it is looked at: the table of operations (user_call.hh) says where
 * its pointers and their counts are, and each has to lead, with all its elements, into the
 * area's data pages.  The hypervisor then follows the pointers as they are.  The header
 * page is out of their reach: a hypervisor that was made to write the addresses in it
 * would go to any memory afterwards.  Results are copied back around the pointers, so that
 * the caller keeps its own.
 *
 * Locking: one call at a time for each area, as they share the page of the argument.  User
 * memory is touched with that lock held.
 */
#include "area.hh"

#include "area_pointers.hh"
#include "hypercall.hh"
#include "user_memory_glue.h"
#include "xencomm.hh"

namespace xen::ppc {

namespace {

constexpr Errno interrupted{4};

/* The argument in page 0, and the caller's own. */
struct Copy {
	u8 *at;
	u64 user;
	u32 bytes;
};

/* A call's words: those that its kind has, and no other. */
class Words {
public:
	Words(const Signature &signature, const CallArguments &args, u64 handle) noexcept
	{
		for (const u8 index : {signature.number, signature.scalar, signature.counted})
			if (index != no_argument)
				word_[index] = args[index];
		if (signature.structure != no_argument)
			word_[signature.structure] = handle;
	}

	s64 call(XenCall number) const noexcept
	{
		return xen_call(number, word_[0], word_[1], word_[2], word_[3], word_[4]);
	}

private:
	CallArguments word_ = {};
};

Result<void> copy_out(const Copy &copy, u32 from, u32 end) noexcept
{
	if (from < end && xen_glue_area_copy_out(copy.user + from, copy.at + from, end - from) != 0)
		return err::fault;
	return {};
}

/* What the hypervisor left in the argument, all but the pointers. */
Result<void> return_results(const UserOp &op, const Copy &copy) noexcept
{
	if (op.flow == Flow::In)
		return {};
	if (op.pointers.empty())
		return copy_out(copy, 0, copy.bytes);
	for (u32 at = 0; at < copy.bytes;) {
		const u32 pointer = next_pointer(op, at);

		if (const Result<void> done = copy_out(copy, at, pointer); !done)
			return done;
		at = pointer + static_cast<u32>(sizeof(u64));
	}
	return {};
}

/* What a hypervisor must be told of an argument: where it is, in its terms. */
u64 handle_of(const Copy &copy) noexcept
{
	return copy.bytes != 0 ? area_flag | machine_address(linear_address(copy.at)) : 0;
}

/* Where the argument comes from and goes to; E2BIG if there is no room for it. */
Result<Copy> room_for(const xen_area &area, const Argument &argument,
		      const CallArguments &args) noexcept
{
	const u64 head = area_header_bytes(area.nr_pages);

	if (argument.index == no_argument)
		return Copy{nullptr, 0, 0};
	if (argument.bytes > page_size - head)
		return err::toobig;
	return Copy{static_cast<u8 *>(area.page[0]) + head, args[argument.index], argument.bytes};
}

/* The number by which its call knows an operation: an argument, or the structure's first. */
u64 operation_of(XenCall number, const CallArguments &args, const Copy &copy) noexcept
{
	const u8 index = signature_of(number)->number;
	Be<u32> command;

	if (index != no_argument)
		return args[index];
	__builtin_memcpy(&command, copy.at, sizeof(command));
	return command.load();
}

/* Of an operation that no table lets through the process hears, and so does the log. */
Errno refuse(const xen_area_request &request, u64 operation, Errno error) noexcept
{
	if (error == err::nosys || error == err::opnotsupp || error == err::acces)
		xen_glue_user_refused(request.number, operation, error.to_linux());
	return error;
}

/* Fetch, judge, call, return; @area is locked and ready. */
Result<void> perform(xen_area &area, xen_area_request &request) noexcept
{
	const auto number = static_cast<XenCall>(request.number);
	CallArguments args;

	for (u32 i = 0; i < nr_call_arguments; ++i)
		args[i] = request.argument[i];

	const Result<Argument> argument = argument_of(number, args);

	if (!argument)
		return refuse(request, args[0], argument.error());

	const Result<Copy> room = room_for(area, argument.value(), args);

	if (!room)
		return room.error();

	const Copy &copy = room.value();

	if (copy.bytes != 0 && xen_glue_area_copy_in(copy.at, copy.user, copy.bytes) != 0)
		return err::fault;

	const Result<const UserOp *> found = find_user_op(number, args, copy.at);

	if (!found)
		return refuse(request, operation_of(number, args, copy), found.error());

	const UserOp &op = *found.value();
	const Words words{*signature_of(number), args, handle_of(copy)};
	const DataPages data{area.virt_base + page_size, u64{area.nr_pages - 1} << page_shift};

	take_pointers(op, copy.at, xen_glue_area_narrow() != 0);
	if (Question::needed(op, copy.at)) {
		const Question question{op, copy.at};

		request.result = words.call(number);
		if (request.result != 0)
			return {};
	}
	if (const Result<void> confined = confine(op, copy.at, data); !confined)
		return confined;
	request.result = words.call(number);
	return return_results(op, copy);
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

int xen_area_call(xen_area *area, xen_area_request *request) noexcept
{
	if (request->flags != 0)
		return xen::err::inval.to_linux();
	if (!area_ready(*area))
		return xen::err::nxio.to_linux();
	if (area->owner != xen_glue_area_caller())
		return xen::err::perm.to_linux();
	if (xen_glue_area_lock(area) != 0)
		return interrupted.to_linux();

	const xen::Result<void> done = perform(*area, *request);

	xen_glue_area_unlock(area);
	return done.to_linux();
}
