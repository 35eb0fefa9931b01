/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handles, areas and the back ends behind them.
 *
 * A handle's lock covers its list of areas, their heaps and the counts of running calls.
 * Back ends create and destroy under it and call without it: a running call is counted, and
 * that keeps its area and the handle where they are.
 */
#ifndef XENCOMM_INTERNAL_H
#define XENCOMM_INTERNAL_H

#include <pthread.h>
#include <sys/types.h>

#include <xencomm.h>

#include "heap.h"
#include "sys.h"

#define XENCOMM_PAGE_BYTES 4096u

struct xencomm_area {
	struct xencomm_area *next;
	struct xencomm *handle;
	unsigned char *data; /* the first byte that users get */
	size_t bytes;	     /* whole pages */
	struct heap heap;
	unsigned int calls; /* running */

	/* The back end's. */
	void *map;
	size_t map_bytes;
	int fd;
};

/* One scheme. */
struct xencomm_backend {
	/* Opens devices; 0, or -1 and nothing is open. */
	int (*open)(struct xencomm *handle);
	void (*close)(struct xencomm *handle);
	/* Makes memory of area->bytes bytes, zero; 0, or -1 and there is none. */
	int (*create)(struct xencomm *handle, struct xencomm_area *area);
	/* In a child of the owner there is nothing at area->map. */
	void (*destroy)(struct xencomm *handle, struct xencomm_area *area, int child);
	/* area is NULL only if the arguments point into none and needs_area is not set. */
	long (*call)(struct xencomm *handle, struct xencomm_area *area, uint64_t op,
		     const uint64_t *args);
	int needs_area;
};

extern const struct xencomm_backend xencomm_page_backend;
extern const struct xencomm_backend xencomm_buffer_backend;
extern const struct xencomm_backend xencomm_mlock_backend;

struct xencomm {
	const struct xencomm_sys *sys;
	const struct xencomm_backend *backend;
	enum xencomm_scheme scheme;
	pid_t owner;
	pthread_mutex_t lock;
	struct xencomm_area *areas;
	struct xencomm_area *pool; /* one of them */
	size_t pool_bytes;
	unsigned int calls; /* running */

	/* The back end's. */
	int call_fd;
	int memory_fd;
	size_t area_max;
};

/**
 * xencomm_is_owner - whether this is the process that opened the handle
 *
 * Sets ECHILD if not.
 */
int xencomm_is_owner(const struct xencomm *handle);

/**
 * xencomm_area_at - the area that an address lies in, or NULL; under the lock
 */
struct xencomm_area *xencomm_area_at(const struct xencomm *handle, uint64_t address);

/**
 * xencomm_new_area, xencomm_drop_area - for a handle's list; under the lock
 */
struct xencomm_area *xencomm_new_area(struct xencomm *handle, size_t bytes);
void xencomm_drop_area(struct xencomm_area *area, int child);

/**
 * xencomm_block - zeroed memory of an area; under the lock
 */
void *xencomm_block(struct xencomm_area *area, size_t bytes, size_t align);

/**
 * xencomm_privcmd_call - a hypercall by /dev/xen/privcmd, open as call_fd
 */
long xencomm_privcmd_call(struct xencomm *handle, struct xencomm_area *area, uint64_t op,
			  const uint64_t *args);

/**
 * xencomm_map_data - map the pages of an area, which all hold data, and keep them from children
 * @flags: of mmap()
 * @fd:    of mmap(), from its start
 * @lock:  lock them, too
 *
 * Return: 0; -1 with errno set and nothing mapped.
 */
int xencomm_map_data(struct xencomm *handle, struct xencomm_area *area, int flags, int fd,
		     int lock);

#endif
