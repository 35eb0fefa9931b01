// SPDX-License-Identifier: GPL-2.0
/*
 * Areas from /dev/xen/hypercall: pages that the kernel allocates and that stay where they
 * are; calls by privcmd.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"
#include "privcmd.h"

/* The kernel lists the pages of a mapping in one kmalloc() of at most 4 MB. */
#define BUFFER_AREA_MAX ((size_t)1 << 30)

long xencomm_privcmd_call(struct xencomm *handle, struct xencomm_area *area, uint64_t op,
			  const uint64_t *args)
{
	const struct xencomm_sys *sys = handle->sys;
	struct privcmd_hypercall call = { .op = op };

	(void)area;
	memcpy(call.args, args, sizeof(call.args));
	return sys->ioctl(sys->context, handle->call_fd, PRIVCMD_HYPERCALL, &call);
}

int xencomm_map_data(struct xencomm *handle, struct xencomm_area *area, int flags, int fd,
		     int lock)
{
	const struct xencomm_sys *sys = handle->sys;
	void *map = sys->mmap(sys->context, NULL, area->bytes, PROT_READ | PROT_WRITE, flags, fd,
			      0);

	if (map == MAP_FAILED)
		return -1;
	/*
	 * Without the advice a child would share the pages and write into the parent's calls;
	 * or fork() would make them copy-on-write, and the parent's next write would move its
	 * data away from where the hypervisor looks.  Before the pages are there: another
	 * thread may fork at any time.
	 */
	if (sys->madvise(sys->context, map, area->bytes, MADV_DONTFORK) != 0 ||
	    (lock && sys->mlock(sys->context, map, area->bytes) != 0)) {
		const int error = errno;

		sys->munmap(sys->context, map, area->bytes);
		errno = error;
		return -1;
	}
	area->map = map;
	area->map_bytes = area->bytes;
	area->data = map;
	return 0;
}

static int buffer_open(struct xencomm *handle)
{
	const struct xencomm_sys *sys = handle->sys;
	int error;

	handle->area_max = BUFFER_AREA_MAX;
	handle->call_fd = sys->open(sys->context, PRIVCMD_DEVICE, O_RDWR | O_CLOEXEC);
	if (handle->call_fd < 0)
		return -1;
	handle->memory_fd = sys->open(sys->context, HYPERCALL_DEVICE, O_RDWR | O_CLOEXEC);
	if (handle->memory_fd >= 0)
		return 0;
	error = errno;
	sys->close(sys->context, handle->call_fd);
	errno = error;
	return -1;
}

static void buffer_close(struct xencomm *handle)
{
	handle->sys->close(handle->sys->context, handle->memory_fd);
	handle->sys->close(handle->sys->context, handle->call_fd);
}

static int buffer_create(struct xencomm *handle, struct xencomm_area *area)
{
	return xencomm_map_data(handle, area, MAP_SHARED, handle->memory_fd, 0);
}

static void buffer_destroy(struct xencomm *handle, struct xencomm_area *area, int child)
{
	if (!child)
		handle->sys->munmap(handle->sys->context, area->map, area->map_bytes);
}

const struct xencomm_backend xencomm_buffer_backend = {
	.open = buffer_open,
	.close = buffer_close,
	.create = buffer_create,
	.destroy = buffer_destroy,
	.call = xencomm_privcmd_call,
};
