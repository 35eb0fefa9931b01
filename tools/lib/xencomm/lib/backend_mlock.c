// SPDX-License-Identifier: GPL-2.0
/*
 * Areas in locked memory of the process, for kernels without /dev/xen/hypercall; calls by
 * privcmd.
 *
 * Locked memory stays present, but the kernel may still move it to other frames (compaction,
 * NUMA balancing).  A call that meets such a moment fails with EFAULT where the hypervisor
 * reads the process's page table, and may be made again.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "internal.h"
#include "privcmd.h"

#define MLOCK_AREA_MAX ((size_t)1 << 30)

static int mlock_open(struct xencomm *handle)
{
	const struct xencomm_sys *sys = handle->sys;

	handle->area_max = MLOCK_AREA_MAX;
	handle->call_fd = sys->open(sys->context, PRIVCMD_DEVICE, O_RDWR | O_CLOEXEC);
	return handle->call_fd < 0 ? -1 : 0;
}

static void mlock_close(struct xencomm *handle)
{
	handle->sys->close(handle->sys->context, handle->call_fd);
}

static int mlock_create(struct xencomm *handle, struct xencomm_area *area)
{
	return xencomm_map_data(handle, area, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1);
}

static void mlock_destroy(struct xencomm *handle, struct xencomm_area *area, int child)
{
	const struct xencomm_sys *sys = handle->sys;

	if (child)
		return;
	sys->munlock(sys->context, area->map, area->map_bytes);
	sys->munmap(sys->context, area->map, area->map_bytes);
}

const struct xencomm_backend xencomm_mlock_backend = {
	.open = mlock_open,
	.close = mlock_close,
	.create = mlock_create,
	.destroy = mlock_destroy,
	.call = xencomm_privcmd_call,
};
