/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a batch program checks beside the outcome of its operations.
 */
#ifndef XEN_CORE_BATCH_PROGRAM_CHECKS_HH
#define XEN_CORE_BATCH_PROGRAM_CHECKS_HH

#include "batch_program_steps.hh"

namespace xen::cases {

/* Try everything with a batch that must refuse it. */
template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::meddle() noexcept
{
	/* A batch that does not refuse would call us for ever. */
	if (meddling_)
		return;
	meddling_ = true;

	Context &cx = *cx_;
	const int busy = err::busy.to_linux();
	const unsigned long op = model_.entries() > 0 ? model_.last().op : 1;
	const Owner &owner = model_.entries() > 0 ? *model_.last().owner : owners[0];
	const BatchFill before = batch_.fill_level();
	Token &intruder = intruder_ = {this, ~0U};

	CHECK_EQ(batch_.push(owner, &intruder, 0, rig_, rig_).status().to_linux(), busy);
	CHECK_EQ(batch_.push(owner, &intruder, A + 1, rig_, rig_).status().to_linux(), busy);
	CHECK(batch_.try_push(owner, &intruder, 0).entry == nullptr);
	CHECK_EQ(batch_.reserve(owner, &intruder, 8, rig_, rig_).status().to_linux(), busy);
	CHECK_EQ(batch_.extend(owner, op, 0).status().to_linux(), busy);
	CHECK_EQ(batch_.extend_raw(owner, op, 0).status().to_linux(), busy);
	CHECK_EQ(batch_.defer(callback, &intruder, rig_, rig_).to_linux(), busy);
	CHECK_EQ(batch_.flush(rig_, rig_).status().to_linux(), busy);

	const BatchFill after = batch_.fill_level();

	CHECK_EQ(after.entries, before.entries);
	CHECK_EQ(after.arg_bytes, before.arg_bytes);
	CHECK_EQ(after.callbacks, before.callbacks);
	meddling_ = false;
}

/* The entry that @wish becomes; its arguments say where its bytes are. */
template <unsigned int E, unsigned int A, unsigned int C>
ModelEntry BatchProgram<E, A, C>::describe(const Wish &wish, std::byte *args,
					   void *who) const noexcept
{
	ModelEntry entry{};

	entry.serial = serial_;
	entry.op = wish.op;
	entry.args[0] = reinterpret_cast<std::uintptr_t>(args);
	entry.args[1] = wish.size;
	entry.args[2] = serial_;
	for (unsigned int arg = 3; arg < 6; ++arg)
		entry.args[arg] = ~0UL - serial_ * 8UL - arg;
	entry.bytes = args;
	entry.size = wish.size;
	entry.owner = &wish.owner;
	entry.who = who;
	return entry;
}

/* Argument bytes lie in the batch's own memory, new ones aligned. */
template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::check_place(const std::byte *args, std::size_t size,
					bool aligned) noexcept
{
	Context &cx = *cx_;
	const auto begin = reinterpret_cast<std::uintptr_t>(&batch_);
	const auto at = reinterpret_cast<std::uintptr_t>(args);

	CHECK(at >= begin && at - begin <= sizeof(batch_) && size <= sizeof(batch_) - (at - begin));
	if (aligned)
		CHECK_EQ(at % Queue::arg_alignment, 0U);
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::write_pattern(const ModelEntry &entry, std::byte *at, std::size_t from,
					  std::size_t size) noexcept
{
	for (std::size_t i = 0; i < size; ++i)
		at[i] = BatchModel<E, A, C>::pattern(entry.serial, from + i);
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::compare_level() noexcept
{
	Context &cx = *cx_;
	const BatchFill fill = batch_.fill_level();

	CHECK_EQ(fill.entries, model_.entries());
	CHECK_EQ(fill.arg_bytes, model_.used());
	CHECK_EQ(fill.callbacks, model_.callbacks());
	CHECK_EQ(batch_.empty(), model_.entries() == 0 && model_.callbacks() == 0);
}

template <unsigned int E, unsigned int A, unsigned int C>
void BatchProgram<E, A, C>::compare_counters() noexcept
{
	Context &cx = *cx_;
	const BatchCounters seen = batch_.counters().snapshot();
	unsigned long flushes = 0;
	unsigned long last = 0;

	for (const unsigned int reason : tally_.flushes)
		flushes += reason;
	CHECK_EQ(seen.flushes(), flushes);
	CHECK_EQ(seen.singles(), tally_.singles);
	CHECK_EQ(seen.multicalls(), tally_.multicalls);
	CHECK_EQ(seen.empty(), flushes - tally_.singles - tally_.multicalls);
	CHECK_EQ(seen.entries, tally_.issued);
	CHECK_EQ(seen.failed, tally_.failed);
	CHECK_EQ(seen.callbacks, tally_.callbacks);
	CHECK_EQ(seen.largest, tally_.largest);
	CHECK_EQ(tally_.messages, tally_.failed);
	for (unsigned int i = 0; i < BatchCounters::buckets; ++i)
		if (seen.histogram[i] != 0)
			last = i;
	if (flushes > 0)
		CHECK_EQ(last, BatchCounters::bucket(tally_.largest));
}

} // namespace xen::cases

#endif
