// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that share a handle, and a child made by fork(), on this machine's own kernel but
 * for the device.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sys.h"

static struct xencomm_sys sys;

static int open_null(void *context, const char *path, int flags)
{
	(void)context;
	if (strcmp(path, "/dev/xen/privcmd") == 0)
		return open("/dev/null", flags);
	errno = ENOENT;
	return -1;
}

/* The hypercall that every byte of its argument is seen by. */
static long sum_up(void *context, int fd, unsigned long request, void *argument)
{
	const unsigned char *at;
	uint64_t words[6];
	long sum = 0;

	(void)context;
	(void)fd;
	(void)request;
	memcpy(words, argument, sizeof(words));
	at = (const unsigned char *)(uintptr_t)words[1];
	while (words[2]-- != 0)
		sum += *at++;
	return sum;
}

static struct xencomm *opened(void)
{
	struct xencomm *handle;

	sys = xencomm_system;
	sys.open = open_null;
	sys.ioctl = sum_up;
	handle = xencomm_open_on(&sys, XENCOMM_ANY);
	if (!handle || xencomm_scheme(handle) != XENCOMM_MLOCK)
		abort();
	return handle;
}

#define THREADS 4
#define STEPS 4000
#define HELD 8

struct worker {
	struct xencomm *handle;
	unsigned char mark;
	int wrong;
};

static void *work(void *argument)
{
	struct worker *worker = argument;
	unsigned char *held[HELD] = { 0 };
	size_t bytes[HELD] = { 0 };
	unsigned int random = worker->mark;
	int step;

	for (step = 0; step < STEPS; step++) {
		struct xencomm_area *area;
		unsigned int i;

		random = random * 1664525u + 1013904223u;
		i = random >> 29;
		if (held[i]) {
			/* Nobody else wrote there. */
			if (xencomm_hypercall(worker->handle, 1, xencomm_ptr(held[i]), bytes[i]) !=
				    (long)bytes[i] * worker->mark ||
			    xencomm_free(worker->handle, held[i]) != 0)
				worker->wrong++;
			held[i] = NULL;
		} else {
			bytes[i] = 1 + (random >> 8) % 1000;
			held[i] = xencomm_alloc(worker->handle, bytes[i]);
			if (held[i])
				memset(held[i], worker->mark, bytes[i]);
			else
				worker->wrong++;
		}
		if (step % 64 != 0)
			continue;
		area = xencomm_area_create(worker->handle, 4096);
		if (!area || !xencomm_area_alloc(area, 4096, 0) ||
		    xencomm_area_destroy(worker->handle, area) != 0)
			worker->wrong++;
	}
	return NULL;
}

static void threads_share_a_handle(void)
{
	struct worker workers[THREADS];
	struct xencomm *handle = opened();
	pthread_t threads[THREADS];
	int i;

	for (i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ handle, (unsigned char)(i + 1), 0 };
		CHECK_EQ(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		CHECK_EQ(workers[i].wrong, 0);
	}
	CHECK_EQ(xencomm_close(handle), 0);
}

/* In the child; its exit status, 0 if all is as it is to be. */
static int in_child(struct xencomm *handle, const void *memory)
{
	int ends[2];

	if (pipe(ends) != 0)
		return 1;
	/* The emulator of a processor may not know the advice. */
#ifdef __x86_64__
	if (write(ends[1], memory, 1) != -1 || errno != EFAULT)
		return 2;
#else
	(void)memory;
#endif
	if (xencomm_alloc(handle, 8) || errno != ECHILD)
		return 3;
	if (xencomm_hypercall(handle, 1, 0) != -1 || errno != ECHILD)
		return 4;
	return xencomm_close(handle) == 0 ? 0 : 5;
}

static int files; /* opened and closed by a thread that is to end */

static void *cancelled(void *unused)
{
	int fd;

	(void)unused;
	/* Pending from here on, for the first place where a thread may be cancelled. */
	pthread_cancel(pthread_self());
	fd = xencomm_system.open(NULL, "/dev/null", O_RDONLY | O_CLOEXEC);
	files += fd >= 0;
	files += xencomm_system.close(NULL, fd) == 0;
	return &files;
}

/* It would keep the handle's lock for ever. */
static void a_cancelled_thread_does_not_end_in_the_library(void)
{
	pthread_t thread;
	void *result = NULL;

	CHECK_EQ(pthread_create(&thread, NULL, cancelled, NULL), 0);
	CHECK_EQ(pthread_join(thread, &result), 0);
	CHECK(result == &files);
	CHECK_EQ(files, 2);
}

static void a_child_has_no_areas_and_the_parent_keeps_its_own(void)
{
	struct xencomm *handle = opened();
	char *memory = xencomm_alloc(handle, 100);
	int status = -1;
	pid_t child;

	CHECK(memory != NULL);
	memset(memory, 3, 100);
	child = fork();
	if (child == 0)
		_exit(in_child(handle, memory));
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 0);
	CHECK_EQ(xencomm_hypercall(handle, 1, xencomm_ptr(memory), 100), 300);
	CHECK_EQ(xencomm_free(handle, memory), 0);
	CHECK_EQ(xencomm_close(handle), 0);
}

static const struct test tests[] = {
	{ "threads_share_a_handle", threads_share_a_handle },
	{ "a_cancelled_thread_does_not_end_in_the_library",
	  a_cancelled_thread_does_not_end_in_the_library },
	{ "a_child_has_no_areas_and_the_parent_keeps_its_own",
	  a_child_has_no_areas_and_the_parent_keeps_its_own },
};

int main(void)
{
	return RUN_TESTS(tests);
}
