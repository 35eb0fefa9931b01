// SPDX-License-Identifier: GPL-2.0
/*
 * Threads: a counter under a contended mutex, a strict alternation through a
 * condition variable (futex sleep and wake), thread-local storage, and mapping
 * changes in one thread while others run in the same address space (with
 * several vcpus: remote TLB flushes).
 */
#include <pthread.h>
#include <sys/mman.h>

#include "workload.h"

#define THREADS 4
#define ADDITIONS 5000
#define TURNS 500
#define REMAPS 200
#define PAGE 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static uint64_t counter;
static unsigned int turn;
static __thread uint64_t own;

static void *add(void *unused)
{
	(void)unused;
	for (int i = 0; i < ADDITIONS; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
		own++;
	}
	return (void *)(uintptr_t)own;
}

static void *alternate(void *parity)
{
	for (unsigned int n = (uintptr_t)parity; n < TURNS; n += 2) {
		pthread_mutex_lock(&lock);
		while (turn != n)
			pthread_cond_wait(&turned, &lock);
		turn++;
		pthread_cond_broadcast(&turned);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

/* Maps, fills, unmaps at a place that the kernel will reuse at once. */
static void *remap(void *seed)
{
	for (uint64_t n = 0; n < REMAPS; n++) {
		uint64_t value = n ^ (uint64_t)(uintptr_t)seed << 32;
		volatile uint64_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (page == MAP_FAILED || page[0])
			return (void *)1;
		page[0] = value;
		page[PAGE / 8 - 1] = ~value;
		if (page[0] != value || page[PAGE / 8 - 1] != ~value)
			return (void *)1;
		if (munmap((void *)page, PAGE))
			return (void *)1;
	}
	return NULL;
}

static void in_threads(int count, void *(*body)(void *), uintptr_t expected, const char *what)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, body, (void *)(uintptr_t)i))
			fail("cannot create thread %d", i);
	for (int i = 0; i < count; i++) {
		void *got;

		pthread_join(threads[i], &got);
		if ((uintptr_t)got != expected)
			fail("%s: thread %d ended with %lu", what, i, (unsigned long)got);
	}
}

void step_threads(void)
{
	in_threads(THREADS, add, ADDITIONS, "thread-local counter");
	if (counter != THREADS * ADDITIONS)
		fail("counted to %lu", (unsigned long)counter);
	in_threads(2, alternate, 0, "alternation");
	if (turn != TURNS)
		fail("%u turns taken", turn);
	in_threads(THREADS, remap, 0, "mappings");
	figure("locks", counter);
	figure("turns", turn);
	figure("mappings", THREADS * REMAPS);
}
