// SPDX-License-Identifier: GPL-2.0
/*
 * A process that tries to make the hypervisor write where it must not: through the header
 * of its area, through pointers that lead out of it, through a child, a second thread, and
 * through mappings that come and go while a call is under way.  Whatever it does, the
 * header stays as the kernel wrote it and memory beside the area as the process left it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "workload.h"
#include "xencall.h"
#include "xencomm_area.h"

#define PAGES 4
#define ROUNDS 300
#define UNTOUCHED 0x5a

static unsigned int refused;

/* What was tried must have failed, with this errno. */
static void must_fail(int failed, int expected, const char *what)
{
	if (!failed)
		fail("%s was done", what);
	if (errno != expected)
		fail("%s: %s", what, strerror(errno));
	refused++;
}

static void *map(int device, unsigned int first, unsigned int pages, int protection, int flags)
{
	return mmap(NULL, pages * PAGE, protection, flags, device, (off_t)first * PAGE);
}

static void mappings(void)
{
	struct xencomm_create many = { .data_pages = 256 }, odd = { .flags = 1 };
	struct xencomm_create create = { .data_pages = PAGES };
	int device = area_device();
	const int read_write = PROT_READ | PROT_WRITE;
	struct xencomm_call call = { .number = CALL_XEN_VERSION };

	must_fail(ioctl(device, XENCOMM_IOC_CREATE, &many), E2BIG, "an area of 257 pages");
	must_fail(ioctl(device, XENCOMM_IOC_CREATE, &odd), EINVAL, "create with flags");
	must_fail(ioctl(device, XENCOMM_IOC_CREATE, (void *)8), EFAULT, "create from nowhere");
	must_fail(ioctl(device, _IO(0xc8, 99)), ENOTTY, "an unknown ioctl");
	must_fail(ioctl(device, XENCOMM_IOC_CALL, &call), ENXIO, "a call without an area");
	must_fail(map(device, 0, 1, PROT_READ, MAP_SHARED) == MAP_FAILED, ENXIO,
		  "mmap without an area");
	check_errno(!ioctl(device, XENCOMM_IOC_CREATE, &create), "create");
	must_fail(ioctl(device, XENCOMM_IOC_CREATE, &create), EBUSY, "a second create");
	must_fail(map(device, 1, PAGES, read_write, MAP_SHARED) == MAP_FAILED, ENXIO,
		  "data pages before the header");
	must_fail(map(device, 0, 1, read_write, MAP_SHARED) == MAP_FAILED, EACCES,
		  "a header that can be written");
	must_fail(map(device, 0, 1, PROT_READ, MAP_PRIVATE) == MAP_FAILED, EINVAL,
		  "a private header");
	must_fail(map(device, 0, 1 + PAGES, PROT_READ, MAP_SHARED) == MAP_FAILED, EINVAL,
		  "header and data as one");
	check_errno(map(device, 0, 1, PROT_READ, MAP_SHARED) != MAP_FAILED, "mmap");
	must_fail(map(device, 0, 1, PROT_READ, MAP_SHARED) == MAP_FAILED, EBUSY,
		  "a second header");
	must_fail(map(device, 1, PAGES, read_write, MAP_SHARED) == MAP_FAILED, EINVAL,
		  "data pages elsewhere");
	must_fail(ioctl(device, XENCOMM_IOC_CALL, &call), ENXIO, "a call with half an area");
	close(device);
}

static sigjmp_buf after_fault;

static void on_fault(int signal)
{
	(void)signal;
	siglongjmp(after_fault, 1);
}

static int writable(volatile void *at)
{
	struct sigaction action = { .sa_handler = on_fault }, old;
	volatile int done = 0;

	sigaction(SIGSEGV, &action, &old);
	if (!sigsetjmp(after_fault, 1)) {
		*(volatile char *)at = 0;
		done = 1;
	}
	sigaction(SIGSEGV, &old, NULL);
	return done;
}

