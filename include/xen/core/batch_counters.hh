/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BatchCounters - what a CPU's multicall batch did since boot.
 *
 * Counted in the flush only, with as few additions as possible: what a histogram of
 * batch sizes already tells (flushes, single calls, multicalls) is derived from it.
 * Written by the owning CPU alone, without atomics; another CPU reads by snapshot(),
 * whose words are whole but may be of different ages.  Words wrap.
 */
#ifndef XEN_CORE_BATCH_COUNTERS_HH
#define XEN_CORE_BATCH_COUNTERS_HH

#include <cstddef>
#include <type_traits>

namespace xen {

struct BatchCounters {
	/* Sizes 0, 1, 2, 3-4, 5-8, 9-16, 17-32, 33-64, 65-128, 129-256, 257-512. */
	static constexpr unsigned int buckets = 11;
	static constexpr unsigned int largest_counted = 512;

	unsigned long entries;		  /* issued, alone or in a multicall */
	unsigned long failed;		  /* of these */
	unsigned long callbacks;	  /* run */
	unsigned long largest;		  /* most entries in one batch */
	unsigned long histogram[buckets]; /* flushes by number of entries */

	/** bucket - histogram slot of a batch of @n entries, n <= 512 */
	[[nodiscard]] static constexpr unsigned int bucket(unsigned int n) noexcept
	{
		if (n < 2)
			return n;
		return static_cast<unsigned int>(33 - __builtin_clz(n - 1));
	}

	/** smallest - the fewest entries counted in @bucket */
	[[nodiscard]] static constexpr unsigned int smallest(unsigned int bucket) noexcept
	{
		return bucket < 3 ? bucket : (1U << (bucket - 2)) + 1;
	}

	/** flushed - count a batch of @n entries and @ran callbacks */
	constexpr void flushed(unsigned int n, unsigned int ran) noexcept
	{
		++histogram[bucket(n)];
		entries += n;
		callbacks += ran;
		if (n > largest)
			largest = n;
	}

	/* Flushes that issued nothing. */
	[[nodiscard]] constexpr unsigned long empty() const noexcept { return histogram[0]; }
	/* Batches of one entry, issued as a plain hypercall. */
	[[nodiscard]] constexpr unsigned long singles() const noexcept { return histogram[1]; }
	/* Batches issued as one multicall. */
	[[nodiscard]] constexpr unsigned long multicalls() const noexcept
	{
		unsigned long sum = 0;

		for (unsigned int i = 2; i < buckets; ++i)
			sum += histogram[i];
		return sum;
	}
	/* All flushes, those of nothing included. */
	[[nodiscard]] constexpr unsigned long flushes() const noexcept
	{
		return empty() + singles() + multicalls();
	}

	/** snapshot - a copy for a CPU that does not own the counters; any context */
	[[nodiscard]] BatchCounters snapshot() const noexcept
	{
		const auto once = [](const unsigned long &word) noexcept {
			return *static_cast<const volatile unsigned long *>(&word);
		};
		BatchCounters copy{once(entries), once(failed), once(callbacks), once(largest), {}};

		for (unsigned int i = 0; i < buckets; ++i)
			copy.histogram[i] = once(histogram[i]);
		return copy;
	}
};

static_assert(std::is_trivial_v<BatchCounters>, "all-zero memory is a fresh set of counters");
static_assert(BatchCounters::bucket(2) == 2 && BatchCounters::bucket(3) == 3);
static_assert(BatchCounters::bucket(4) == 3 && BatchCounters::bucket(5) == 4);
static_assert(BatchCounters::bucket(BatchCounters::largest_counted) == BatchCounters::buckets - 1);
static_assert(BatchCounters::smallest(3) == 3 && BatchCounters::smallest(4) == 5);

} // namespace xen

#endif
