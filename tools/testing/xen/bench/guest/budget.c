// SPDX-License-Identifier: GPL-2.0
/*
 * Operations with a fixed budget of hypercalls, for kernels on ppc64.
 *
 * Their instructions depend on the clock and on who waits for whom, so only
 * hypercalls are judged: for each time a processor goes idle, for each expired
 * timer while it is busy, and for each interrupt from one processor to another.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "micro.h"

enum { IDLE_NS = 2000000, TIMER_US = 2000 };

static volatile sig_atomic_t expired;
static pthread_t spinner;
static int stop;
static long turns;

static void idle_run(long n)
{
	const struct timespec time = { .tv_nsec = IDLE_NS };

	while (n--)
		require(!nanosleep(&time, NULL), "nanosleep");
}

static void count_expiry(int number)
{
	(void)number;
	expired++;
}

static void set_timer(int period)
{
	const struct itimerval every = {
		.it_interval.tv_usec = period, .it_value.tv_usec = period,
	};

	require(!setitimer(ITIMER_REAL, &every, NULL), "setitimer");
}

/* Never idle meanwhile: whoever sleeps pays for being woken. */
static void timer_run(long n)
{
	struct sigaction action = { .sa_handler = count_expiry };

	require(!sigaction(SIGALRM, &action, NULL), "sigaction");
	expired = 0;
	set_timer(TIMER_US);
	while (expired < n)
		continue;
	set_timer(0);
}

static void run_on(unsigned int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	require(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

static void *spin(void *argument)
{
	run_on(1);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		__atomic_store_n(&turns, turns + 1, __ATOMIC_RELAXED);
	return argument;
}

static bool ipi_supported(void)
{
	cpu_set_t set;

	require(!sched_getaffinity(0, sizeof(set), &set), "sched_getaffinity");
	return CPU_COUNT(&set) > 1;
}

static void barrier(int command)
{
	require(!syscall(SYS_membarrier, command, 0, 0), "membarrier");
}

static void ipi_prepare(void)
{
	stop = 0;
	barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	run_on(0);
	require(!pthread_create(&spinner, NULL, spin, NULL), "pthread_create");
}

/* The kernel interrupts only a processor on which a thread of ours is running. */
static void await_spinner(void)
{
	const long before = __atomic_load_n(&turns, __ATOMIC_RELAXED);

	while (__atomic_load_n(&turns, __ATOMIC_RELAXED) == before)
		continue;
}

static void ipi_run(long n)
{
	while (n--) {
		await_spinner();
		barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	}
}

static void ipi_finish(void)
{
	__atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
	require(!pthread_join(spinner, NULL), "pthread_join");
}

const struct operation budget_operations[] = {
	{ "idle", 1000, .run = idle_run },
	{ "timer", 1000, .run = timer_run },
	{ "ipi", 1000, .run = ipi_run, .supported = ipi_supported,
	  .prepare = ipi_prepare, .finish = ipi_finish },
	{ .name = NULL },
};
