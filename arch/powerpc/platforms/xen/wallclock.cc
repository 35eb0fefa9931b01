// SPDX-License-Identifier: GPL-2.0
/*
 * The wall clock, which dom0 writes for all domains.
 *
 * Xen does not know the time.  dom0 writes into its own shared_info what time it was at
 * some value of the timebase, and Xen copies that to each domain that starts: at boot
 * from /xen "start-time" where the tree has it, and again whenever user space sets the
 * time.  A reader adds what the timebase has gained since.
 *
 * Writers exclude each other by the glue's lock.  wc_version is odd while the words
 * change, so that a reader can tell a torn value.
 */
#include <cstddef>

#include <xen/core/errno.hh>

#include <abi/shared_info.hh>

#include "boot.hh"
#include "idle_glue.h"
#include "wallclock_glue.h"

extern "C" xen::ppc::SharedInfo *HYPERVISOR_shared_info;

namespace xen::ppc {

namespace {

constexpr s64 first_second = 946684800; /* of the year 2000: before, nobody has set a clock */
constexpr s64 last_second = 0xffffffff; /* in February 2106 */
constexpr u32 ns_per_second = 1'000'000'000;

/* Words that others may read at any moment are written whole, in this order. */
template <class T> void write(Be<T> &word, T value) noexcept
{
	Be<T> stored{value};

	__atomic_store(&word, &stored, __ATOMIC_RELAXED);
}

class Lock {
public:
	Lock() noexcept : flags_(xen_glue_wallclock_lock()) {}
	~Lock() { xen_glue_wallclock_unlock(flags_); }
	Lock(const Lock &) = delete;
	Lock &operator=(const Lock &) = delete;

private:
	unsigned long flags_;
};

/* What is right to this much is left as it is. */
constexpr s64 tolerance_ns = 1'000'000;

/* May this domain write this time?  0 or what xen_wallclock_write() returns. */
[[nodiscard]] int check(s64 seconds, u32 nanoseconds) noexcept
{
	if (!boot().initdomain)
		return xen::err::perm.to_linux();
	if (seconds < first_second)
		return xen::err::range.to_linux();
	if (seconds > last_second || nanoseconds >= ns_per_second) {
		xen_glue_wallclock_odd(seconds);
		return xen::err::range.to_linux();
	}
	return 0;
}

/*
 * What shared_info says the time is, in ns since 1970; 0: it does not say.  Under the lock
 * only a writer that never came to its end leaves an odd version behind.
 */
[[nodiscard]] s64 told(const SharedInfo &info) noexcept
{
	const u64 hz = xen_glue_timebase_hz();
	const u64 now = xen_glue_timebase();
	const u64 then = info.boot_timebase.load();
	const u32 sec = info.wc_sec.load();
	const u32 nsec = info.wc_nsec.load();

	// The upper end of the frequency keeps the products below within their words.
	if ((info.wc_version.load() & 1) != 0 || sec == 0 || nsec >= ns_per_second || hz == 0 ||
	    hz > u64{1} << 32)
		return 0;

	const u64 passed = now - then; // many years if it was in the future

	if (passed / hz > static_cast<u64>(last_second))
		return 0;

	const u64 second = sec + passed / hz;
	const u64 ns = nsec + passed % hz * ns_per_second / hz;

	return static_cast<s64>(second * ns_per_second + ns);
}

/* Context: under the lock; the time has been checked. */
void write_time(SharedInfo &info, s64 seconds, u32 nanoseconds) noexcept
{
	const u32 version = info.wc_version.load() | 1;

	write(info.wc_version, version);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	write(info.wc_sec, static_cast<u32>(seconds));
	write(info.wc_nsec, nanoseconds);
	write(info.boot_timebase, u64{xen_glue_timebase()});
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	write(info.wc_version, version + 1);
}

} // namespace

} // namespace xen::ppc

using namespace xen::ppc;

extern "C" {

/**
 * xen_wallclock_write - say what time it is
 * @seconds: since 1970
 * @nanoseconds: of the second
 *
 * Context: any.
 *
 * Return: 0; -EPERM in a domain that is not dom0; -ERANGE for a time that does not fit, or
 * that a clock shows which nobody has set.
 */
int xen_wallclock_write(long long seconds, unsigned int nanoseconds) noexcept
{
	if (const int error = check(seconds, nanoseconds); error != 0)
		return error;

	const Lock lock;

	write_time(*HYPERVISOR_shared_info, seconds, nanoseconds);
	return 0;
}

/**
 * xen_wallclock_correct - the same, unless it is almost right already
 * @seconds: since 1970
 * @nanoseconds: of the second
 *
 * Between reading its clock and coming here the caller may have been away for a moment: a
 * difference of a millisecond is no reason to write.
 *
 * Context: any.
 *
 * Return: as xen_wallclock_write().
 */
int xen_wallclock_correct(long long seconds, unsigned int nanoseconds) noexcept
{
	if (const int error = check(seconds, nanoseconds); error != 0)
		return error;

	SharedInfo &info = *HYPERVISOR_shared_info;
	const Lock lock;
	const s64 wrong = seconds * ns_per_second + nanoseconds - told(info);

	if (wrong > tolerance_ns || wrong < -tolerance_ns)
		write_time(info, seconds, nanoseconds);
	return 0;
}

/**
 * xen_get_boot_time - what time it is, for Linux, and for all domains
 *
 * Context: ppc_md.get_boot_time; boot, once, after xen_guest_init().
 *
 * Return: seconds since 1970, 0 if the tree does not say.
 */
long long xen_get_boot_time() noexcept
{
	const s64 start = static_cast<s64>(boot().start_time);

	if (start != 0)
		static_cast<void>(xen_wallclock_write(start, 0));
	return start;
}

} // extern "C"
