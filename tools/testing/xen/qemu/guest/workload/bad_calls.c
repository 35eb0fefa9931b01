// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls with bad pointers and counts: each is refused with the errno that is
 * documented, and leaves nothing behind - no pinned page, no lost memory, nothing written
 * where it must not be.  A good call works in between, and one at the end.
 *
 * Pages come and go under a call while a thread unmaps them: success or EFAULT, no more.
 *
 * Pins are counted by Linux, one by one.  Other memory is not, and an unrelated part of the
 * kernel may take some meanwhile: each kind of call is made so often that one page lost in
 * each round is twice as much as that.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "peer.h"
#include "workload.h"

#define ROUNDS 512
#define RACES 2000
/* With a thread beside it, until it went well once and badly once, or this often. */
#define MOST_RACES (100 * RACES)
#define DOMAINS 64
/* What an unrelated part of the kernel may take meanwhile: four times what was seen. */
#define LOST_KB 1024
_Static_assert(ROUNDS * (PAGE / 1024) >= 2 * LOST_KB, "one page lost in each round is seen");

static int device;
static struct domain_info info[DOMAINS];
/* Of page kinds: mapped read-write, read-only, not mapped; in this order, one each. */
static unsigned char *pages;

static struct sysctl list_into(uint64_t buffer, uint32_t most)
{
	struct sysctl list = {.command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION};

	list.domains.most = most;
	list.domains.buffer = buffer;
	return list;
}

static int call_list(const struct sysctl *list)
{
	return hypercall(device, CALL_SYSCTL, (uintptr_t)list, 0, 0);
}

static void refused(int result, int code, const char *what)
{
	int got = errno;

	if (result != -1)
		fail("%s: it was done (%d)", what, result);
	if (got != code)
		fail("%s: %s", what, strerror(got));
}

static void good(void)
{
	struct sysctl list = list_into((uintptr_t)info, DOMAINS);

	memset(info, 0x5a, sizeof(info));
	check_errno(!call_list(&list), "a good getdomaininfolist");
	if (list.domains.count < 1 || info[0].domain != 0 || !info[0].pages)
		fail("a good getdomaininfolist: %u domains", list.domains.count);
	for (size_t i = list.domains.count; i < DOMAINS; i++)
		if (info[i].domain != 0x5a5a)
			fail("a good getdomaininfolist wrote to element %zu", i);
}

/* Where the argument itself lies. */
static void bad_structures(void)
{
	static const struct {
		const char *name;
		uint64_t at;
	} places[] = {
		{"structure at null", 0},
		{"structure in the kernel", 0xc000000000000000ull},
		{"structure in the kernel's mappings", 0xc008000000000000ull},
		{"structure that wraps", ~0ull - 15},
		{"structure at an impossible address", 0x0100000000000000ull},
	};
	struct sysctl *list = (void *)(pages + PAGE - sizeof(*list));

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		refused(hypercall(device, CALL_SYSCTL, places[i].at, 0, 0), EFAULT, places[i].name);
		refused(hypercall(device, CALL_DOMCTL, places[i].at, 0, 0), EFAULT, places[i].name);
	}
	refused(hypercall(device, CALL_SYSCTL, (uintptr_t)(pages + 2 * PAGE), 0, 0), EFAULT,
		"structure that is not mapped");
	refused(hypercall(device, CALL_SYSCTL, (uintptr_t)(pages + 2 * PAGE - 64), 0, 0), EFAULT,
		"structure half of which is not mapped");
	/* Read-only: its results cannot be stored. */
	refused(hypercall(device, CALL_SYSCTL, (uintptr_t)(pages + PAGE + 64), 0, 0), EFAULT,
		"read-only structure");
	/* At any address: there is no alignment that a process must keep. */
	for (unsigned int shift = 1; shift < 8; shift++) {
		struct sysctl copy = list_into((uintptr_t)info, DOMAINS);
		void *at = (unsigned char *)list - shift;

		memcpy(at, &copy, sizeof(copy));
		check_errno(!call_list(at), "unaligned structure");
		memcpy(&copy, at, sizeof(copy));
		if (copy.domains.buffer != (uintptr_t)info || copy.domains.count < 1)
			fail("unaligned structure: %u domains", copy.domains.count);
	}
}

