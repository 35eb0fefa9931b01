/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hypervisor that means harm, for the cases of the multicall batch.
 *
 * It obeys until it is armed; then the next hypercall but @skip goes wrong in every
 * way its Malice names.  Freestanding: it runs under gtest, the fuzzer and KUnit.
 * What it sees and decides it tells to a Judge, which knows what to expect.
 */
#ifndef XEN_CORE_FAKE_HYPERVISOR_HH
#define XEN_CORE_FAKE_HYPERVISOR_HH

#include <limits>

#include <xen/core/abi.hh>

namespace xen::cases {

/* What goes wrong; any combination. */
struct Malice {
	static constexpr unsigned int fail_entry = 1;  /* entry @at fails with @error */
	static constexpr unsigned int stop_short = 2;  /* entries from @at on stay unwritten */
	static constexpr unsigned int fail_whole = 4;  /* the multicall fails with @error */
	static constexpr unsigned int scribble = 8;    /* op and args of every entry are lost */
	static constexpr unsigned int big_values = 16; /* successes are huge and positive */
	static constexpr unsigned int no_errno = 32;   /* failures are no errno at all */
	static constexpr unsigned int call_back = 64;  /* an event: the guest's own code runs */
	static constexpr unsigned int fail_all = 128;  /* every entry fails with @error */

	unsigned int ways = 0;
	unsigned int skip = 0;
	unsigned int at = 0;
	int error = 1; /* positive, 1..4095 */

	[[nodiscard]] constexpr bool does(unsigned int way) const noexcept
	{
		return (ways & way) != 0;
	}

	/* The negative number that a failure returns. */
	[[nodiscard]] constexpr long failure() const noexcept
	{
		if (!does(no_errno))
			return -static_cast<long>(error);
		return at % 2 == 0 ? std::numeric_limits<long>::min() + error : -4095L - error;
	}
};

/**
 * class FakeHypervisor - backend of a batch under test
 * @Judge: entered(n, multicall), issued(i, op, args, whole_entry), event(),
 *	answered(i, written, result, scribbled), left(whole): in this order for each
 *	hypercall
 */
template <class Judge> class FakeHypervisor {
public:
	explicit constexpr FakeHypervisor(Judge &judge) noexcept : judge_(judge) {}

	/** arm - let the next hypercall but @malice.skip go wrong, once */
	constexpr void arm(const Malice &malice) noexcept { armed_ = malice; }

	long call(unsigned long op, const unsigned long *args) noexcept
	{
		const Malice malice = next();

		judge_.entered(1, false);
		judge_.issued(0, op, args, 5);
		if (malice.does(Malice::call_back))
			judge_.event();

		/* One call has no whole beside its entry: either way of failing is its result. */
		const long result =
			malice.does(Malice::fail_whole) ? malice.failure() : result_of(malice, 0);

		judge_.answered(0, true, result, false);
		judge_.left(0);
		return result;
	}

	long multicall(MulticallEntry *list, unsigned int n) noexcept
	{
		const Malice malice = next();

		judge_.entered(n, true);
		for (unsigned int i = 0; i < n; ++i)
			judge_.issued(i, list[i].op, list[i].args, 6);
		if (malice.does(Malice::call_back))
			judge_.event();

		unsigned int written = n;

		if (malice.does(Malice::stop_short) && malice.at < n)
			written = malice.at;
		else if (malice.does(Malice::fail_whole) && !malice.does(Malice::stop_short))
			written = 0;
		for (unsigned int i = 0; i < n; ++i) {
			const long result = result_of(malice, i);

			if (malice.does(Malice::scribble))
				scribble_over(list[i]);
			if (i < written)
				list[i].result = result;
			judge_.answered(i, i < written, result, malice.does(Malice::scribble));
		}

		const long whole = malice.does(Malice::fail_whole) ? malice.failure() : 0;

		judge_.left(whole);
		return whole;
	}

private:
	Malice next() noexcept
	{
		if (armed_.ways == 0)
			return {};
		if (armed_.skip > 0) {
			--armed_.skip;
			return {};
		}

		const Malice now = armed_;

		armed_ = {};
		return now;
	}

	static long result_of(const Malice &malice, unsigned int i) noexcept
	{
		if (malice.does(Malice::fail_all) ||
		    (malice.does(Malice::fail_entry) && i == malice.at))
			return malice.failure();
		return malice.does(Malice::big_values) ? (1L << 40) + static_cast<long>(i) : 0;
	}

	/* What Xen's debug builds do to every entry. */
	static void scribble_over(MulticallEntry &entry) noexcept
	{
		constexpr unsigned long pattern = 0xaaaaaaaaaaaaaaaaUL;

		entry.op = pattern;
		for (unsigned long &arg : entry.args)
			arg = pattern;
	}

	Judge &judge_;
	Malice armed_{};
};

} // namespace xen::cases

#endif
