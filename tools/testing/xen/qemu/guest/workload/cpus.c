// SPDX-License-Identifier: GPL-2.0
/*
 * Processors: a thread runs on each that is online, and each takes part in a
 * shared sum, so that a vcpu that is listed and never runs is seen.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "workload.h"

#define MOST 64
#define WORK 200000

static uint64_t sum;

static void *work(void *cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((uintptr_t)cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		return (void *)1;
	for (int n = 0; n < WORK; n++)
		__atomic_fetch_add(&sum, 1, __ATOMIC_RELAXED);
	return (void *)(uintptr_t)(sched_getcpu() != (int)(uintptr_t)cpu);
}

void step_cpus(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t threads[MOST];

	if (count < 1 || count > MOST)
		fail("%ld processors online", count);
	for (long cpu = 0; cpu < count; cpu++)
		if (pthread_create(&threads[cpu], NULL, work, (void *)cpu))
			fail("cannot create thread %ld", cpu);
	for (long cpu = 0; cpu < count; cpu++) {
		void *wrong;

		pthread_join(threads[cpu], &wrong);
		if (wrong)
			fail("a thread could not run on processor %ld", cpu);
	}
	if (sum != (uint64_t)count * WORK)
		fail("the processors summed up to %lu", (unsigned long)sum);
	figure("online", count);
}
