// SPDX-License-Identifier: GPL-2.0
/* Handles: open, close, and who may use one. */
#include <errno.h>

#include "internal.h"

static const struct xencomm_backend *const backends[] = {
	[XENCOMM_PAGE] = &xencomm_page_backend,
	[XENCOMM_BUFFER] = &xencomm_buffer_backend,
	[XENCOMM_MLOCK] = &xencomm_mlock_backend,
};

static const char *const names[] = {
	[XENCOMM_ANY] = "any",
	[XENCOMM_PAGE] = "page",
	[XENCOMM_BUFFER] = "buffer",
	[XENCOMM_MLOCK] = "mlock",
};

const char *xencomm_scheme_name(enum xencomm_scheme scheme)
{
	return (unsigned int)scheme <= XENCOMM_MLOCK ? names[scheme] : NULL;
}

enum xencomm_scheme xencomm_scheme(const struct xencomm *handle)
{
	return handle->scheme;
}

size_t xencomm_area_max(const struct xencomm *handle)
{
	return handle->area_max;
}

int xencomm_is_owner(const struct xencomm *handle)
{
	if (handle->owner == handle->sys->getpid(handle->sys->context))
		return 1;
	errno = ECHILD;
	return 0;
}

/* Whether an open failed because there is no such way on this machine. */
static int is_absent(int error)
{
	return error == ENOENT || error == ENODEV || error == ENXIO || error == ENOSYS ||
	       error == EOPNOTSUPP || error == EPROTONOSUPPORT;
}

static int open_scheme(struct xencomm *handle, enum xencomm_scheme scheme)
{
	handle->call_fd = -1;
	handle->memory_fd = -1;
	handle->scheme = scheme;
	handle->backend = backends[scheme];
	return handle->backend->open(handle);
}

static int open_any(struct xencomm *handle)
{
	if (open_scheme(handle, XENCOMM_PAGE) == 0)
		return 0;
	if (!is_absent(errno))
		return -1;
	if (open_scheme(handle, XENCOMM_BUFFER) == 0)
		return 0;
	if (!is_absent(errno))
		return -1;
	return open_scheme(handle, XENCOMM_MLOCK);
}

struct xencomm *xencomm_open_on(const struct xencomm_sys *sys, enum xencomm_scheme scheme)
{
	struct xencomm *handle;
	int error;

	if ((unsigned int)scheme > XENCOMM_MLOCK) {
		errno = EINVAL;
		return NULL;
	}
	handle = sys->zalloc(sys->context, sizeof(*handle));
	if (!handle) {
		errno = ENOMEM;
		return NULL;
	}
	handle->sys = sys;
	handle->owner = sys->getpid(sys->context);
	handle->pool_bytes = XENCOMM_POOL_BYTES;
	if ((scheme == XENCOMM_ANY ? open_any(handle) : open_scheme(handle, scheme)) == 0) {
		error = pthread_mutex_init(&handle->lock, NULL);
		if (error == 0)
			return handle;
		handle->backend->close(handle);
		errno = error;
	}
	error = errno;
	sys->release(sys->context, handle);
	errno = error;
	return NULL;
}

struct xencomm *xencomm_open(enum xencomm_scheme scheme)
{
	return xencomm_open_on(&xencomm_system, scheme);
}

/*
 * In a child.  Another thread of the parent may have held the lock when the child was made,
 * and half-changed what it covers: then the accounts stay as they are, unfreed.
 */
static void close_in_child(struct xencomm *handle)
{
	const struct xencomm_sys *sys = handle->sys;
	const int intact = pthread_mutex_trylock(&handle->lock) == 0;

	while (intact && handle->areas)
		xencomm_drop_area(handle->areas, 1);
	handle->backend->close(handle);
	if (!intact)
		return;
	pthread_mutex_unlock(&handle->lock);
	pthread_mutex_destroy(&handle->lock);
	sys->release(sys->context, handle);
}

int xencomm_close(struct xencomm *handle)
{
	const struct xencomm_sys *sys;
	const int error = errno;

	if (!handle)
		return 0;
	sys = handle->sys;
	if (!xencomm_is_owner(handle)) {
		close_in_child(handle);
		errno = error;
		return 0;
	}
	pthread_mutex_lock(&handle->lock);
	if (handle->calls != 0) {
		pthread_mutex_unlock(&handle->lock);
		errno = EBUSY;
		return -1;
	}
	while (handle->areas)
		xencomm_drop_area(handle->areas, 0);
	handle->backend->close(handle);
	pthread_mutex_unlock(&handle->lock);
	pthread_mutex_destroy(&handle->lock);
	sys->release(sys->context, handle);
	errno = error;
	return 0;
}
