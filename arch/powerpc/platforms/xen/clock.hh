/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Xen's time, and how long a vcpu may sleep.
 *
 * Xen counts nanoseconds as timebase ticks times floor(10^9 / frequency), which is not
 * what the clock on the wall counts: a timebase of 14.318 MHz makes Xen's second 1.2 %
 * too long.  A time given to Xen is computed by the same formula, or it comes at another
 * moment (Documentation/xen/abi-ppc.rst, "Time").
 *
 * Everything here is arithmetic without state, but for ns_per_tick(), which remembers
 * the answer of a division.
 */
#ifndef ARCH_POWERPC_XEN_CLOCK_HH
#define ARCH_POWERPC_XEN_CLOCK_HH

#include <xen/core/id.hh>

#include <abi/wire.hh>

namespace xen::ppc::clock {

/* Linux's clock event: a timebase that never comes. */
inline constexpr u64 stopped = ~u64{0};

/* Not worth a hypercall: entering Xen and coming back takes about as long. */
inline constexpr u64 margin_ns = 20'000;

/* Xen takes what is farther away for a mistake. */
inline constexpr u64 farthest_ns = u64{1} << 50;

/** scale - Xen nanoseconds of a tick; at least 1, and 0 while the frequency is unknown */
[[nodiscard]] constexpr u64 scale(u64 timebase_hz) noexcept
{
	constexpr u64 second = 1'000'000'000;

	if (timebase_hz == 0)
		return 0;
	return timebase_hz < second ? second / timebase_hz : 1;
}

/** to_ns - ticks in Xen nanoseconds; what does not fit becomes the largest number */
[[nodiscard]] constexpr u64 to_ns(u64 ticks, u64 ns_per_tick) noexcept
{
	u64 ns = 0;

	return __builtin_mul_overflow(ticks, ns_per_tick, &ns) ? ~u64{0} : ns;
}

/* How an idle vcpu waits. */
struct Wait {
	enum class How : u8 {
		Not,	/* the deadline is here, or almost */
		Until,	/* the absolute Xen time @until_ns */
		Events, /* for events alone */
	};

	How how;
	u64 until_ns;
};

/**
 * wait_for - how to wait for a clock event
 * @now: timebase
 * @next: timebase of the event, or stopped
 * @ns_per_tick: of scale(); 0 gives Not
 */
[[nodiscard]] constexpr Wait wait_for(u64 now, u64 next, u64 ns_per_tick) noexcept
{
	if (ns_per_tick == 0)
		return {Wait::How::Not, 0};
	if (next == stopped)
		return {Wait::How::Events, 0};
	if (next <= now || to_ns(next - now, ns_per_tick) < margin_ns)
		return {Wait::How::Not, 0};

	const u64 farthest = farthest_ns / ns_per_tick;
	const u64 ticks = next - now < farthest ? next - now : farthest;

	return {Wait::How::Until, to_ns(now + ticks, ns_per_tick)};
}

/** at_end - has the decrementer run out, or will it before a hypercall is worth it? */
[[nodiscard]] constexpr bool at_end(s32 decrementer, u64 ns_per_tick) noexcept
{
	return decrementer <= 0 || to_ns(static_cast<u64>(decrementer), ns_per_tick) < margin_ns;
}

/**
 * rearm - what to write into a decrementer that may have lost its way
 * @now: timebase
 * @next: timebase of the clock event, or stopped
 * @decrementer: what it holds
 * @ns_per_tick: of scale()
 *
 * It is never made to come later: it may be early for Linux's irq work.  One that has run
 * out is made to run out again, because its interrupt may have been lost.
 *
 * Return: ticks; 0 if it is right as it is, to margin_ns.
 */
[[nodiscard]] constexpr u32 rearm(u64 now, u64 next, s32 decrementer, u64 ns_per_tick) noexcept
{
	if (next <= now || decrementer <= 0)
		return 1;

	const u64 due = next - now;
	const u64 left = static_cast<u64>(decrementer);

	if (due >= left || to_ns(left - due, ns_per_tick) < margin_ns)
		return 0;
	return static_cast<u32>(due);
}

/**
 * ns_per_tick - scale() of this machine
 *
 * Context: any, after Linux has read the frequency from the tree; 0 before.
 */
[[nodiscard]] u64 ns_per_tick() noexcept;

/**
 * stop_ticker - stop the 100 Hz tick that Xen gives every vcpu
 *
 * Linux programs the decrementer itself, and each tick of Xen's would be an interrupt
 * for nothing.  If Xen refuses, one message says so and the ticks stay.  They stay on the
 * historical hypervisor too, which loses decrementer interrupts.
 *
 * Context: any.
 */
void stop_ticker(VcpuId vcpu) noexcept;

} // namespace xen::ppc::clock

#endif
