/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the library wants of the operating system, as a table.
 *
 * xencomm_system is libc's.  Tests put their own in its place through xencomm_open_on().
 */
#ifndef XENCOMM_SYS_H
#define XENCOMM_SYS_H

#include <stddef.h>
#include <sys/types.h>

#include <xencomm.h>

/* Like the functions of these names: errors are -1, MAP_FAILED or NULL, and errno. */
struct xencomm_sys {
	void *context; /* given to each of them */
	int (*open)(void *context, const char *path, int flags);
	int (*close)(void *context, int fd);
	/* Returns 64 bits where the machine has them, unlike ioctl(2). */
	long (*ioctl)(void *context, int fd, unsigned long request, void *argument);
	void *(*mmap)(void *context, void *at, size_t bytes, int protection, int flags, int fd,
		      off_t offset);
	int (*munmap)(void *context, void *at, size_t bytes);
	int (*mlock)(void *context, const void *at, size_t bytes);
	int (*munlock)(void *context, const void *at, size_t bytes);
	int (*madvise)(void *context, void *at, size_t bytes, int advice);
	pid_t (*getpid)(void *context);
	void *(*zalloc)(void *context, size_t bytes);
	void (*release)(void *context, void *memory);
};

extern const struct xencomm_sys xencomm_system;

/**
 * xencomm_open_on - xencomm_open() with another table
 * @sys: stays in use until the handle is closed
 */
struct xencomm *xencomm_open_on(const struct xencomm_sys *sys, enum xencomm_scheme scheme);

#endif
