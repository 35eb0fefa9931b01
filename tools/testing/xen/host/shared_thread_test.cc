// SPDX-License-Identifier: GPL-2.0
/*
 * Shared memory with somebody writing it: a snapshot holds still, and single-word
 * operations lose nothing.
 */
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <xen/core/shared.hh>

namespace {

using namespace xen;

struct Record {
	std::uint64_t word[8];
};

constexpr std::uint64_t pattern(unsigned int turn, unsigned int i)
{
	return (turn % 2 != 0 ? 0xffffffff00000000ULL : 0x00000000ffffffffULL) ^ i;
}

/* Every word of a copy is one that was written, and the copy does not change later. */
TEST(SharedThreads, SnapshotReadsWholeWordsOnce)
{
	static Record live;
	std::atomic<bool> stop{false};
	std::thread writer([&] {
		for (unsigned int turn = 0; !stop; ++turn)
			for (unsigned int i = 0; i < 8; ++i)
				__atomic_store_n(&live.word[i], pattern(turn, i), __ATOMIC_RELAXED);
	});
	const auto &shared = reinterpret_cast<const Shared<Record> &>(live);
	unsigned int wrong = 0;

	for (unsigned int round = 0; round < 50000; ++round) {
		const Record seen = shared.snapshot();

		for (unsigned int i = 0; i < 8; ++i) {
			const std::uint64_t word = seen.word[i];

			wrong += word != pattern(0, i) && word != pattern(1, i) && word != 0;
			wrong += word != seen.word[i];
		}
	}
	stop = true;
	writer.join();
	EXPECT_EQ(wrong, 0U);
}

TEST(SharedThreads, ConcurrentBitsAreNotLost)
{
	static Shared<std::uint64_t> word;
	std::atomic<std::uint64_t> taken{0};
	std::thread setter([&] {
		for (unsigned int i = 0; i < 32000; ++i) {
			const std::uint64_t bit = 1ULL << (i % 64);

			while ((word.fetch_or(bit) & bit) != 0)
				std::this_thread::yield();
		}
		taken.fetch_or(1ULL << 63);
	});
	std::uint64_t seen = 0;

	while ((taken.load() >> 63) == 0 || word.load() != 0) {
		const std::uint64_t bits = word.exchange(0);

		seen += static_cast<std::uint64_t>(__builtin_popcountll(bits));
		if (bits == 0)
			std::this_thread::yield();
	}
	setter.join();
	EXPECT_EQ(seen, 32000U);
}

} // namespace
