/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libxencomm: hypercalls from user space, and memory that a hypervisor can follow into.
 *
 * A hypervisor that shares no address space with its guests cannot follow a user's
 * pointers.  What a call points to, and everything that points on from there, is therefore
 * allocated from areas: memory whose machine addresses the kernel knows and keeps.  The
 * structures of a call hold plain virtual addresses, on every architecture.  See xencomm(3).
 *
 * All functions set errno.  A handle and its areas may be used by many threads at a time.
 * Areas do not exist in a child made by fork(2), and the child may only close the handle.
 */
#ifndef XENCOMM_H
#define XENCOMM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct xencomm;
struct xencomm_area;

/* How memory becomes one that the hypervisor can follow into. */
enum xencomm_scheme {
	XENCOMM_ANY,	/* the first of those below that there is */
	XENCOMM_PAGE,	/* areas owned by the kernel: /dev/xen/xencomm */
	XENCOMM_BUFFER, /* /dev/xen/hypercall, and calls through /dev/xen/privcmd */
	XENCOMM_MLOCK,	/* locked memory of the process, and calls through /dev/xen/privcmd */
};

#define XENCOMM_NR_ARGS 5
/* Of the area that xencomm_alloc() serves from, unless xencomm_pool() said otherwise. */
#define XENCOMM_POOL_BYTES 65536
/* A block begins at a multiple of this many bytes. */
#define XENCOMM_ALIGN 16

/*
 * Fields of structures that user space and hypervisor share.  They have the same size and
 * place in 32-bit and 64-bit programs; a pointer is stored with xencomm_ptr().
 */
typedef uint64_t xencomm_u64 __attribute__((__aligned__(8)));
typedef xencomm_u64 xencomm_handle;

/**
 * xencomm_ptr - a pointer as a field or as an argument of a call
 *
 * Return: the address, extended with zeros to 64 bits.
 */
static inline xencomm_u64 xencomm_ptr(const void *pointer)
{
	return (uintptr_t)pointer;
}

/**
 * xencomm_open - get ready for hypercalls
 * @scheme: which way; XENCOMM_ANY takes the first one whose devices are there
 *
 * Return: a handle for xencomm_close(), or NULL.  ENOENT, ENODEV, ENXIO or ENOSYS mean that
 * there is no such way here, EACCES and EPERM that it is not for this user, EINVAL that
 * there is no such scheme.
 */
struct xencomm *xencomm_open(enum xencomm_scheme scheme);

/**
 * xencomm_close - free everything that belongs to a handle, its areas too
 *
 * Works in a child of the process that opened it as well, where it leaves the areas alone.
 *
 * Return: 0, or -1 with EBUSY if a call is running; then nothing was freed.
 */
int xencomm_close(struct xencomm *handle);

/**
 * xencomm_scheme - the scheme in use, never XENCOMM_ANY
 */
enum xencomm_scheme xencomm_scheme(const struct xencomm *handle);

/**
 * xencomm_scheme_name - "page", "buffer", "mlock", "any"; NULL for other values
 */
const char *xencomm_scheme_name(enum xencomm_scheme scheme);

/**
 * xencomm_area_max - the most bytes that an area of this handle can serve
 */
size_t xencomm_area_max(const struct xencomm *handle);

/**
 * xencomm_area_create - a new area
 * @bytes: what is to be served from it, in whole pages; 1 to xencomm_area_max()
 *
 * The memory is zero.
 *
 * Return: the area, or NULL with EINVAL (0 bytes), E2BIG (more than there can be), ENOMEM,
 * ECHILD (a child of the owner), or what the kernel said.
 */
struct xencomm_area *xencomm_area_create(struct xencomm *handle, size_t bytes);

/**
 * xencomm_area_destroy - give an area back, and all that was allocated from it
 *
 * Return: 0, or -1 with EBUSY while a call uses it, ECHILD in a child of the owner, EINVAL
 * for an area that is not of this handle.
 */
int xencomm_area_destroy(struct xencomm *handle, struct xencomm_area *area);

/**
 * xencomm_area_alloc - memory from a certain area
 * @bytes: at least 1
 * @align: a power of two up to 4096; 0 for XENCOMM_ALIGN, which is the least
 *
 * The memory is zero.
 *
 * Return: the memory, or NULL with ENOMEM (no gap is large enough), EINVAL or ECHILD.
 */
void *xencomm_area_alloc(struct xencomm_area *area, size_t bytes, size_t align);

/**
 * xencomm_pool - how many bytes xencomm_alloc() can serve
 *
 * Return: 0, or -1 with EBUSY after the first xencomm_alloc(), or in the page scheme the first
 * call without a pointer, EINVAL or E2BIG.
 */
int xencomm_pool(struct xencomm *handle, size_t bytes);

/**
 * xencomm_alloc - memory from the handle's own area, which the first call creates
 *
 * Return: as xencomm_area_alloc() and xencomm_area_create().
 */
void *xencomm_alloc(struct xencomm *handle, size_t bytes);

/**
 * xencomm_free - give back what xencomm_alloc() or xencomm_area_alloc() returned
 * @memory: NULL is taken and ignored
 *
 * Return: 0, or -1 with EINVAL for memory that was not allocated, or not any more, and
 * ECHILD in a child of the owner.  errno is not changed by success.
 */
int xencomm_free(struct xencomm *handle, void *memory);

/**
 * xencomm_call - make a hypercall
 * @op: the hypercall's number
 * @args: its arguments; pointers as xencomm_ptr() gives them, into one area
 *
 * What one call points to, directly and through its structures, lies in the area that the
 * argument lies in.  Without a pointer among the arguments any area will do.
 *
 * Return: what the hypervisor returned, if it is not an error; otherwise -1 and its errno.
 * ECHILD in a child of the owner, EINVAL for pointers into more than one area.
 */
long xencomm_call(struct xencomm *handle, uint64_t op, const uint64_t args[XENCOMM_NR_ARGS]);

#ifndef __cplusplus
/*
 * xencomm_hypercall(handle, op, args...) - xencomm_call() with one to five arguments
 * written out, each of them a uint64_t: numbers, or pointers through xencomm_ptr().
 */
#define xencomm_hypercall(handle, op, ...) \
	xencomm_call(handle, op, (const uint64_t[XENCOMM_NR_ARGS]){ __VA_ARGS__ })
#endif

#ifdef __cplusplus
}
#endif

#endif
