// SPDX-License-Identifier: GPL-2.0
/*
 * A process that tries to make the hypervisor write where it must not: through the header
 * of its area, through pointers that lead out of it, through a child, and (xencomm_threads.c)
 * through a second thread, and mappings and files that go while a call is under way.
 * Whatever it does, the header stays as the kernel wrote it, memory beside the area as the
 * process left it, and no page of an area is lost: the last area that fits is made before
 * and after.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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
#define UNTOUCHED 0x5a
/* Of all areas together, with their header pages: Documentation/xen/xencomm.rst. */
#define ALL_PAGES 4096u
/* Those of the largest area; so many of them are all. */
#define MOST_PAGES (1 + XENCOMM_MAX_DATA_PAGES)
#define AREAS (ALL_PAGES / MOST_PAGES)
_Static_assert(AREAS * MOST_PAGES == ALL_PAGES, "the largest areas leave no page over");

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
	void *header;

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
	header = map(device, 0, 1, PROT_READ, MAP_SHARED);
	check_errno(header != MAP_FAILED, "mmap");
	must_fail(map(device, 0, 1, PROT_READ, MAP_SHARED) == MAP_FAILED, EBUSY,
		  "a second header");
	must_fail(map(device, 1, PAGES, read_write, MAP_SHARED) == MAP_FAILED, EINVAL,
		  "data pages elsewhere");
	must_fail(ioctl(device, XENCOMM_IOC_CALL, &call), ENXIO, "a call with half an area");
	/* A mapping keeps the area as the file does. */
	check_errno(!munmap(header, PAGE), "munmap");
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

static int create(int device, unsigned int pages)
{
	struct xencomm_create create = { .data_pages = pages };

	return ioctl(device, XENCOMM_IOC_CREATE, &create);
}

/* Areas can be made until they have all the pages that there are, and not one page more. */
static void limits(void)
{
	int devices[AREAS], other = area_device(), last = area_device();
	struct xencomm_info info;

	check_errno(!ioctl(other, XENCOMM_IOC_INFO, &info), "info");
	if (info.max_all_pages != ALL_PAGES)
		fail("all areas may have %u pages", info.max_all_pages);
	for (unsigned int n = 0; n < AREAS; n++) {
		devices[n] = area_device();
		if (create(devices[n], XENCOMM_MAX_DATA_PAGES))
			fail("area %u of %u: %s", n + 1, AREAS, strerror(errno));
	}
	must_fail(create(other, XENCOMM_MAX_DATA_PAGES), ENOSPC, "an area too many");
	must_fail(create(other, 0), ENOSPC, "a page too many");
	/* In place of one two that have as many pages. */
	close(devices[AREAS - 1]);
	devices[AREAS - 1] = area_device();
	check_errno(!create(devices[AREAS - 1], XENCOMM_MAX_DATA_PAGES - 1), "a smaller area");
	must_fail(create(other, 1), ENOSPC, "two pages where one is left");
	check_errno(!create(other, 0), "an area of the last page");
	must_fail(create(last, 0), ENOSPC, "a page too many");
	for (unsigned int n = 0; n < AREAS; n++)
		close(devices[n]);
	close(other);
	close(last);
}

void step_xencomm_hostile(void)
{
	unsigned int calls, closed, in_flight;
	struct area area;

	mappings();
	limits();
	area = area_open(PAGES);
	header_stays(&area);
	header_as_a_buffer(&area);
	pointers(&area);
	child(&area);
	calls = area_two_threads(&area);
	header_stays(&area);
	calls += area_replaced(&area);
	area_close(&area);
	in_flight = area_closed(&closed);
	limits();
	figure("refused", refused);
	figure("calls", calls);
	figure("closed", closed);
	figure("in_flight", in_flight);
}
