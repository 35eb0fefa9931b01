// SPDX-License-Identifier: GPL-2.0
/*
 * Areas that the kernel owns and makes known to the hypervisor: /dev/xen/xencomm.
 *
 * Each area is a file of its own.  Its header page, which only the kernel writes, is mapped
 * below the data pages.  The kernel copies the argument of a call behind the header; pointers
 * in it stay as they are, because the hypervisor rebases them.  Calls in one area wait for
 * each other in the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/xencomm.h>

#include "internal.h"

#define XENCOMM_DEVICE "/dev/xen/xencomm"

_Static_assert(XENCOMM_PAGE_SIZE == XENCOMM_PAGE_BYTES, "one size of pages");
_Static_assert(XENCOMM_NR_ARGUMENTS == XENCOMM_NR_ARGS, "one number of arguments");
_Static_assert(sizeof(struct xencomm_call) == 56, "the same for 32-bit programs");

static int close_keeping_errno(const struct xencomm_sys *sys, int fd)
{
	const int error = errno;

	sys->close(sys->context, fd);
	errno = error;
	return -1;
}

static int page_open(struct xencomm *handle)
{
	const struct xencomm_sys *sys = handle->sys;
	struct xencomm_info info = { 0 };
	const int fd = sys->open(sys->context, XENCOMM_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (sys->ioctl(sys->context, fd, XENCOMM_IOC_INFO, &info) != 0)
		return close_keeping_errno(sys, fd);
	sys->close(sys->context, fd);
	if (info.version != XENCOMM_VERSION) {
		errno = EPROTONOSUPPORT;
		return -1;
	}
	/* Areas of one page have no room for what an argument points to. */
	if (info.max_data_pages == 0) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (info.max_data_pages > XENCOMM_MAX_DATA_PAGES)
		info.max_data_pages = XENCOMM_MAX_DATA_PAGES;
	handle->area_max = (size_t)info.max_data_pages * XENCOMM_PAGE_BYTES;
	return 0;
}

static void page_close(struct xencomm *handle)
{
	(void)handle; /* each area has its own file */
}

static int map_area(const struct xencomm_sys *sys, struct xencomm_area *area, int fd)
{
	const size_t whole = XENCOMM_PAGE_BYTES + area->bytes;
	/* Both parts lie in a range that was free as a whole. */
	unsigned char *base = sys->mmap(sys->context, NULL, whole, PROT_NONE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED)
		return -1;
	if (sys->mmap(sys->context, base, XENCOMM_PAGE_BYTES, PROT_READ, MAP_SHARED | MAP_FIXED, fd,
		      0) == MAP_FAILED ||
	    sys->mmap(sys->context, base + XENCOMM_PAGE_BYTES, area->bytes, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_FIXED, fd, XENCOMM_PAGE_BYTES) == MAP_FAILED) {
		const int error = errno;

		sys->munmap(sys->context, base, whole);
		errno = error;
		return -1;
	}
	area->map = base;
	area->map_bytes = whole;
	area->data = base + XENCOMM_PAGE_BYTES;
	return 0;
}

static int page_create(struct xencomm *handle, struct xencomm_area *area)
{
	const struct xencomm_sys *sys = handle->sys;
	struct xencomm_create create = {
		.data_pages = (uint32_t)(area->bytes / XENCOMM_PAGE_BYTES),
	};
	const int fd = sys->open(sys->context, XENCOMM_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (sys->ioctl(sys->context, fd, XENCOMM_IOC_CREATE, &create) != 0 ||
	    map_area(sys, area, fd) != 0)
		return close_keeping_errno(sys, fd);
	area->fd = fd;
	return 0;
}

static void page_destroy(struct xencomm *handle, struct xencomm_area *area, int child)
{
	const struct xencomm_sys *sys = handle->sys;

	if (!child)
		sys->munmap(sys->context, area->map, area->map_bytes);
	sys->close(sys->context, area->fd);
}

static long page_call(struct xencomm *handle, struct xencomm_area *area, uint64_t op,
		      const uint64_t *args)
{
	const struct xencomm_sys *sys = handle->sys;
	struct xencomm_call call = { .number = (uint32_t)op };

	if (op > UINT32_MAX) {
		errno = ENOSYS;
		return -1;
	}
	memcpy(call.argument, args, sizeof(call.argument));
	if (sys->ioctl(sys->context, area->fd, XENCOMM_IOC_CALL, &call) != 0)
		return -1;
	if (call.result < 0 && call.result >= -4095) {
		errno = (int)-call.result;
		return -1;
	}
	if (call.result > LONG_MAX || call.result < LONG_MIN) {
		errno = EOVERFLOW;
		return -1;
	}
	return (long)call.result;
}

const struct xencomm_backend xencomm_page_backend = {
	.open = page_open,
	.close = page_close,
	.create = page_create,
	.destroy = page_destroy,
	.call = page_call,
	.needs_area = 1,
};
