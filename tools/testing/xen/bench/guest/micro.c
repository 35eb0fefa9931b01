// SPDX-License-Identifier: GPL-2.0
/*
 * The micro-benchmark's frame: runs the operations between two marks.
 *
 * As process 1 it mounts what the operations need, runs them in a child (so
 * that nothing special about process 1 is measured), and powers off.  As an
 * ordinary process it just runs them.  The marks are two functions whose
 * addresses the counting plugin knows; the program is linked to an address of
 * its own so that no other program runs there.
 *
 * Arguments: --list for names and iterations.  Environment: BENCH_PERCENT scales
 * all iterations, BENCH_ONLY=NAME+NAME… selects rows.  BENCH_SAMPLES=S measures each
 * row 2 S times: alternately n and 2 n iterations, n being a fraction of the row's, for
 * where a single count is not repeatable.  (The kernel hands what
 * it does not know of its command line to process 1: NAME=VALUE reliably as
 * environment, other words mixed with its own.)
 * Output, after the last operation: "bench: row NAME ITERATIONS" for each, in
 * order, "bench: skipped NAME" for what this kernel cannot do, then "bench:
 * done".  A failure prints "bench: failed: …".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "micro.h"

enum { MAX_ROWS = 64, WARM_UP_DIVISOR = 10, MIN_WARM_UP = 3 };
/* Most samples are then shorter than the period of the timer tick. */
enum { SAMPLE_DIVISOR = 200, STOCK_PAGES = 8192 };
enum { SETTLE_NS = 20000000, PHASE_NS = 500000 };

static const struct operation *const groups[] = {
	process_operations, memory_operations, switch_operations,
#ifdef __powerpc64__
	hash_operations, budget_operations, tools_operations,
#endif
};

static struct {
	const char *name;
	long iterations;
} rows[MAX_ROWS];
static size_t nr_rows;
static const char *skipped[MAX_ROWS];
static size_t nr_skipped;
static const char *running = "start";

/* What the environment asked for; samples is 0 for one measurement of each row. */
struct plan {
	long percent, samples;
	const char *names;
};

const char *self_path = "/init";

/*
 * Never inlined, cloned or merged: each must have an address of its own.  A label
 * marks it, for a function's own symbol is that of a descriptor on ppc64.
 */
void __attribute__((noinline, noclone, used, aligned(64))) bench_mark_begin(void)
{
	__asm__ volatile(".globl bench_begin_at\nbench_begin_at:\tnop" ::: "memory");
}

void __attribute__((noinline, noclone, used, aligned(64))) bench_mark_end(void)
{
	__asm__ volatile(".globl bench_end_at\nbench_end_at:\tnop; nop" ::: "memory");
}

void die(const char *what)
{
	printf("bench: failed: %s: %s: %s\n", running, what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

char *map_pages(size_t pages)
{
	char *start = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(start != MAP_FAILED, "mmap");
	return start;
}

void touch_pages(char *start, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		*(volatile char *)(start + i * PAGE) = 1;
}

void unmap_pages(char *start, size_t pages)
{
	require(!munmap(start, pages * PAGE), "munmap");
}

void wait_for(int pid)
{
	int status;

	require(waitpid(pid, &status, 0) == pid, "waitpid");
	if (WIFSIGNALED(status))
		printf("bench: child killed by signal %d\n", WTERMSIG(status));
	errno = ECHILD;
	require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child failed");
}

static bool selected(const char *names, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = names; at; at = strchr(at, '+')) {
		at += *at == '+';
		if (!strncmp(at, name, length) && (at[length] == '+' || !at[length]))
			return true;
	}
	return !names;
}

/*
 * Lets deferred work (RCU, workqueues) of what ran before run dry, and starts
 * each measurement at the same phase of the timer tick whatever the kernel, so
 * that not even one tick more or less makes a difference.
 */
static void settle(void)
{
	struct timespec time;

	for (int i = 0; i < 2; i++) {
		require(!clock_gettime(CLOCK_MONOTONIC, &time), "clock_gettime");
		time.tv_nsec = (time.tv_nsec / SETTLE_NS + 2) * SETTLE_NS + PHASE_NS;
		time.tv_sec += time.tv_nsec / 1000000000;
		time.tv_nsec %= 1000000000;
		require(!clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL),
			"clock_nanosleep");
	}
}