static void header_stays(const struct area *area)
{
	static const char zeros[PAGE];
	void *header = (void *)area->header;
	struct xencomm_area_header before = *(struct xencomm_area_header *)header;
	struct iovec from = { (void *)zeros, 24 }, to = { header, 24 };
	long done;
	int zero = open("/dev/zero", O_RDONLY), memory = open("/proc/self/mem", O_RDWR);
	void *elsewhere = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check_errno(zero >= 0 && memory >= 0 && elsewhere != MAP_FAILED, "open, mmap");
	must_fail(mprotect(header, PAGE, PROT_READ | PROT_WRITE), EACCES, "mprotect");
	if (writable(header))
		fail("the header was written");
	must_fail(read(zero, header, 24) < 0, EFAULT, "read() into the header");
	must_fail(pwrite(memory, zeros, 24, (off_t)(uintptr_t)header) < 0, EIO,
		  "/proc/self/mem");
	done = process_vm_writev(getpid(), &from, 1, &to, 1, 0);
	must_fail(done < 0, EFAULT, "process_vm_writev");
	must_fail(mremap(header, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, elsewhere) ==
		  MAP_FAILED, EINVAL, "mremap");
	must_fail(mremap(area->data, PAGES * PAGE, 2 * PAGES * PAGE, MREMAP_MAYMOVE) == MAP_FAILED,
		  EFAULT, "a larger area");
	close(zero);
	close(memory);
	if (memcmp(&before, header, sizeof(before)))
		fail("the header changed");
}

/* By privcmd, the header page is not memory to be written. */
static void header_as_a_buffer(const struct area *area)
{
	struct sysctl sysctl = { .command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION };
	struct privcmd_call call = { CALL_SYSCTL, { (uintptr_t)&sysctl } };
	int device = open("/dev/xen/privcmd", O_RDWR);

	check_errno(device >= 0, "/dev/xen/privcmd");
	sysctl.domains.most = 1;
	sysctl.domains.buffer = (uintptr_t)area->header;
	must_fail(ioctl(device, PRIVCMD_HYPERCALL, &call), EFAULT, "the header as a buffer");
	close(device);
}

static void pointers(const struct area *area)
{
	static unsigned char outside[PAGE];
	const uint64_t header = (uintptr_t)area->header, data = (uintptr_t)area->data;
	const uint64_t end = data + PAGES * PAGE, info = sizeof(struct domain_info);
	const uint64_t wrong[] = {
		header, header + 24, header + 1024, data - 8, data - 1, header - info, end,
		end - info + 1, 0, 8, (uintptr_t)outside, ~0ull, ~0ull - info + 1,
		1ull << 63 | data, 1ull << 62 | data, (uint64_t)1 << 63, area->header->phys_base,
	};
	struct sysctl sysctl;

	memset(outside, UNTOUCHED, sizeof(outside));
	for (size_t n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++) {
		/* The upper half is padding to a 32-bit process. */
		if (sizeof(void *) == 4 && (uint32_t)wrong[n] >= data && (uint32_t)wrong[n] < end)
			continue;
		must_fail(area_list(area, &sysctl, wrong[n], 1), EFAULT, "a pointer outside");
	}
	for (size_t n = 0; n < sizeof(outside); n++)
		if (outside[n] != UNTOUCHED)
			fail("byte %zu beside the area was written", n);
	must_fail(area_list(area, &sysctl, data, 1u << 24), EFAULT, "a huge count");
	must_fail(area_list(area, &sysctl, data, ~0u), E2BIG, "the largest count");
	check_errno(!area_list(area, &sysctl, end - info, 1), "the last element");
}

