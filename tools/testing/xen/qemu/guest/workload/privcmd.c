// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls that a process asks for, on Xen/PPC.  One that carries a pointer is
 * refused with EOPNOTSUPP, and the memory it names is left alone: no address of a
 * process reaches the hypervisor.  Numbers that are no hypercalls are refused too,
 * and so is multicall, which carries whatever one likes.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"
#include "xendev.h"

#define BYTES 4096
#define UNTOUCHED 0x5a

static unsigned char memory[BYTES] __attribute__((aligned(4096)));

static const struct {
	const char *name;
	uint64_t op, first, second;
	int pointer; /* the argument that is a pointer */
} calls[] = {
	{ "memory_op", 12, 3, 0, 1 },
	{ "xen_version", 17, 1, 0, 1 },
	{ "console_io", 18, 0, 4, 2 },
	{ "grant_table_op", 20, 6, 0, 1 },
	{ "vcpu_op", 24, 4, 0, 2 },
	{ "event_channel_op", 32, 5, 0, 1 },
	{ "physdev_op", 33, 5, 0, 1 },
	{ "sysctl", 35, 0, 0, 0 },
	{ "domctl", 36, 0, 0, 0 },
};

static void untouched(const char *name)
{
	for (int at = 0; at < BYTES; at++)
		if (memory[at] != UNTOUCHED)
			fail("%s wrote to byte %d of the process", name, at);
}

void step_privcmd(void)
{
	static const uint64_t nonsense[] = { 11, 13, 63, 64, 1ull << 32, ~0ull };
	unsigned int refused = 0;
	int device = open("/dev/xen/privcmd", O_RDWR);

	check_errno(device >= 0, "/dev/xen/privcmd");
	memset(memory, UNTOUCHED, sizeof(memory));
	for (size_t n = 0; n < sizeof(calls) / sizeof(calls[0]); n++) {
		struct privcmd_call call = { calls[n].op, { calls[n].first, calls[n].second } };

		call.argument[calls[n].pointer] = (uintptr_t)memory;
		if (ioctl(device, PRIVCMD_HYPERCALL, &call) != -1)
			fail("%s with a pointer was done", calls[n].name);
		if (errno != EOPNOTSUPP)
			fail("%s with a pointer: %s", calls[n].name, strerror(errno));
		untouched(calls[n].name);
		refused++;
	}
	for (size_t n = 0; n < sizeof(nonsense) / sizeof(nonsense[0]); n++) {
		struct privcmd_call call = { nonsense[n], { 0 } };

		if (ioctl(device, PRIVCMD_HYPERCALL, &call) != -1)
			fail("hypercall %#llx was done", (unsigned long long)nonsense[n]);
		if (errno != ENOSYS && errno != EOPNOTSUPP)
			fail("hypercall %#llx: %s", (unsigned long long)nonsense[n],
			     strerror(errno));
		refused++;
	}
	close(device);
	figure("refused", refused);
}
