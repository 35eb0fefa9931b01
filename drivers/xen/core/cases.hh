/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a case is written, for every runner at once.
 *
 * A *_cases.hh file stands beside its unit, includes only freestanding headers, and
 * ends in its suite:
 *
 *	namespace xen::cases::frame {
 *	XEN_CASE(frames_subtract_to_pages)
 *	{
 *		CHECK_EQ(opaque(Mfn{7}) - Mfn{4}, Pages{3});
 *	}
 *	inline constexpr Case all[] = {
 *		XEN_LIST(frames_subtract_to_pages),
 *	};
 *	inline constexpr Suite suite{"frame", all};
 *	}
 *
 * A case left out of the list is an unused function, which -Wunused-function turns
 * into an error.  core_cases.cc lists the suites.  A failed check is reported and the
 * case goes on; `if (!CHECK(...)) return;` where going on would make no sense.
 *
 * No heap, no hosted headers, frames up to 1 KiB: big objects are constinit.
 */
#ifndef XEN_CORE_CASES_HH
#define XEN_CORE_CASES_HH

#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>

#include "cases.h"

namespace xen::cases {

namespace detail {

/* What a failed comparison prints: the number in a value, if there is one. */
template <class T> constexpr unsigned long long number_in(const T &value) noexcept
{
	if constexpr (requires { value.raw(); })
		return static_cast<unsigned long long>(value.raw());
	else if constexpr (requires { value.number(); })
		return static_cast<unsigned long long>(value.number());
	else if constexpr (std::is_pointer_v<T>)
		return reinterpret_cast<std::uintptr_t>(value);
	else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
		return static_cast<unsigned long long>(value);
	else
		return 0;
}

/* Integers compare by value, whatever their signs; all else by its own ==. */
template <class A, class B> constexpr bool equal(const A &left, const B &right) noexcept
{
	if constexpr (std::is_integral_v<A> && std::is_integral_v<B> &&
		      std::is_signed_v<A> != std::is_signed_v<B>)
		return (left < A{}) == (right < B{}) &&
		       static_cast<unsigned long long>(left) ==
			       static_cast<unsigned long long>(right);
	else
		return left == right;
}

} // namespace detail

/** class Context - counts a case's checks and passes failures on */
class Context {
public:
	Context(xen_case_report report, void *cookie) noexcept : report_(report), cookie_(cookie) {}
	Context(const Context &) = delete;
	Context &operator=(const Context &) = delete;

	/** check - note whether @held; returns it */
	bool check(bool held, const char *what, const char *file, unsigned int line) noexcept
	{
		++checks_;
		if (!held)
			fail({file, line, what, 0, 0, 0});
		return held;
	}

	/** check_eq - note whether two values are equal; returns that */
	template <class A, class B>
	bool check_eq(const A &left, const B &right, const char *what, const char *file,
		      unsigned int line) noexcept
	{
		const bool held = detail::equal(left, right);

		++checks_;
		if (!held)
			fail({file, line, what, 1, detail::number_in(left),
			      detail::number_in(right)});
		return held;
	}

	[[nodiscard]] unsigned long checks() const noexcept { return checks_; }
	[[nodiscard]] unsigned long failures() const noexcept { return failures_; }

private:
	void fail(const xen_case_failure &failure) noexcept
	{
		++failures_;
		report_(cookie_, &failure);
	}

	xen_case_report report_;
	void *cookie_;
	unsigned long checks_ = 0;
	unsigned long failures_ = 0;
};

struct Case {
	const char *name;
	void (*run)(Context &);
	std::span<const std::uint8_t> seed = {};
};

struct Suite {
	const char *name;
	std::span<const Case> cases;
};

/** opaque - @value, but the compiler cannot compute with it ahead of time */
template <class T> [[nodiscard]] inline T opaque(T value) noexcept
{
	asm volatile("" : : "g"(&value) : "memory");
	return value;
}

} // namespace xen::cases

/* A case, and its line in the suite's list. */
#define XEN_CASE(name) static void name([[maybe_unused]] ::xen::cases::Context &cx)
#define XEN_LIST(name) ::xen::cases::Case{#name, name}

/* Inside a case, or anywhere with a Context named cx. */
#define CHECK(condition) cx.check(static_cast<bool>(condition), #condition, __FILE__, __LINE__)
#define CHECK_EQ(left, right) cx.check_eq((left), (right), #left " == " #right, __FILE__, __LINE__)

#endif