static void sample(const struct operation *operation, long n)
{
	bench_mark_begin();
	operation->run(n);
	bench_mark_end();
}

static void measure(const struct operation *operation, const struct plan *plan)
{
	long n = plan->samples ? operation->iterations / SAMPLE_DIVISOR :
				 operation->iterations * plan->percent / 100;
	long warm_up;

	n = n > 0 ? n : 1;
	warm_up = n / WARM_UP_DIVISOR > MIN_WARM_UP ? n / WARM_UP_DIVISOR : MIN_WARM_UP;
	running = operation->name;
	require(nr_rows < MAX_ROWS, "too many rows");
	if (operation->prepare)
		operation->prepare();
	operation->run(warm_up);
	settle();
	if (!plan->samples)
		sample(operation, n);
	for (long i = 0; i < plan->samples; i++) {
		sample(operation, n);
		sample(operation, 2 * n);
	}
	if (operation->finish)
		operation->finish();
	rows[nr_rows].name = operation->name;
	rows[nr_rows++].iterations = n;
}

static int run_all(const struct plan *plan)
{
	const struct sched_param none = { 0 };

	/*
	 * A waker is never preempted by whom it wakes: a ping-pong is then two
	 * switches always, not two and some that depend on the kernel's timing.
	 */
	require(!sched_setscheduler(0, SCHED_BATCH, &none), "sched_setscheduler");
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (const struct operation *o = groups[g]; o->name; o++) {
			if (!selected(plan->names, o->name))
				continue;
			if (!o->supported || o->supported())
				measure(o, plan);
			else
				skipped[nr_skipped++] = o->name;
		}
	}
	for (size_t i = 0; i < nr_rows; i++)
		printf("bench: row %s %ld\n", rows[i].name, rows[i].iterations);
	for (size_t i = 0; i < nr_skipped; i++)
		printf("bench: skipped %s\n", skipped[i]);
	printf("bench: done\n");
	return fflush(stdout) ? 1 : 0;
}

static int list(void)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct operation *o = groups[g]; o->name; o++)
			printf("%s %ld\n", o->name, o->iterations);
	return fflush(stdout) ? 1 : 0;
}

/*
 * Single samples are small enough to see whether the page allocator has free pages at
 * hand or fetches them from its free areas, which depends on all that ran before.  So
 * its lists may grow, and there is enough in them for any row.
 */
static void fill_page_lists(void)
{
	static const char fraction[] = "8";
	FILE *control = fopen("/proc/sys/vm/percpu_pagelist_high_fraction", "w");
	char *pages = map_pages(STOCK_PAGES);

	require(control && fputs(fraction, control) >= 0 && !fclose(control), "page lists");
	touch_pages(pages, STOCK_PAGES);
	unmap_pages(pages, STOCK_PAGES);
}

/* Ends the machine, whatever happened: the harness reads the log. */
static void be_init(const struct plan *plan)
{
	pid_t child;

	require(!mount("dev", "/dev", "devtmpfs", 0, NULL), "mount /dev");
	require(!mount("tmp", "/tmp", "tmpfs", 0, NULL), "mount /tmp");
	if (plan->samples) {
		require(!mount("proc", "/proc", "proc", 0, NULL), "mount /proc");
		fill_page_lists();
	}
	child = fork();
	require(child >= 0, "fork");
	if (!child)
		_exit(run_all(plan));
	wait_for(child);
}

static void power_off(void)
{
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
}

static long number(const char *name, long otherwise)
{
	const char *value = getenv(name);

	return value ? atol(value) : otherwise;
}

int main(int argc, char **argv)
{
	const struct plan plan = {
		.percent = number("BENCH_PERCENT", 100), .samples = number("BENCH_SAMPLES", 0),
		.names = getenv("BENCH_ONLY"),
	};

	if (argc > 1 && !strcmp(argv[1], "--exit"))
		return 0;
	if (argc > 1 && !strcmp(argv[1], "--list"))
		return list();
	if (getpid() != 1) {
		self_path = "/proc/self/exe";
		return run_all(&plan);
	}
	/* die() ends the process; for process 1 that would be a panic. */
	if (!fork()) {
		be_init(&plan);
		_exit(0);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
	power_off();
	return 1;
}
