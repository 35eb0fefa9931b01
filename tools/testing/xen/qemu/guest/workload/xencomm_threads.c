// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that get into each other's way with an area of /dev/xen/xencomm: two make calls at
 * the same time, one replaces the mapping that the other's calls use, one closes the file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pagemap.h"
#include "workload.h"
#include "xencall.h"
#include "xencomm_area.h"

#define ROUNDS 300
#define UNTOUCHED 0x5a
/* Areas that are closed; where threads have processors of their own, until it hit once. */
#define CLOSES 3u
#define MOST_CLOSES 300u
/* No number of frames. */
#define NO_COUNT (~0ull)

struct caller {
	const struct area *area;
	unsigned int page; /* of the list */
	unsigned int calls; /* to make; others may change it */
	unsigned int done;
};

static unsigned int read_now(const unsigned int *number)
{
	return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}

static void *caller(void *argument)
{
	struct caller *self_ = argument;
	unsigned char *at = self_->area->data + self_->page * PAGE;

	while (self_->done < read_now(&self_->calls)) {
		struct sysctl sysctl;

		check_errno(!area_list(self_->area, &sysctl, (uintptr_t)at, 1),
			    "a call beside another");
		if (sysctl.domains.count != 1 || sysctl.domains.buffer != (uintptr_t)at)
			fail("calls got into each other's way");
		__atomic_add_fetch(&self_->done, 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

static void started(pthread_t *thread, void *(*run)(void *), void *argument)
{
	if (pthread_create(thread, NULL, run, argument))
		fail("pthread_create");
}

unsigned int area_two_threads(const struct area *area)
{
	struct caller callers[2] = {
		{ .area = area, .calls = ROUNDS },
		{ .area = area, .calls = ROUNDS, .page = area->pages - 1 },
	};
	pthread_t threads[2];

	for (int n = 0; n < 2; n++)
		started(&threads[n], caller, &callers[n]);
	for (int n = 0; n < 2; n++)
		pthread_join(threads[n], NULL);
	return callers[0].done + callers[1].done;
}

/* A caller that makes no more calls would be waited for until the step's time is over. */
static void await_calls(const struct caller *one, unsigned int calls)
{
	while (read_now(&one->done) < calls)
		usleep(100);
}

unsigned int area_replaced(const struct area *area)
{
	const unsigned int bytes = area->pages * PAGE;
	struct caller one = { .area = area, .calls = ~0u, .page = 1 };
	unsigned int before;
	pthread_t thread;

	started(&thread, caller, &one);
	await_calls(&one, ROUNDS / 2);
	check_errno(mmap(area->data, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == area->data, "mmap");
	memset(area->data, UNTOUCHED, bytes);
	before = read_now(&one.done);
	/* One more: it may have been under way already. */
	await_calls(&one, before + 1 + ROUNDS / 2);
	__atomic_store_n(&one.calls, 0, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	for (unsigned int n = 0; n < bytes; n++)
		if (area->data[n] != UNTOUCHED)
			fail("a call wrote to byte %u behind a replaced mapping", n);
	return one.done;
}

struct long_call {
	const struct area *area;
	struct domctl *domctl;
};

/* A list of as many frames as the area has room for, which takes the hypervisor a while. */
static void *list_frames(void *argument)
{
	const struct long_call *call = argument;
	int64_t result;

	check_errno(!area_call(call->area, CALL_DOMCTL, (uintptr_t)call->domctl, 0, &result),
		    "a call whose file is closed");
	if (result)
		fail("getmemlist: %lld", (long long)result);
	return NULL;
}

/* The argument of such a call, in a page that is not mapped before somebody looks at it. */
static struct domctl *unseen_argument(const struct area *area)
{
	struct domctl domctl = { .command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION };
	int memory = memfd_create("argument", MFD_CLOEXEC);
	void *at;

	domctl.memlist.most = area->pages * (PAGE / sizeof(uint64_t));
	domctl.memlist.buffer = (uintptr_t)area->data;
	domctl.memlist.count = NO_COUNT;
	check_errno(memory >= 0 && !ftruncate(memory, PAGE), "memfd_create");
	check_errno(write(memory, &domctl, sizeof(domctl)) == sizeof(domctl), "write");
	at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	check_errno(at != MAP_FAILED, "mmap");
	close(memory);
	return at;
}

static void await_sight(const struct domctl *domctl)
{
	uint64_t frame;

	do
		frames_of(domctl, &frame, 1);
	while (frame == NO_FRAME);
}

/*
 * An area without mappings, the file of which is closed while a call is made: now the call
 * alone keeps it, and is done all the same.  The kernel has the file when it looks at the
 * argument, and stores the results last: whether none was there yet after the file was
 * closed says whether it was so.
 */
static int closed_in_flight(void)
{
	struct area area = area_open(XENCOMM_MAX_DATA_PAGES);
	struct long_call call = { .area = &area, .domctl = unseen_argument(&area) };
	const volatile struct domctl *domctl = call.domctl;
	int in_flight, again;
	int64_t result;
	pthread_t thread;

	check_errno(!munmap((void *)area.header, (1 + area.pages) * PAGE), "munmap");
	started(&thread, list_frames, &call);
	await_sight(call.domctl);
	check_errno(!close(area.device), "close");
	in_flight = domctl->memlist.count == NO_COUNT;
	pthread_join(thread, NULL);
	if (!domctl->memlist.count || domctl->memlist.count > domctl->memlist.most)
		fail("a call whose file is closed: %llu frames",
		     (unsigned long long)domctl->memlist.count);
	again = area_call(&area, CALL_DOMCTL, (uintptr_t)call.domctl, 0, &result);
	if (!again || errno != EBADF)
		fail("a call without a file: %s", again ? strerror(errno) : "it was done");
	check_errno(!munmap(call.domctl, PAGE), "munmap");
	return in_flight;
}

unsigned int area_closed(unsigned int *closed)
{
	const int beside = sysconf(_SC_NPROCESSORS_ONLN) > 1;
	unsigned int in_flight = 0;

	*closed = 0;
	while (*closed < CLOSES || (beside && !in_flight && *closed < MOST_CLOSES)) {
		in_flight += closed_in_flight();
		++*closed;
	}
	/* With one processor nobody closes a file while the hypervisor has it. */
	if (beside && !in_flight)
		fail("%u files were closed, and none with a call in flight", *closed);
	return in_flight;
}