static void bad_pointer(uint64_t at, uint32_t most, int code, const char *what)
{
	struct sysctl list = list_into(at, most), before = list;

	refused(call_list(&list), code, what);
	if (list.domains.buffer != before.domains.buffer ||
	    list.domains.most != before.domains.most)
		fail("%s: the structure changed", what);
}

static void bad_pointers(void)
{
	bad_pointer(0, 4, EFAULT, "null buffer");
	bad_pointer(0xc000000000000000ull, 4, EFAULT, "buffer in the kernel");
	bad_pointer(0xc008000000000000ull, 4, EFAULT, "buffer in the kernel's mappings");
	bad_pointer(~0ull - 71, 4, EFAULT, "buffer that wraps");
	bad_pointer((uintptr_t)(pages + PAGE), 4, EFAULT, "read-only buffer");
	bad_pointer((uintptr_t)(pages + 2 * PAGE), 4, EFAULT, "buffer that is not mapped");
	bad_pointer((uintptr_t)(pages + PAGE - 72), 4, EFAULT, "buffer that ends read-only");
	bad_pointer((uintptr_t)info, ~0u, E2BIG, "four billion elements");
	bad_pointer((uintptr_t)info, (1u << 24) + 1, E2BIG, "more elements than the most");
	/* Elements have the alignment of their words. */
	bad_pointer((uintptr_t)info + 3, 4, EINVAL, "unaligned buffer");
}

static void bad_numbers(void)
{
	static const struct {
		const char *name;
		uint64_t op, first;
		int code;
	} calls[] = {
		{"no call", 11, 0, ENOSYS},
		{"no call", 63, 0, ENOSYS},
		{"no call", ~0ull, 0, ENOSYS},
		{"multicall", 13, 0, EOPNOTSUPP},
		{"set_timer_op", 15, 0, EOPNOTSUPP},
		{"no xen_version", CALL_XEN_VERSION, 77, ENOSYS},
		{"map_grant_ref", CALL_GRANT_TABLE_OP, 0, EOPNOTSUPP},
		{"exchange", CALL_MEMORY_OP, 11, EOPNOTSUPP},
		{"bind_interdomain", CALL_EVENT_CHANNEL_OP, 0, EOPNOTSUPP},
	};
	struct sysctl list = list_into((uintptr_t)info, 1);
	struct domctl none = {.command = 99, .version = DOMCTL_VERSION};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		refused(hypercall(device, calls[i].op, calls[i].first, (uintptr_t)pages, 1),
			calls[i].code, calls[i].name);
	list.version++;
	refused(call_list(&list), EACCES, "sysctl of another version");
	refused(hypercall(device, CALL_DOMCTL, (uintptr_t)&none, 0, 0), ENOSYS, "no domctl");
}

static volatile int racing;

static void *unmapper(void *unused)
{
	(void)unused;
	while (racing) {
		madvise(pages, PAGE, MADV_DONTNEED);
		mprotect(pages, PAGE, PROT_NONE);
		mprotect(pages, PAGE, PROT_READ | PROT_WRITE);
	}
	return NULL;
}

/* The buffer goes, and comes back, while it is in use. */
static unsigned int under_the_call(void)
{
	const int beside = sysconf(_SC_NPROCESSORS_ONLN) > 1;
	unsigned int done = 0, races = 0;
	pthread_t thread;

	racing = 1;
	if (pthread_create(&thread, NULL, unmapper, NULL))
		fail("no thread");
	while (races < RACES || (beside && (!done || done == races) && races < MOST_RACES)) {
		struct sysctl list = list_into((uintptr_t)pages, 4);

		races++;
		if (!call_list(&list))
			done++;
		else if (errno != EFAULT)
			fail("a buffer that comes and goes: %s", strerror(errno));
	}
	racing = 0;
	pthread_join(thread, NULL);
	/* Where the thread had a processor of its own, it was in the way, and not always. */
	if (beside && (!done || done == races))
		fail("a buffer that comes and goes: %u of %u calls were done", done, races);
	figure("races", races);
	return done;
}

