/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Errno - why something failed, in the numbers Xen and Linux share.
 *
 * Invariant: 1 <= number() <= 4095, the range that both sides carry as a negative
 * long.  There is no "no error" Errno; success is a Result.
 *
 * The constants live in err:: under lower-case names, because a hosted <errno.h>
 * makes macros of the usual ones.  tools/testing/xen/abi compares them with Xen's.
 */
#ifndef XEN_CORE_ERRNO_HH
#define XEN_CORE_ERRNO_HH

#include <type_traits>

#include <xen/core/contract.hh>

namespace xen {

class [[nodiscard]] Errno {
public:
	static constexpr long max_number = 4095;

	/** Errno - from a positive number; contract: 1..4095 */
	explicit constexpr Errno(int number) noexcept : number_(number)
	{
		contract(valid(number), "errno is 1..4095");
	}

	/**
	 * from_xen - the error in a negative hypercall result
	 * @result: what Xen returned; only negative values make sense
	 *
	 * A value that is no -errno at all (zero, positive, below -4095) becomes EIO:
	 * the hypervisor is not ours to trap on.
	 */
	[[nodiscard]] static constexpr Errno from_xen(long result) noexcept
	{
		const bool known = result < 0 && result >= -max_number;

		return Errno{known ? static_cast<int>(-result) : io_number};
	}

	/** to_linux - the negative number that C callers expect */
	[[nodiscard]] constexpr int to_linux() const noexcept { return -number_; }
	/** number - positive, 1..4095 */
	[[nodiscard]] constexpr int number() const noexcept { return number_; }

	friend constexpr bool operator==(Errno, Errno) noexcept = default;

private:
	static constexpr int io_number = 5;

	static constexpr bool valid(long number) noexcept
	{
		return number >= 1 && number <= max_number;
	}

	int number_;
};

/* Names without the E; `toobig` is E2BIG.  EINTR and ERESTART never leave Xen. */
namespace err {
inline constexpr Errno perm{1}, noent{2}, srch{3}, io{5}, nxio{6}, toobig{7};
inline constexpr Errno noexec{8}, badf{9}, child{10}, again{11}, nomem{12}, acces{13};
inline constexpr Errno fault{14}, busy{16}, exist{17}, xdev{18}, nodev{19}, notdir{20};
inline constexpr Errno isdir{21}, inval{22}, nfile{23}, mfile{24}, nospc{28}, rofs{30};
inline constexpr Errno mlink{31}, dom{33}, range{34}, deadlk{35}, nametoolong{36};
inline constexpr Errno nosys{38}, notempty{39}, nodata{61}, time{62}, badmsg{74};
inline constexpr Errno overflow{75}, ilseq{84}, notsock{88}, msgsize{90};
inline constexpr Errno opnotsupp{95}, addrinuse{98}, addrnotavail{99}, nobufs{105};
inline constexpr Errno isconn{106}, notconn{107}, timedout{110}, connrefused{111};
} // namespace err

static_assert(std::is_trivially_copyable_v<Errno> && sizeof(Errno) == sizeof(int));

} // namespace xen

#endif
