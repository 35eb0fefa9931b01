// SPDX-License-Identifier: GPL-2.0
/*
 * What a dom0's tools do, for kernels on Xen/PPC: hypercalls from user space whose
 * argument points to more memory.
 *
 * Layouts: arch/powerpc/platforms/xen/abi/sysctl.hh.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "micro.h"

enum { SYSCTL = 35, SYSCTL_VERSION = 4, GETDOMAININFOLIST = 6 };
enum { DOMAINS = 8, RECORD = 72 };

struct hypercall {
	uint64_t op, arg[5];
};

#define HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct hypercall))

struct sysctl {
	uint32_t cmd, interface_version;
	uint16_t first_domain, pad0;
	uint32_t max_domains;
	uint64_t buffer;
	uint32_t num_domains, pad1;
	uint8_t rest[136 - 32];
};
_Static_assert(sizeof(struct sysctl) == 136, "the size of every sysctl");

static int privcmd = -1;
static uint8_t records[DOMAINS][RECORD];

static int ask(void)
{
	struct sysctl sysctl = {
		.cmd = GETDOMAININFOLIST, .interface_version = SYSCTL_VERSION,
		.max_domains = DOMAINS, .buffer = (uintptr_t)records,
	};
	struct hypercall call = { .op = SYSCTL, .arg = { (uintptr_t)&sysctl } };
	int status = ioctl(privcmd, HYPERCALL, &call);

	return status < 0 ? status : (int)sysctl.num_domains;
}

static bool list_supported(void)
{
	privcmd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	return privcmd >= 0;
}

static void list_run(long n)
{
	while (n--)
		require(ask() == 1, "getdomaininfolist");
}

const struct operation tools_operations[] = {
	{ "getdomaininfolist", 20000, .run = list_run, .supported = list_supported },
	{ .name = NULL },
};
