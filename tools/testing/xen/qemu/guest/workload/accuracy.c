// SPDX-License-Identifier: GPL-2.0
/*
 * How late timers are: nanosleep, timerfd and setitimer, on every processor.
 *
 * A wake-up that is early is a failure here.  How late is too late depends on
 * the machine below: the figures go to the harness, which has the bounds.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define MOST 512
#define SLEEPS 8
#define EXPIRIES 20
#define INTERVAL_NS 3000000ull
#define TICK_US 4000ull

static uint64_t late[MOST];
static unsigned int samples;
static volatile sig_atomic_t ticks;
static volatile uint64_t tick_at[EXPIRIES];

/* One wake-up that was due at a time and came now. */
static void woken(const char *what, uint64_t due, uint64_t now)
{
	if (now < due)
		fail("%s came %lu ns early", what, (unsigned long)(due - now));
	if (samples < MOST)
		late[samples++] = now - due;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void sleeps(void)
{
	static const uint64_t spans[] = { 1, 200000, 1000000, 5000000, 20000000 };

	for (unsigned int n = 0; n < SLEEPS; n++) {
		uint64_t span = spans[n % (sizeof(spans) / sizeof(spans[0]))];
		struct timespec request = { .tv_nsec = (long)span };
		uint64_t start = now_ns();

		check_errno(!nanosleep(&request, NULL), "nanosleep");
		woken("nanosleep", start + span, now_ns());
	}
}

static void expiries(void)
{
	uint64_t start = now_ns() + INTERVAL_NS, seen = 0;
	struct itimerspec every = {
		.it_value = { .tv_sec = start / 1000000000u, .tv_nsec = start % 1000000000u },
		.it_interval = { .tv_nsec = INTERVAL_NS },
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	check_errno(fd >= 0, "timerfd_create");
	check_errno(!timerfd_settime(fd, TFD_TIMER_ABSTIME, &every, NULL), "timerfd_settime");
	while (seen < EXPIRIES) {
		uint64_t count;

		check_errno(read(fd, &count, sizeof(count)) == sizeof(count), "read");
		seen += count;
		woken("timerfd", start + (seen - 1) * INTERVAL_NS, now_ns());
	}
	close(fd);
}

static void tick(int signal)
{
	(void)signal;
	if (ticks < EXPIRIES)
		tick_at[ticks] = now_ns();
	ticks++;
}

static void signals(void)
{
	struct sigaction action = { .sa_handler = tick };
	struct itimerval every = { .it_value.tv_usec = TICK_US, .it_interval.tv_usec = TICK_US };
	struct itimerval never = { 0 };
	uint64_t start = now_ns();

	/* The deadline of the whole step is an alarm too: it is put back below. */
	unsigned int deadline = alarm(0);

	ticks = 0;
	check_errno(!sigaction(SIGALRM, &action, NULL), "sigaction");
	check_errno(!setitimer(ITIMER_REAL, &every, NULL), "setitimer");
	while (ticks < EXPIRIES && now_ns() - start < 10000000000ull)
		pause();
	check_errno(!setitimer(ITIMER_REAL, &never, NULL), "setitimer");
	action.sa_handler = SIG_DFL;
	check_errno(!sigaction(SIGALRM, &action, NULL), "sigaction");
	alarm(deadline);
	if (ticks < EXPIRIES)
		fail("%d of %d signals of setitimer", (int)ticks, EXPIRIES);
	for (uint64_t n = 0; n < EXPIRIES; n++)
		woken("setitimer", start + (n + 1) * TICK_US * 1000, tick_at[n]);
}

void step_accuracy(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	for (long cpu = 0; cpu < count; cpu++) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		check_errno(!sched_setaffinity(0, sizeof(one), &one), "sched_setaffinity");
		sleeps();
		expiries();
		signals();
	}
	qsort(late, samples, sizeof(late[0]), by_size);
	figure("wakeups", samples);
	figure("median_us", late[samples / 2] / 1000);
	figure("p90_us", late[samples * 9 / 10] / 1000);
	figure("worst_us", late[samples - 1] / 1000);
}
