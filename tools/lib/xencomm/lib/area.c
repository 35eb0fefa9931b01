// SPDX-License-Identifier: GPL-2.0
/* Areas, and memory from them. */
#include <errno.h>
#include <string.h>

#include "internal.h"

struct xencomm_area *xencomm_area_at(const struct xencomm *handle, uint64_t address)
{
	struct xencomm_area *area;

	for (area = handle->areas; area; area = area->next) {
		const uint64_t start = xencomm_ptr(area->data);

		if (address >= start && address - start < area->bytes)
			return area;
	}
	return NULL;
}

struct xencomm_area *xencomm_new_area(struct xencomm *handle, size_t bytes)
{
	const struct xencomm_sys *sys = handle->sys;
	struct xencomm_area *area;

	if (bytes == 0 || bytes > handle->area_max) {
		errno = bytes == 0 ? EINVAL : E2BIG;
		return NULL;
	}
	area = sys->zalloc(sys->context, sizeof(*area));
	if (!area) {
		errno = ENOMEM;
		return NULL;
	}
	area->handle = handle;
	area->fd = -1;
	/* area_max is in whole pages, so this does not wrap. */
	area->bytes = (bytes + XENCOMM_PAGE_BYTES - 1) & ~(size_t)(XENCOMM_PAGE_BYTES - 1);
	area->heap.bytes = area->bytes;
	if (handle->backend->create(handle, area) != 0) {
		const int error = errno;

		sys->release(sys->context, area);
		errno = error;
		return NULL;
	}
	area->next = handle->areas;
	handle->areas = area;
	return area;
}

void xencomm_drop_area(struct xencomm_area *area, int child)
{
	struct xencomm *handle = area->handle;
	struct xencomm_area **link = &handle->areas;

	while (*link != area)
		link = &(*link)->next;
	*link = area->next;
	if (handle->pool == area)
		handle->pool = NULL;
	handle->backend->destroy(handle, area, child);
	heap_clear(&area->heap, handle->sys);
	handle->sys->release(handle->sys->context, area);
}

void *xencomm_block(struct xencomm_area *area, size_t bytes, size_t align)
{
	size_t at;

	if (align < XENCOMM_ALIGN)
		align = align & (align - 1) ? align : XENCOMM_ALIGN;
	if (bytes == 0 || align > XENCOMM_PAGE_BYTES || (align & (align - 1)) != 0) {
		errno = EINVAL;
		return NULL;
	}
	at = heap_alloc(&area->heap, area->handle->sys, bytes, align);
	if (at == HEAP_NONE) {
		errno = ENOMEM;
		return NULL;
	}
	return memset(area->data + at, 0, bytes);
}

struct xencomm_area *xencomm_area_create(struct xencomm *handle, size_t bytes)
{
	struct xencomm_area *area;

	if (!xencomm_is_owner(handle))
		return NULL;
	pthread_mutex_lock(&handle->lock);
	area = xencomm_new_area(handle, bytes);
	pthread_mutex_unlock(&handle->lock);
	return area;
}

int xencomm_area_destroy(struct xencomm *handle, struct xencomm_area *area)
{
	struct xencomm_area *known;
	int error = 0;

	if (!xencomm_is_owner(handle))
		return -1;
	pthread_mutex_lock(&handle->lock);
	for (known = handle->areas; known && known != area;)
		known = known->next;
	if (!known || known == handle->pool)
		error = EINVAL;
	else if (known->calls != 0)
		error = EBUSY;
	else
		xencomm_drop_area(known, 0);
	pthread_mutex_unlock(&handle->lock);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}

void *xencomm_area_alloc(struct xencomm_area *area, size_t bytes, size_t align)
{
	struct xencomm *handle = area->handle;
	void *memory;

	if (!xencomm_is_owner(handle))
		return NULL;
	pthread_mutex_lock(&handle->lock);
	memory = xencomm_block(area, bytes, align);
	pthread_mutex_unlock(&handle->lock);
	return memory;
}

int xencomm_pool(struct xencomm *handle, size_t bytes)
{
	int error = 0;

	if (!xencomm_is_owner(handle))
		return -1;
	pthread_mutex_lock(&handle->lock);
	if (bytes == 0)
		error = EINVAL;
	else if (bytes > handle->area_max)
		error = E2BIG;
	else if (handle->pool)
		error = EBUSY;
	else
		handle->pool_bytes = bytes;
	pthread_mutex_unlock(&handle->lock);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}

void *xencomm_alloc(struct xencomm *handle, size_t bytes)
{
	void *memory = NULL;

	if (!xencomm_is_owner(handle))
		return NULL;
	pthread_mutex_lock(&handle->lock);
	if (!handle->pool)
		handle->pool = xencomm_new_area(handle, handle->pool_bytes);
	if (handle->pool)
		memory = xencomm_block(handle->pool, bytes, 0);
	pthread_mutex_unlock(&handle->lock);
	return memory;
}

int xencomm_free(struct xencomm *handle, void *memory)
{
	struct xencomm_area *area;
	int done = -1;

	if (!memory)
		return 0;
	if (!xencomm_is_owner(handle))
		return -1;
	pthread_mutex_lock(&handle->lock);
	area = xencomm_area_at(handle, xencomm_ptr(memory));
	if (area)
		done = heap_free(&area->heap, handle->sys,
				 (size_t)((unsigned char *)memory - area->data));
	pthread_mutex_unlock(&handle->lock);
	if (done != 0)
		errno = EINVAL;
	return done;
}