static void child(const struct area *area)
{
	pid_t pid;

	/* Even where the process lets its child inherit the mapping. */
	for (int inherit = 0; inherit < 2; inherit++) {
		if (inherit)
			check_errno(!madvise((void *)area->header, (1 + PAGES) * PAGE,
					     MADV_DOFORK), "MADV_DOFORK");
		pid = fork();
		check_errno(pid >= 0, "fork");
		if (!pid) {
			struct sysctl sysctl;

			if (!area_list(area, &sysctl, (uintptr_t)area->data, 1) || errno != EPERM)
				_exit(1);
			if (writable(area->header) || (!inherit && writable(area->data)))
				_exit(2);
			_exit(0);
		}
		reap(pid, 0, "child");
	}
	check_errno(!madvise((void *)area->header, (1 + PAGES) * PAGE, MADV_DONTFORK),
		    "MADV_DONTFORK");
}

static void limits(void)
{
	struct xencomm_create create = { .data_pages = XENCOMM_MAX_DATA_PAGES };
	int devices[64];
	unsigned int made = 0;

	for (;;) {
		if (made == 64)
			fail("areas without a limit");
		devices[made] = area_device();
		if (ioctl(devices[made++], XENCOMM_IOC_CREATE, &create))
			break;
	}
	must_fail(1, ENOSPC, "an area too many");
	while (made)
		close(devices[--made]);
}

struct caller {
	const struct area *area;
	unsigned int page; /* of the list */
	int ends;	   /* the file is closed under it */
};

static void *caller(void *argument)
{
	const struct caller *self_ = argument;
	unsigned char *at = self_->area->data + self_->page * PAGE;

	for (unsigned int n = 0; n < ROUNDS || self_->ends; n++) {
		struct sysctl sysctl;

		if (area_list(self_->area, &sysctl, (uintptr_t)at, 1)) {
			if (self_->ends && errno == EBADF)
				return NULL;
			fail("a call beside another: %s", strerror(errno));
		}
		if (sysctl.domains.count != 1 || sysctl.domains.buffer != (uintptr_t)at)
			fail("calls got into each other's way");
	}
	return NULL;
}

static void started(pthread_t *thread, struct caller *argument)
{
	if (pthread_create(thread, NULL, caller, argument))
		fail("pthread_create");
}

static void two_threads(const struct area *area)
{
	struct caller callers[2] = { { area, 0, 0 }, { area, PAGES - 1, 0 } };
	pthread_t threads[2];

	for (int n = 0; n < 2; n++)
		started(&threads[n], &callers[n]);
	for (int n = 0; n < 2; n++)
		pthread_join(threads[n], NULL);
}

/* Something else comes to where the data pages were: calls never touch it. */
static void replaced_during_calls(const struct area *area)
{
	struct caller one = { area, 1, 0 };
	pthread_t thread;

	started(&thread, &one);
	usleep(1000);
	check_errno(mmap(area->data, PAGES * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == area->data, "mmap");
	memset(area->data, UNTOUCHED, PAGES * PAGE);
	pthread_join(thread, NULL);
	for (unsigned int n = 0; n < PAGES * PAGE; n++)
		if (area->data[n] != UNTOUCHED)
			fail("a call wrote to byte %u behind a replaced mapping", n);
}

static void closed_during_calls(void)
{
	struct area area = area_open(PAGES);
	struct caller one = { &area, 0, 1 };
	pthread_t thread;

	started(&thread, &one);
	usleep(20000);
	check_errno(!close(area.device), "close");
	pthread_join(thread, NULL);
	check_errno(!munmap((void *)area.header, (1 + PAGES) * PAGE), "munmap");
}

void step_xencomm_hostile(void)
{
	struct area area;

	mappings();
	limits();
	area = area_open(PAGES);
	header_stays(&area);
	header_as_a_buffer(&area);
	pointers(&area);
	child(&area);
	two_threads(&area);
	header_stays(&area);
	replaced_during_calls(&area);
	area_close(&area);
	closed_during_calls();
	figure("refused", refused);
	figure("calls", 3 * ROUNDS);
}
