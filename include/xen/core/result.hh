/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Result - a value or the reason why there is none.
 *
 * [[nodiscard]] throughout: a status that nobody looks at is a warning.  Taking the
 * value of an error, or the error of a value, breaks a contract and is blamed on the
 * line that did it.  A Result of a small trivial type travels in registers.
 *
 * Invariant: failure_ is zero exactly while a value is alive.
 */
#ifndef XEN_CORE_RESULT_HH
#define XEN_CORE_RESULT_HH

#include <new>
#include <type_traits>
#include <utility>

#include <xen/core/contract.hh>
#include <xen/core/errno.hh>

namespace xen {

namespace detail {

/*
 * Where the value lives.  Three shapes: clang 14 has no destructors that are trivial on
 * condition, only a trivial one is returned in registers, and gcc 12 copies a union
 * through memory where it keeps a plain member in registers.
 */
template <class T>
inline constexpr int result_shape = std::is_trivial_v<T>	      ? 0
				    : std::is_trivially_copyable_v<T> ? 1
								      : 2;

template <class T, int Shape = result_shape<T>> struct ResultStorage;

/* Plain data: zero while there is an error. */
template <class T> struct ResultStorage<T, 0> {
	T value_;
	int failure_;

	explicit constexpr ResultStorage(int failure) noexcept : value_{}, failure_(failure) {}
	constexpr ResultStorage(std::in_place_t, const T &value) noexcept
		: value_(value), failure_(0)
	{
	}
};

/* A value with an invariant: there is none to hold while there is an error. */
template <class T> struct ResultStorage<T, 1> {
	union {
		char none_;
		T value_;
	};
	int failure_;

	explicit constexpr ResultStorage(int failure) noexcept : none_(0), failure_(failure) {}
	constexpr ResultStorage(std::in_place_t, const T &value) noexcept
		: value_(value), failure_(0)
	{
	}
};

/* A guard or the like: moves, and is destroyed when it was there. */
template <class T> struct ResultStorage<T, 2> {
	union {
		char none_;
		T value_;
	};
	int failure_;

	explicit constexpr ResultStorage(int failure) noexcept : none_(0), failure_(failure) {}
	template <class U>
	constexpr ResultStorage(std::in_place_t, U &&value) noexcept
		: value_(std::forward<U>(value)), failure_(0)
	{
	}
	constexpr ResultStorage(ResultStorage &&from) noexcept : none_(0), failure_(from.failure_)
	{
		if (failure_ == 0)
			::new (static_cast<void *>(&value_)) T(std::move(from.value_));
	}
	ResultStorage &operator=(ResultStorage &&) = delete;
	constexpr ~ResultStorage() noexcept
	{
		if (failure_ == 0)
			value_.~T();
	}
};

} // namespace detail

/**
 * class Result - T or Errno
 * @T: copied or moved in; a move-only guard makes a move-only Result
 */
template <class T = void> class [[nodiscard]] Result : private detail::ResultStorage<T> {
	using Storage = detail::ResultStorage<T>;
	using Storage::failure_;
	using Storage::value_;

	static_assert(std::is_object_v<T> && std::is_nothrow_move_constructible_v<T>);
	static_assert(!std::is_same_v<T, Errno>, "an errno is either the value or the error");

public:
	/* Implicit on purpose: `return value;` and `return err::busy;` read well. */
	constexpr Result(Errno error) noexcept : Storage(error.number()) {}
	constexpr Result(const T &value) noexcept requires std::is_copy_constructible_v<T>
		: Storage(std::in_place, value)
	{
	}
	constexpr Result(T &&value) noexcept : Storage(std::in_place, std::move(value)) {}

	[[nodiscard]] constexpr bool ok() const noexcept { return failure_ == 0; }
	explicit constexpr operator bool() const noexcept { return ok(); }

	/** value - the value; contract: ok().  @file and @line are the caller's own. */
	[[nodiscard]] constexpr T &value(const char *file = __builtin_FILE(),
					 unsigned int line = __builtin_LINE()) &noexcept
	{
		contract(ok(), "value() of a Result that holds an error", file, line);
		return value_;
	}
	[[nodiscard]] constexpr const T &value(const char *file = __builtin_FILE(),
					       unsigned int line = __builtin_LINE()) const &noexcept
	{
		contract(ok(), "value() of a Result that holds an error", file, line);
		return value_;
	}
	[[nodiscard]] constexpr T value(const char *file = __builtin_FILE(),
					unsigned int line = __builtin_LINE()) &&noexcept
	{
		contract(ok(), "value() of a Result that holds an error", file, line);
		return std::move(value_);
	}

	/** value_or - the value, or @other when there is none */
	[[nodiscard]] constexpr T value_or(T other) const &noexcept
	{
		return ok() ? value_ : other;
	}

	/** error - why there is no value; contract: !ok() */
	[[nodiscard]] constexpr Errno error(const char *file = __builtin_FILE(),
					    unsigned int line = __builtin_LINE()) const noexcept
	{
		contract(!ok(), "error() of a Result that holds a value", file, line);
		return Errno{failure_};
	}

	/** status - the same without the value */
	[[nodiscard]] constexpr Result<void> status() const noexcept;
};

/** class Result<void> - done, or why not */
template <> class [[nodiscard]] Result<void> {
public:
	constexpr Result() noexcept : failure_(0) {}
	constexpr Result(Errno error) noexcept : failure_(error.number()) {}

	[[nodiscard]] constexpr bool ok() const noexcept { return failure_ == 0; }
	explicit constexpr operator bool() const noexcept { return ok(); }

	/** error - why not; contract: !ok() */
	[[nodiscard]] constexpr Errno error(const char *file = __builtin_FILE(),
					    unsigned int line = __builtin_LINE()) const noexcept
	{
		contract(!ok(), "error() of a Result that holds a value", file, line);
		return Errno{failure_};
	}

	[[nodiscard]] constexpr Result status() const noexcept { return *this; }

	/** to_linux - 0 or the negative errno that C callers expect */
	[[nodiscard]] constexpr int to_linux() const noexcept { return -failure_; }

private:
	int failure_;
};

template <class T> constexpr Result<void> Result<T>::status() const noexcept
{
	return ok() ? Result<void>{} : Result<void>{Errno{failure_}};
}

/**
 * from_hypercall - split a hypercall's result
 * @result: as Xen returned it: a negative errno, or a value from zero up
 *
 * Negative values that are no errno are EIO, so a result word preset to such a value
 * reads as a failure until Xen has written it.
 */
[[nodiscard]] constexpr Result<long> from_hypercall(long result) noexcept
{
	if (result < 0) [[unlikely]]
		return Errno::from_xen(result);
	return result;
}

static_assert(sizeof(Result<long>) == 2 * sizeof(long));
static_assert(std::is_trivially_copyable_v<Result<long>>);
static_assert(sizeof(Result<void>) == sizeof(int));

} // namespace xen

#endif
