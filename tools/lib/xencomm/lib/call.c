// SPDX-License-Identifier: GPL-2.0
/* Hypercalls: which area a call is about, and that it stays while the call runs. */
#include <errno.h>

#include "internal.h"

/*
 * The only area that arguments point into.  A number among them that happens to be an
 * address of an area is taken for a pointer: operations and counts are small, and areas do
 * not lie low enough for that.
 */
static struct xencomm_area *area_of(const struct xencomm *handle, const uint64_t *args, int *many)
{
	struct xencomm_area *found = NULL;
	int i;

	*many = 0;
	for (i = 0; i < XENCOMM_NR_ARGS; i++) {
		struct xencomm_area *area = xencomm_area_at(handle, args[i]);

		if (area && found && area != found)
			*many = 1;
		if (area)
			found = area;
	}
	return found;
}

long xencomm_call(struct xencomm *handle, uint64_t op, const uint64_t args[XENCOMM_NR_ARGS])
{
	struct xencomm_area *area;
	long result;
	int many;

	if (!xencomm_is_owner(handle))
		return -1;
	pthread_mutex_lock(&handle->lock);
	area = area_of(handle, args, &many);
	if (!area && handle->backend->needs_area) {
		if (!handle->pool)
			handle->pool = xencomm_new_area(handle, handle->pool_bytes);
		area = handle->pool;
		if (!area) {
			pthread_mutex_unlock(&handle->lock);
			return -1;
		}
	}
	if (many) {
		pthread_mutex_unlock(&handle->lock);
		errno = EINVAL;
		return -1;
	}
	handle->calls++;
	if (area)
		area->calls++;
	pthread_mutex_unlock(&handle->lock);

	result = handle->backend->call(handle, area, op, args);

	/* Nothing below changes errno. */
	pthread_mutex_lock(&handle->lock);
	handle->calls--;
	if (area)
		area->calls--;
	pthread_mutex_unlock(&handle->lock);
	return result;
}
