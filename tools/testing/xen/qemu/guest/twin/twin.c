// SPDX-License-Identifier: GPL-2.0
/*
 * One program, built for 64 and for 32 bits, that asks the kernel's Xen devices the same
 * things and prints what came: a list of domains, a port, a grant mapped and copied, frames
 * of another domain by both versions of mmapbatch.  The outputs must be the same lines.
 *
 *	twin		without a second domain
 *	twin peer	with the peer as domain 1
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../workload/xencall.h"
#include "probe/peer/mailbox.h"

#define PAGE 4096u
#define FRAMES (PEER_DATA_PFN + 4)

static int privcmd;
static uint64_t frames[FRAMES];

static void told(const char *what, long long result)
{
	if (result < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %lld\n", what, result);
}

static int device(const char *name)
{
	int fd = open(name, O_RDWR);

	if (fd < 0)
		told(name, fd);
	return fd;
}

static int call(uint64_t op, const void *argument)
{
	struct privcmd_call request = {op, {(uintptr_t)argument}};

	return ioctl(privcmd, PRIVCMD_HYPERCALL, &request);
}

static void domains(void)
{
	static struct domain_info info[4];
	struct sysctl list = {.command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION};

	list.domains.most = 4;
	list.domains.buffer = (uintptr_t)info;
	told("getdomaininfolist", call(CALL_SYSCTL, &list));
	printf("domains %u, pointer kept %d\n", list.domains.count,
	       list.domains.buffer == (uintptr_t)info);
	for (uint32_t i = 0; i < list.domains.count && i < 4; i++)
		printf("domain %u: most pages %llu, vcpus %u, shared info %#llx\n", info[i].domain,
		       (unsigned long long)info[i].most_pages, info[i].vcpus,
		       (unsigned long long)info[i].shared_info);
}

static void bad_calls(void)
{
	struct sysctl list = {.command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION};

	list.domains.most = 4;
	/* The whole handle counts, also in a process whose pointers are half of it. */
	list.domains.buffer = 1ull << 63;
	told("a kernel address", call(CALL_SYSCTL, &list));
	list.domains.buffer = 8;
	told("not mapped", call(CALL_SYSCTL, &list));
	told("no argument", call(CALL_SYSCTL, NULL));
	told("no call", call(63, &list));
}

static void port(void)
{
	struct evtchn_word owner = {DOMID_OWN}, word;
	int fd = device("/dev/xen/evtchn");
	int bound = ioctl(fd, EVTCHN_BIND_UNBOUND, &owner);

	told("bind_unbound_port", bound > 0);
	word.word = (uint32_t)bound;
	told("unbind", ioctl(fd, EVTCHN_UNBIND, &word));
	told("unbind again", ioctl(fd, EVTCHN_UNBIND, &word));
	close(fd);
}

static void grant(void)
{
	int owner = device("/dev/xen/gntalloc"), mapper = device("/dev/xen/gntdev");
	struct gntalloc_refs request = {.domain = DOMAIN_0, .flags = GNTALLOC_WRITABLE, .count = 1};
	struct gntdev_map map = {.count = 1};
	struct gntdev_unmap unmap = {.count = 1};
	unsigned char *at, *again;

	told("alloc_gref", ioctl(owner, GNTALLOC_ALLOC, &request));
	at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, owner, (off_t)request.index);
	told("mmap of gntalloc", at == MAP_FAILED ? -1 : 0);
	map.refs[0].domain = DOMAIN_0;
	map.refs[0].ref = request.refs[0];
	told("map_grant_ref", ioctl(mapper, GNTDEV_MAP, &map));
	again = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, mapper, (off_t)map.index);
	told("mmap of gntdev", again == MAP_FAILED ? -1 : 0);
	if (at != MAP_FAILED && again != MAP_FAILED) {
		at[77] = 0x5a;
		printf("granted byte %#x\n", again[77]);
		munmap(again, PAGE);
	}
	unmap.index = map.index;
	told("unmap_grant_ref", ioctl(mapper, GNTDEV_UNMAP, &unmap));
	close(mapper);
	close(owner);
}

/* Pages of the peer behind its mailbox; its contents do not change meanwhile. */
static void batch(int version)
{
	uint64_t some[4], sent[4];
	int32_t errors[4] = {1, 1, 1, 1};
	unsigned char *at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, privcmd, 0);
	int result;

	memcpy(some, frames + PEER_DATA_PFN, sizeof(some));
	some[2] = 0x3ffffff0;
	memcpy(sent, some, sizeof(sent));
	if (version == 1) {
		struct privcmd_batch ask = {4, 1, (uintptr_t)at, some};

		result = ioctl(privcmd, PRIVCMD_MMAPBATCH, &ask);
	} else {
		struct privcmd_batch_v2 ask = {4, 1, (uintptr_t)at, some, errors};

		result = ioctl(privcmd, PRIVCMD_MMAPBATCH_V2, &ask);
	}
	printf("mmapbatch %d\n", version);
	told("result", result);
	for (int i = 0; i < 4; i++) {
		printf("frame %d: changed %d, error %d", i, some[i] != sent[i], errors[i]);
		if (i != 2 && result >= 0)
			printf(", word %#llx",
			       ((unsigned long long *)(void *)(at + i * PAGE))[100]);
		printf("\n");
	}
	munmap(at, 4 * PAGE);
}

static void peer(void)
{
	struct domctl memory = {.command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION, .domain = 1};

	memory.memlist.most = FRAMES;
	memory.memlist.buffer = (uintptr_t)frames;
	told("getmemlist", call(CALL_DOMCTL, &memory));
	printf("frames %llu, mailbox %#llx\n", (unsigned long long)memory.memlist.count,
	       (unsigned long long)frames[PEER_MAILBOX_PFN]);
	batch(1);
	batch(2);
}

int main(int argc, char **argv)
{
	privcmd = device("/dev/xen/privcmd");
	domains();
	bad_calls();
	port();
	grant();
	if (argc > 1 && !strcmp(argv[1], "peer"))
		peer();
	return 0;
}
