// SPDX-License-Identifier: GPL-2.0
/* The operating system, by libc. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys.h"

/*
 * open() and close() are where a cancelled thread ends, and both are called with a handle's
 * lock held: the thread ends later.
 */
static int sys_open(void *context, const char *path, int flags)
{
	int state, fd;

	(void)context;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	fd = open(path, flags);
	pthread_setcancelstate(state, NULL);
	return fd;
}

static int sys_close(void *context, int fd)
{
	int state, error;

	(void)context;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	error = close(fd);
	pthread_setcancelstate(state, NULL);
	return error;
}

static long sys_ioctl(void *context, int fd, unsigned long request, void *argument)
{
	(void)context;
	/* ioctl() would cut a hypercall's result to an int. */
	return syscall(SYS_ioctl, fd, request, argument);
}

static void *sys_mmap(void *context, void *at, size_t bytes, int protection, int flags, int fd,
		      off_t offset)
{
	(void)context;
	return mmap(at, bytes, protection, flags, fd, offset);
}

static int sys_munmap(void *context, void *at, size_t bytes)
{
	(void)context;
	return munmap(at, bytes);
}

static int sys_mlock(void *context, const void *at, size_t bytes)
{
	(void)context;
	return mlock(at, bytes);
}

static int sys_munlock(void *context, const void *at, size_t bytes)
{
	(void)context;
	return munlock(at, bytes);
}

static int sys_madvise(void *context, void *at, size_t bytes, int advice)
{
	(void)context;
	return madvise(at, bytes, advice);
}

static pid_t sys_getpid(void *context)
{
	(void)context;
	return getpid();
}

static void *sys_zalloc(void *context, size_t bytes)
{
	(void)context;
	return calloc(1, bytes);
}

static void sys_release(void *context, void *memory)
{
	(void)context;
	free(memory);
}

const struct xencomm_sys xencomm_system = {
	.open = sys_open,
	.close = sys_close,
	.ioctl = sys_ioctl,
	.mmap = sys_mmap,
	.munmap = sys_munmap,
	.mlock = sys_mlock,
	.munlock = sys_munlock,
	.madvise = sys_madvise,
	.getpid = sys_getpid,
	.zalloc = sys_zalloc,
	.release = sys_release,
};
