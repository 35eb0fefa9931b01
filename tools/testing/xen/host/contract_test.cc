// SPDX-License-Identifier: GPL-2.0
/*
 * Broken contracts stop the program, say what broke and blame the right line.
 * Only here: a kernel would stop with them.
 */
#include <optional>

#include <gtest/gtest.h>

#include <xen/core/batch.hh>
#include <xen/core/bits.hh>
#include <xen/core/frame_range.hh>
#include <xen/core/result.hh>

#include "cases.hh"

namespace {

using namespace xen;
using xen::cases::opaque;

/* "file:line: broken invariant: words", with the line this macro stands on. */
#define EXPECT_BROKEN(statement, words)                                                            \
	EXPECT_DEATH(statement, "contract_test.cc:" + std::to_string(__LINE__) +                   \
					": broken invariant: .*" words)
/* The same, blamed on the header that states the contract. */
#define EXPECT_BROKEN_IN(file, statement, words)                                                   \
	EXPECT_DEATH(statement, file ":[0-9]+: broken invariant: .*" words)

TEST(Contract, ValueOfAnErrorIsBlamedOnItsCaller)
{
	const Result<long> bad = opaque(err::busy);

	EXPECT_BROKEN(static_cast<void>(bad.value()), "value");
	EXPECT_BROKEN(static_cast<void>(Result<Mfn>{opaque(err::busy)}.value()), "value");
}

TEST(Contract, ErrorOfAValueIsBlamedOnItsCaller)
{
	const Result<long> good = opaque(3L);
	const Result<void> done = opaque(Result<void>{});

	EXPECT_BROKEN(static_cast<void>(good.error()), "error");
	EXPECT_BROKEN(static_cast<void>(done.error()), "error");
}

TEST(Contract, ErrnoHasARange)
{
	EXPECT_BROKEN_IN("errno.hh", static_cast<void>(Errno{opaque(0)}), "errno");
	EXPECT_BROKEN_IN("errno.hh", static_cast<void>(Errno{opaque(-1)}), "errno");
	EXPECT_BROKEN_IN("errno.hh", static_cast<void>(Errno{opaque(4096)}), "errno");
}

TEST(Contract, FieldsDoNotSpill)
{
	using Low = Field<std::uint64_t, 0, 4>;
	std::uint64_t word = 0;

	EXPECT_BROKEN_IN("bits.hh", static_cast<void>(Low::make(opaque(16UL))), "value fits");
	EXPECT_BROKEN_IN("bits.hh", static_cast<void>(Low::insert(0, opaque(16UL))), "value fits");
	EXPECT_BROKEN_IN("bits.hh", Low::set(word, opaque(16UL)), "value fits");
}

TEST(Contract, FrameArithmeticStaysAboveZero)
{
	EXPECT_BROKEN_IN("frame.hh", static_cast<void>(opaque(Mfn{1}) - Mfn{2}), "difference");
	EXPECT_BROKEN_IN("frame.hh", static_cast<void>(opaque(Mfn{1}) - Pages{2}), "frame minus");
	EXPECT_BROKEN_IN("frame.hh", static_cast<void>(to_addr<12>(opaque(Mfn{1ULL << 52}))),
			 "address");
}

TEST(Contract, RangesDoNotWrap)
{
	EXPECT_BROKEN_IN("frame_range.hh",
			 static_cast<void>(PfnRange{opaque(Pfn{~0ULL}), Pages{1}}), "range");
	EXPECT_BROKEN_IN("frame.hh", static_cast<void>(PfnRange::between(opaque(Pfn{2}), Pfn{1})),
			 "difference");
}

struct Path {
	long call(unsigned long, const unsigned long *) noexcept { return 0; }
	long multicall(MulticallEntry *, unsigned int) noexcept { return 0; }
	void flushing(FlushReason, const BatchFill &) noexcept {}
	bool keeps_arguments() noexcept { return true; }
	void failed(const FailedEntry &) noexcept {}
};
using Queue = Batch<2, 16, 1>;
constinit const Owner owner{"test", Owner::Kind::Unit, nullptr};

TEST(Contract, GuardsCommitOnce)
{
	static constinit Queue queue{};
	Path path;
	Queue::Slot slot = queue.reserve(owner, nullptr, 0, path, path).value();

	slot.fill(Hypercall::StackSwitch);
	slot.commit();
	EXPECT_BROKEN_IN("batch_slot.hh", slot.commit(), "committed once");
	EXPECT_BROKEN_IN("batch_slot.hh", slot.commit(nullptr, nullptr), "committed once");
}

} // namespace