/*
 * Memory of the device made for it, which is no ordinary memory of a process (VM_IO).  Linux's
 * fast way to pin pages does not look at that.  Only when it gives up, while another thread
 * forks, the port takes references of the pages itself: seldom, and not here.
 */
static void device_buffers(void)
{
	int buffers = open("/dev/xen/hypercall", O_RDWR);
	struct domain_info *at;
	struct sysctl *list;

	check_errno(buffers >= 0, "/dev/xen/hypercall");
	at = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, buffers, 0);
	check_errno(at != MAP_FAILED, "mmap of /dev/xen/hypercall");
	/* Structure in one page, elements over the border of the two others. */
	list = (void *)at;
	*list = list_into((uintptr_t)at + 2 * PAGE - 40, 2);
	check_errno(!call_list(list), "getdomaininfolist in the device's memory");
	if (list->domains.count < 1 ||
	    !((struct domain_info *)((uintptr_t)at + 2 * PAGE - 40))->pages)
		fail("getdomaininfolist in the device's memory: %u domains", list->domains.count);
	check_errno(!munmap(at, 3 * PAGE), "munmap");
	close(buffers);
}

/* A number of /proc/meminfo or /proc/vmstat. */
static uint64_t counter(const char *file, const char *name)
{
	char line[128], found[64];
	unsigned long long value;
	FILE *lines = fopen(file, "r");

	check_errno(lines != NULL, file);
	while (fgets(line, sizeof(line), lines))
		if (sscanf(line, "%63s %llu", found, &value) == 2 && !strcmp(found, name)) {
			fclose(lines);
			return value;
		}
	fail("%s has no %s", file, name);
}

/* Each processor counts for itself; have them summed up. */
static void sum_up(void)
{
	int refresh = open("/proc/sys/vm/stat_refresh", O_WRONLY);

	check_errno(refresh >= 0 && write(refresh, "1\n", 2) == 2, "/proc/sys/vm/stat_refresh");
	close(refresh);
}

static void pins_balance(void)
{
	uint64_t taken, released;

	sum_up();
	taken = counter("/proc/vmstat", "nr_foll_pin_acquired");
	released = counter("/proc/vmstat", "nr_foll_pin_released");
	if (taken != released)
		fail("%llu pages were pinned, %llu released", (unsigned long long)taken,
		     (unsigned long long)released);
	if (!taken)
		fail("nothing was ever pinned");
}

/* Whatever leaves nothing behind, once. */
static void one_round(void)
{
	bad_structures();
	bad_pointers();
	bad_numbers();
	device_buffers();
}

void step_bad_calls(void)
{
	uint64_t before, after;
	unsigned int done;

	device = open("/dev/xen/privcmd", O_RDWR);
	check_errno(device >= 0, "/dev/xen/privcmd");
	pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check_errno(pages != MAP_FAILED, "mmap");
	memset(pages, 0, 3 * PAGE);
	*(struct sysctl *)(void *)(pages + PAGE + 64) = list_into((uintptr_t)info, DOMAINS);
	check_errno(!mprotect(pages + PAGE, PAGE, PROT_READ), "mprotect");
	check_errno(!munmap(pages + 2 * PAGE, PAGE), "munmap");
	good();
	/* What is allocated once, and stays, is no loss. */
	one_round();
	before = counter("/proc/meminfo", "MemFree:");
	for (int round = 0; round < ROUNDS; round++)
		one_round();
	done = under_the_call();
	good();
	pins_balance();
	after = counter("/proc/meminfo", "MemFree:");
	if (after + LOST_KB < before)
		fail("%llu KB of memory are gone", (unsigned long long)(before - after));
	close(device);
	figure("rounds", ROUNDS);
	figure("lost_kb", after < before ? before - after : 0);
	figure("raced_well", done);
	figure("pins", counter("/proc/vmstat", "nr_foll_pin_acquired"));
}
