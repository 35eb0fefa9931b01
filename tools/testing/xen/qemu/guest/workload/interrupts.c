// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts on every processor, as /proc/interrupts counts them: timers where a
 * thread sleeps, calls between processors where a thread runs and another one
 * asks for a barrier in all.  Spurious ones go to the harness as a figure.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define MOST 64
#define SLEEPS 10
#define BARRIERS 20
#define ROUNDS 10

struct counts {
	uint64_t timer[MOST];	 /* LOC */
	uint64_t spurious[MOST]; /* SPU */
	uint64_t other[MOST];
};

static long processors;
static volatile int running;
static volatile int done;

/* One row: the numbers behind its name, as many as there are processors online. */
static void add_row(struct counts *into, char *row)
{
	char *at = strchr(row, ':');
	uint64_t *column = into->other;

	if (!at)
		return;
	if (strstr(row, "LOC:"))
		column = into->timer;
	if (strstr(row, "SPU:"))
		column = into->spurious;
	at++;
	for (long cpu = 0; cpu < processors; cpu++) {
		char *end;
		uint64_t value = strtoull(at, &end, 10);

		if (end == at)
			return;
		column[cpu] += value;
		at = end;
	}
}

static void read_counts(struct counts *into)
{
	FILE *file = fopen("/proc/interrupts", "r");
	char row[1024];

	check_errno(file != NULL, "/proc/interrupts");
	memset(into, 0, sizeof(*into));
	if (!fgets(row, sizeof(row), file) || !strstr(row, "CPU0"))
		fail("/proc/interrupts has no head");
	while (fgets(row, sizeof(row), file))
		add_row(into, row);
	fclose(file);
}

static void stay_on(long cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	check_errno(!sched_setaffinity(0, sizeof(one), &one), "sched_setaffinity");
}

static uint64_t timers(void)
{
	struct counts before, after;
	uint64_t least = ~0ull;

	for (long cpu = 0; cpu < processors; cpu++) {
		stay_on(cpu);
		read_counts(&before);
		for (int n = 0; n < SLEEPS; n++)
			nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
		read_counts(&after);
		after.timer[cpu] -= before.timer[cpu];
		if (after.timer[cpu] < SLEEPS / 2)
			fail("%lu timer interrupts on processor %ld for %d sleeps",
			     (unsigned long)after.timer[cpu], cpu, SLEEPS);
		if (after.timer[cpu] < least)
			least = after.timer[cpu];
	}
	return least;
}

static void *spin(void *cpu)
{
	stay_on((long)(uintptr_t)cpu);
	__atomic_fetch_add(&running, 1, __ATOMIC_RELAXED);
	while (!done)
		;
	return NULL;
}

/* The fewest calls that a processor other than the first has got since @before. */
static uint64_t fewest_calls(const struct counts *before)
{
	struct counts now;
	uint64_t least = ~0ull;

	read_counts(&now);
	for (long cpu = 1; cpu < processors; cpu++)
		if (now.other[cpu] - before->other[cpu] < least)
			least = now.other[cpu] - before->other[cpu];
	return least;
}

/*
 * A barrier in all threads interrupts each processor that runs one.  One that runs
 * something else at that moment is left out, so it takes as many as it takes.
 */
static uint64_t calls(void)
{
	pthread_t threads[MOST];
	struct counts before;
	uint64_t least = 0;

	check_errno(!syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0),
		    "membarrier");
	stay_on(0);
	for (long cpu = 1; cpu < processors; cpu++)
		if (pthread_create(&threads[cpu], NULL, spin, (void *)cpu))
			fail("cannot create thread %ld", cpu);
	while (running < processors - 1)
		sched_yield();
	read_counts(&before);
	for (int round = 0; round < ROUNDS && least < BARRIERS; round++) {
		for (int n = 0; n < BARRIERS; n++)
			check_errno(!syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0,
					     0), "membarrier");
		least = fewest_calls(&before);
	}
	done = 1;
	for (long cpu = 1; cpu < processors; cpu++)
		pthread_join(threads[cpu], NULL);
	if (least < BARRIERS)
		fail("%lu calls on a processor for %d barriers", (unsigned long)least,
		     ROUNDS * BARRIERS);
	return least;
}

void step_interrupts(void)
{
	struct counts all;
	uint64_t spurious = 0;

	processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (processors < 1 || processors > MOST)
		fail("%ld processors online", processors);
	figure("timers", timers());
	if (processors > 1)
		figure("calls", calls());
	read_counts(&all);
	for (long cpu = 0; cpu < processors; cpu++) {
		if (!all.timer[cpu])
			fail("no timer interrupt on processor %ld", cpu);
		spurious += all.spurious[cpu];
	}
	figure("spurious", spurious);
	figure("cpus", (uint64_t)processors);
}
