/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of Errno and Result. */
#ifndef XEN_CORE_RESULT_CASES_HH
#define XEN_CORE_RESULT_CASES_HH

#include <limits>
#include <utility>

#include <xen/core/frame.hh>
#include <xen/core/result.hh>

#include "cases.hh"

namespace xen::cases::result {

XEN_CASE(errno_goes_both_ways)
{
	CHECK_EQ(Errno::from_xen(opaque(-1L)), err::perm);
	CHECK_EQ(Errno::from_xen(opaque(-38L)), err::nosys);
	CHECK_EQ(err::perm.to_linux(), -1);
	CHECK_EQ(Errno::from_xen(opaque(-4095L)).number(), 4095);
}

XEN_CASE(what_is_no_errno_becomes_eio)
{
	CHECK_EQ(Errno::from_xen(opaque(-4096L)), err::io);
	CHECK_EQ(Errno::from_xen(std::numeric_limits<long>::min()), err::io);
	CHECK_EQ(Errno::from_xen(opaque(0L)), err::io);
	CHECK_EQ(Errno::from_xen(opaque(1L)), err::io);
	/* Truncated to 32 bits this would look like -1. */
	CHECK_EQ(Errno::from_xen(opaque(-0x100000001L)), err::io);
}

XEN_CASE(hypercall_results_split)
{
	CHECK_EQ(from_hypercall(opaque(0L)).value(), 0);
	CHECK_EQ(from_hypercall(opaque(1L << 40)).value(), 1L << 40);
	CHECK(!from_hypercall(opaque(-1L)).ok());
	CHECK_EQ(from_hypercall(opaque(-22L)).error(), err::inval);
	CHECK_EQ(from_hypercall(opaque(-5000L)).error(), err::io);
}

XEN_CASE(value_or_error_but_not_both)
{
	const Result<Mfn> good = opaque(Mfn{5});
	const Result<Mfn> bad = opaque(err::nomem);

	CHECK(good.ok());
	CHECK(static_cast<bool>(good));
	CHECK_EQ(good.value(), Mfn{5});
	CHECK_EQ(good.value_or(Mfn{6}), Mfn{5});
	CHECK(!bad.ok());
	CHECK_EQ(bad.error(), err::nomem);
	CHECK_EQ(bad.value_or(Mfn{6}), Mfn{6});
}

XEN_CASE(status_forgets_the_value)
{
	CHECK(Result<long>{opaque(7L)}.status().ok());
	CHECK_EQ(Result<long>{err::busy}.status().error(), err::busy);
	CHECK_EQ(Result<>{}.to_linux(), 0);
	CHECK_EQ(Result<>{opaque(err::busy)}.to_linux(), -16);
	CHECK_EQ(Result<>{err::again}.status().error(), err::again);
}

/* Without a default constructor: there is none to hold while there is an error. */
class Even {
public:
	explicit constexpr Even(int number) noexcept : number_(number) {}
	[[nodiscard]] constexpr int raw() const noexcept { return number_; }

private:
	int number_;
};

XEN_CASE(value_may_have_an_invariant)
{
	const Result<Even> some{Even{opaque(4)}};
	const Result<Even> none{opaque(err::noent)};
	const Result<Even> copy = some;

	CHECK_EQ(some.value().raw(), 4);
	CHECK_EQ(copy.value().raw(), 4);
	CHECK(!none.ok());
	CHECK_EQ(none.error(), err::noent);
}

/* Counts the live ones of its kind. */
class Guard {
public:
	explicit Guard(int &live) noexcept : live_(&live) { ++live; }
	Guard(Guard &&from) noexcept : live_(std::exchange(from.live_, nullptr)) {}
	Guard &operator=(Guard &&) = delete;
	~Guard()
	{
		if (live_ != nullptr)
			--*live_;
	}

private:
	int *live_;
};

XEN_CASE(guards_move_through_and_die_once)
{
	int live = 0;

	{
		Result<Guard> made{Guard{live}};

		CHECK_EQ(live, 1);
		Result<Guard> moved{std::move(made)};

		CHECK_EQ(live, 1);
		{
			const Guard kept = std::move(moved).value();

			CHECK_EQ(live, 1);
		}
		CHECK_EQ(live, 0);
	}
	CHECK_EQ(live, 0);

	Result<Guard> none{err::busy};
	const Result<Guard> moved{std::move(none)};

	CHECK_EQ(moved.error(), err::busy);
	CHECK_EQ(live, 0);
}

inline constexpr Case all[] = {
	XEN_LIST(errno_goes_both_ways),
	XEN_LIST(what_is_no_errno_becomes_eio),
	XEN_LIST(hypercall_results_split),
	XEN_LIST(value_or_error_but_not_both),
	XEN_LIST(status_forgets_the_value),
	XEN_LIST(value_may_have_an_invariant),
	XEN_LIST(guards_move_through_and_die_once),
};
inline constexpr Suite suite{"result", all};

} // namespace xen::cases::result

#endif
