/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BatchSlot, BatchExtension - guards over a piece of a batch that is being filled.
 *
 * While a guard is open the batch refuses everything else with EBUSY, a flush too,
 * so Xen never sees the half-filled piece.  A guard that dies without commit() gives
 * the piece back: nothing of it is ever issued.  Neither outlives its batch, nor
 * leaves the CPU or the interrupts-off section it was made in.
 */
#ifndef XEN_CORE_BATCH_SLOT_HH
#define XEN_CORE_BATCH_SLOT_HH

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include <xen/core/abi.hh>
#include <xen/core/contract.hh>

namespace xen {

namespace detail {

/* The memory of both guards: an entry, argument bytes, and the duty to close. */
template <class Batch> class BatchGuard {
public:
	BatchGuard(const BatchGuard &) = delete;
	BatchGuard &operator=(const BatchGuard &) = delete;
	BatchGuard &operator=(BatchGuard &&) = delete;

	/** entry - the entry to fill; valid until commit() */
	[[nodiscard]] MulticallEntry &entry() const noexcept { return *entry_; }

	/** args - the argument bytes reserved; what they held before is unspecified */
	[[nodiscard]] std::span<std::byte> args() const noexcept { return {args_, bytes_}; }

	/** records - the argument bytes as an array of @T, as many as fit */
	template <class T> [[nodiscard]] std::span<T> records() const noexcept
	{
		static_assert(std::is_trivially_copyable_v<T> &&
			      alignof(T) <= Batch::arg_alignment);
		return {reinterpret_cast<T *>(args_), bytes_ / sizeof(T)};
	}

protected:
	BatchGuard(Batch &queue, MulticallEntry *filled, std::byte *bytes,
		   std::size_t size) noexcept
		: batch_(&queue), entry_(filled), args_(bytes), bytes_(size)
	{
	}
	BatchGuard(BatchGuard &&from) noexcept
		: batch_(std::exchange(from.batch_, nullptr)), entry_(from.entry_),
		  args_(from.args_), bytes_(from.bytes_)
	{
	}
	~BatchGuard() noexcept
	{
		if (batch_ != nullptr)
			batch_->close();
	}

	/* Hand the batch over to a commit: the guard is closed afterwards. */
	Batch &take() noexcept
	{
		contract(batch_ != nullptr, "a batch guard is committed once");
		return *std::exchange(batch_, nullptr);
	}

	std::size_t size() const noexcept { return bytes_; }

private:
	Batch *batch_;
	MulticallEntry *entry_;
	std::byte *args_;
	std::size_t bytes_;
};

} // namespace detail

/** class BatchSlot - a new entry with its argument bytes, 8-byte aligned */
template <class Batch> class [[nodiscard]] BatchSlot : public detail::BatchGuard<Batch> {
	friend Batch;
	using Guard = detail::BatchGuard<Batch>;
	using Guard::Guard;

public:
	/**
	 * fill - set the entry's hypercall and arguments
	 * @call: which hypercall
	 * @args: at most six, each convertible to unsigned long; the rest stay unset
	 */
	template <std::convertible_to<unsigned long>... Args>
	void fill(Hypercall call, Args... args) noexcept
	{
		static_assert(sizeof...(Args) <= 6);
		MulticallEntry &entry = this->entry();
		[[maybe_unused]] unsigned int i = 0;

		entry.op = number_of(call);
		((entry.args[i++] = static_cast<unsigned long>(args)), ...);
	}

	/** commit - the entry is complete and belongs to the batch from now on */
	void commit() noexcept
	{
		Batch &batch = this->take();

		batch.count_entry(this->size());
		batch.close();
	}

	/**
	 * commit - the same, with something to run after the batch was issued
	 * @fn: run exactly once, in order with all other callbacks, whatever failed
	 * @data: passed to @fn
	 */
	void commit(void (*fn)(void *data), void *data) noexcept
	{
		Batch &batch = this->take();

		batch.count_entry(this->size());
		batch.count_callback(fn, data);
		batch.close();
	}
};

/**
 * class BatchExtension - more argument bytes for the last entry
 *
 * args() are the new bytes only; they follow the entry's old ones without a gap.
 * Change the entry (its count of records) after the records are written, right
 * before commit(): a change made and then dropped stays in the entry.
 */
template <class Batch> class [[nodiscard]] BatchExtension : public detail::BatchGuard<Batch> {
	friend Batch;
	using Guard = detail::BatchGuard<Batch>;
	using Guard::Guard;

public:
	/** commit - the added bytes belong to the entry from now on */
	void commit() noexcept
	{
		Batch &batch = this->take();

		batch.count_extension(this->size());
		batch.close();
	}
};

} // namespace xen

#endif
