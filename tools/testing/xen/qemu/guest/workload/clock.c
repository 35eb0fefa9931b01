// SPDX-License-Identifier: GPL-2.0
/*
 * Time: clocks that only move forward, on one processor and across all of
 * them, sleeps that are neither short nor endless, and timers that fire.
 *
 * The emulated machine is slow and shared: lower bounds are exact, upper
 * bounds only tell a late wake-up from none.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define READS 5000
#define HOPS 200
#define TICKS 20
#define TICK_US 5000
#define SLEEP_NS 20000000ull
#define LATE_NS 10000000000ull

static volatile sig_atomic_t ticks;

static void tick(int signal)
{
	(void)signal;
	ticks++;
}

static void never_back(clockid_t clock, const char *name)
{
	struct timespec before, after;

	clock_gettime(clock, &before);
	for (int n = 0; n < READS; n++) {
		clock_gettime(clock, &after);
		if (after.tv_sec < before.tv_sec ||
		    (after.tv_sec == before.tv_sec && after.tv_nsec < before.tv_nsec))
			fail("%s went back at read %d", name, n);
		before = after;
	}
}

/* Every processor's clock continues the previous one's. */
static unsigned int across_processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t last = now_ns();
	unsigned int hops = 0;

	for (; hops < HOPS && count > 1; hops++) {
		cpu_set_t one;
		uint64_t now;

		CPU_ZERO(&one);
		CPU_SET(hops % count, &one);
		check_errno(!sched_setaffinity(0, sizeof(one), &one), "sched_setaffinity");
		now = now_ns();
		if (now < last)
			fail("processor %ld is %lu ns behind", hops % count,
			     (unsigned long)(last - now));
		last = now;
	}
	return hops;
}

static void sleeps(void)
{
	struct timespec span = { .tv_nsec = SLEEP_NS };
	uint64_t start = now_ns(), slept;

	check_errno(!nanosleep(&span, NULL), "nanosleep");
	slept = now_ns() - start;
	if (slept < SLEEP_NS)
		fail("a sleep of %llu ns took %lu", SLEEP_NS, (unsigned long)slept);
	if (slept > LATE_NS)
		fail("a sleep of %llu ns took %lu", SLEEP_NS, (unsigned long)slept);
	figure("slept_us", slept / 1000);
}

void step_clock(void)
{
	struct timespec wall;

	never_back(CLOCK_MONOTONIC, "CLOCK_MONOTONIC");
	never_back(CLOCK_REALTIME, "CLOCK_REALTIME");
	clock_gettime(CLOCK_REALTIME, &wall);
	/* 2020: the wall clock came from Xen and not from the epoch. */
	if (wall.tv_sec < 1577836800)
		fail("the wall clock says %ld s", (long)wall.tv_sec);
	figure("reads", 2 * READS);
	figure("hops", across_processors());
	sleeps();
}

void step_timers(void)
{
	struct sigaction action = { .sa_handler = tick };
	struct itimerval every = {
		.it_interval.tv_usec = TICK_US, .it_value.tv_usec = TICK_US,
	};
	struct itimerval never = { 0 };
	uint64_t start = now_ns(), spent;

	check_errno(!sigaction(SIGALRM, &action, NULL), "sigaction");
	check_errno(!setitimer(ITIMER_REAL, &every, NULL), "setitimer");
	while (ticks < TICKS && now_ns() - start < LATE_NS)
		pause();
	check_errno(!setitimer(ITIMER_REAL, &never, NULL), "setitimer");
	spent = now_ns() - start;
	if (ticks < TICKS)
		fail("%d of %d ticks", (int)ticks, TICKS);
	/* The first tick may come early by one jiffy's rounding, never all. */
	if (spent < (TICKS - 1) * TICK_US * 1000ull)
		fail("%d ticks after only %lu ns", (int)ticks, (unsigned long)spent);
	figure("ticks", ticks);
}
