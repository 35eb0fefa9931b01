/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The operations of a batch program: predict from the model, do, compare.
 */
#ifndef XEN_CORE_BATCH_PROGRAM_STEPS_HH
#define XEN_CORE_BATCH_PROGRAM_STEPS_HH

#include "batch_program.hh"

namespace xen::cases {

template <unsigned int E, unsigned int A, unsigned int C>
auto BatchProgram<E, A, C>::read_wish(Tape &tape) noexcept -> Wish
{
	const Owner &owner = owners[tape.next() % 4];
	const unsigned long op = 1UL + tape.next() % 4;
	const unsigned int size = tape.next();

	if (size < first_special)
		return {owner, op, size};
	return {owner, op, special[(size - first_special) % specials]};
}

/* Also shows that zeroed memory is a valid empty batch. */
template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::start(Context &cx) noexcept
{
	cx_ = &cx;
	serial_ = callback_serial_ = 0;
	rig_ = {this, enter, enter_many, begin, tell, true};
	tally_ = {};
	__builtin_memset(static_cast<void *>(&batch_), 0, sizeof(batch_));
	__builtin_memset(static_cast<void *>(&model_), 0, sizeof(model_));
	compare_level();
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::step(Tape &tape) noexcept
{
	switch (static_cast<Step>(tape.next() % static_cast<unsigned int>(Step::Count))) {
	case Step::Push:
		push(read_wish(tape));
		break;
	case Step::TryPush:
		try_push(read_wish(tape));
		break;
	case Step::Reserve:
		reserve(read_wish(tape));
		break;
	case Step::Commit:
		commit(false);
		break;
	case Step::CommitThen:
		commit(true);
		break;
	case Step::Drop:
		drop();
		break;
	case Step::Extend:
		extend(read_wish(tape));
		break;
	case Step::ExtendRaw:
		extend_raw(read_wish(tape));
		break;
	case Step::Defer:
		defer();
		break;
	case Step::Flush:
		flush();
		break;
	case Step::Malice: {
		Malice malice{};

		malice.ways = tape.next();
		malice.skip = tape.next() % 4;
		malice.at = tape.next();
		malice.error = 1 + tape.next() * 16;
		live_->hypervisor.arm(malice);
		break;
	}
	case Step::Burst: {
		const Owner &owner = owners[tape.next() % 4];
		const unsigned long op = 1UL + tape.next() % 4;

		for (unsigned int left = tape.next(); left > 0; --left)
			push({owner, op, 0});
		break;
	}
	case Step::Move:
		move_guard();
		break;
	case Step::Keep:
		rig_.keep = tape.next() % 2 != 0;
		break;
	case Step::Count:
		break;
	}
	compare_level();
}

template <unsigned int E, unsigned int A, unsigned int C>
int BatchProgram<E, A, C>::predict_queueing(std::size_t size, bool needs_callback) noexcept
{
	model_.forbid_flush();
	if (guarded())
		return err::busy.number();
	if (size > A)
		return err::toobig.number();
	if (model_.entries() == E)
		model_.allow_flush(FlushReason::EntriesFull);
	else if (!model_.room_for(size))
		model_.allow_flush(FlushReason::ArgsFull);
	else if (needs_callback && model_.callbacks() == C)
		model_.allow_flush(FlushReason::CallbacksFull);
	else
		return 0;
	return -1;
}

template <unsigned int E, unsigned int A, unsigned int C>
int BatchProgram<E, A, C>::predict_extension(const Wish &wish) noexcept
{
	model_.forbid_flush();
	if (guarded())
		return err::busy.number();
	if (model_.entries() == 0 || model_.last().op != wish.op)
		return err::inval.number();
	if (model_.last().owner != &wish.owner)
		return err::perm.number();
	return model_.room_behind(wish.size) ? 0 : err::nospc.number();
}

/* @predicted: an errno's number, 0 for success, -1 for success after a flush. */
template <unsigned int E, unsigned int A, unsigned int C>
bool BatchProgram<E, A, C>::as_predicted(int predicted, const Result<void> &status) noexcept
{
	Context &cx = *cx_;

	if (predicted < 0 && CHECK(model_.flush_seen()))
		model_.flushed(cx);
	if (predicted <= 0)
		return CHECK_EQ(status.to_linux(), 0);
	CHECK_EQ(status.to_linux(), -predicted);
	tally_.busy += predicted == err::busy.number();
	tally_.toobig += predicted == err::toobig.number();
	tally_.bad_op += predicted == err::inval.number();
	tally_.bad_owner += predicted == err::perm.number();
	tally_.no_space += predicted == err::nospc.number();
	return false;
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::push(const Wish &wish) noexcept
{
	const int predicted = predict_queueing(wish.size, false);
	Token &token = next_token();
	const Result<RawSlot> made = batch_.push(wish.owner, &token, wish.size, rig_, rig_);

	if (as_predicted(predicted, made.status()))
		fill(wish, made.value(), token);
}

/* Never flushes, and leaves no trace when there is no room. */
template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::try_push(const Wish &wish) noexcept
{
	Context &cx = *cx_;
	const bool room = predict_queueing(wish.size, false) == 0;
	Token &token = next_token();

	model_.forbid_flush();

	const RawSlot raw = batch_.try_push(wish.owner, &token, wish.size);

	CHECK_EQ(raw.entry != nullptr, room);
	if (raw.entry != nullptr)
		fill(wish, raw, token);
	else
		++tally_.no_room;
}

/* An entry as C callers fill it: after it counts as queued. */
template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::fill(const Wish &wish, const RawSlot &raw, Token &token) noexcept
{
	const ModelEntry entry = describe(wish, raw.args, &token);

	check_place(raw.args, wish.size, true);
	raw.entry->op = entry.op;
	for (unsigned int arg = 0; arg < 6; ++arg)
		raw.entry->args[arg] = entry.args[arg];
	write_pattern(entry, raw.args, 0, wish.size);
	model_.queue(entry);
	++serial_;
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::reserve(const Wish &wish) noexcept
{
	Context &cx = *cx_;
	const int predicted = predict_queueing(wish.size, true);
	Token &token = next_token();
	Result<typename Queue::Slot> made =
		batch_.reserve(wish.owner, &token, wish.size, rig_, rig_);

	if (!as_predicted(predicted, made.status()))
		return;

	auto &slot = live_->slot.emplace(std::move(made).value());

	meddle();
	CHECK_EQ(slot.args().size(), wish.size);
	CHECK_EQ(slot.template records<std::uint64_t>().size(), wish.size / 8);
	check_place(slot.args().data(), wish.size, true);
	pending_ = describe(wish, slot.args().data(), &token);
	slot.fill(static_cast<Hypercall>(pending_.op), pending_.args[0], pending_.args[1],
		  pending_.args[2], pending_.args[3], pending_.args[4], pending_.args[5]);
	write_pattern(pending_, slot.args().data(), 0, wish.size);
	++serial_;
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::extend(const Wish &wish) noexcept
{
	Context &cx = *cx_;
	const int predicted = predict_extension(wish);
	Result<typename Queue::Extension> made = batch_.extend(wish.owner, wish.op, wish.size);

	if (!as_predicted(predicted, made.status()))
		return;

	auto &extension = live_->extension.emplace(std::move(made).value());
	const ModelEntry &last = model_.last();

	meddle();
	CHECK_EQ(extension.args().size(), wish.size);
	CHECK_EQ(extension.args().data(), last.bytes + last.size);
	check_place(extension.args().data(), wish.size, false);
	CHECK_EQ(extension.entry().args[2], last.args[2]);
	write_pattern(last, extension.args().data(), last.size, wish.size);
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::extend_raw(const Wish &wish) noexcept
{
	Context &cx = *cx_;
	const int predicted = predict_extension(wish);
	const Result<RawSlot> made = batch_.extend_raw(wish.owner, wish.op, wish.size);

	if (!as_predicted(predicted, made.status()))
		return;

	const RawSlot raw = made.value();
	ModelEntry &last = model_.last();

	CHECK_EQ(raw.args, last.bytes + last.size);
	CHECK_EQ(raw.entry->args[2], last.args[2]);
	check_place(raw.args, wish.size, false);
	write_pattern(last, raw.args, last.size, wish.size);
	last.size += wish.size;
	raw.entry->args[1] = last.args[1] = last.size;
	++tally_.extended;
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::commit(bool with_callback) noexcept
{
	if (live_->slot) {
		if (with_callback) {
			live_->slot->commit(callback, &next_callback());
			model_.queue_callback(callback_serial_++);
		} else {
			live_->slot->commit();
		}
		live_->slot.reset();
		model_.queue(pending_);
	} else if (live_->extension) {
		ModelEntry &last = model_.last();

		last.size += live_->extension->args().size();
		live_->extension->entry().args[1] = last.args[1] = last.size;
		live_->extension->commit();
		live_->extension.reset();
		++tally_.extended;
	}
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::drop() noexcept
{
	tally_.dropped += guarded();
	live_->slot.reset();
	live_->extension.reset();
	compare_level();
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::move_guard() noexcept
{
	if (live_->slot) {
		typename Queue::Slot moved{*std::move(live_->slot)};

		live_->slot.reset();
		meddle();
		live_->slot.emplace(std::move(moved));
	}
	if (live_->extension) {
		typename Queue::Extension moved{*std::move(live_->extension)};

		live_->extension.reset();
		meddle();
		live_->extension.emplace(std::move(moved));
	}
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::defer() noexcept
{
	int predicted = 0;

	model_.forbid_flush();
	if (guarded()) {
		predicted = err::busy.number();
	} else if (model_.callbacks() == C) {
		model_.allow_flush(FlushReason::CallbacksFull);
		predicted = -1;
	}
	if (as_predicted(predicted, batch_.defer(callback, &next_callback(), rig_, rig_)))
		model_.queue_callback(callback_serial_++);
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::flush() noexcept
{
	Context &cx = *cx_;

	model_.forbid_flush();
	if (guarded()) {
		as_predicted(err::busy.number(), batch_.flush(rig_, rig_).status());
		return;
	}
	model_.allow_flush(FlushReason::Asked);

	const Result<unsigned int> flushed = batch_.flush(rig_, rig_);

	if (CHECK(flushed.ok()) && CHECK(model_.flush_seen()))
		CHECK_EQ(flushed.value(), model_.flushed(cx));
}

} // namespace xen::cases

#include "batch_program_checks.hh"

#endif
