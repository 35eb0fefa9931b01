// SPDX-License-Identifier: GPL-2.0
/*
 * A mapped page goes into a pipe and from there into a file, without a copy by the process:
 * the kernel holds on to the page without a look at the area's flags, and reads it at its own
 * address.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "peer.h"
#include "window_splice.h"
#include "workload.h"

void spliced(const unsigned char *at, int there)
{
	struct iovec page = {(void *)(uintptr_t)at, PAGE};
	unsigned char copy[PAGE];
	int file = memfd_create("spliced", MFD_CLOEXEC), fds[2];
	ssize_t done;

	check_errno(file >= 0, "memfd_create");
	check_errno(!pipe(fds), "pipe");
	done = vmsplice(fds[1], &page, 1, 0);
	if (!there) {
		if (done != -1 || errno != EFAULT)
			fail("vmsplice of a page without a kernel address: %zd, %s", done,
			     strerror(errno));
	} else {
		check_errno(done == PAGE, "vmsplice of a mapped page");
		done = splice(fds[0], NULL, file, NULL, PAGE, 0);
		check_errno(done == PAGE, "splice into a file");
		check_errno(pread(file, copy, PAGE, 0) == PAGE, "read of the file");
		if (memcmp(copy, at, PAGE))
			fail("what was spliced is not the page");
	}
	close(fds[0]);
	close(fds[1]);
	close(file);
}
