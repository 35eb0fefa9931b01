// SPDX-License-Identifier: GPL-2.0
/* A hypervisor behind the tests' kernel. */
#include <errno.h>
#include <string.h>

#include "hypervisor.h"

#define SYSCTL 35
#define DOMCTL 36
#define VERSION 17

typedef unsigned char *bytes;

static void put16(bytes at, size_t offset, uint16_t value)
{
	memcpy(at + offset, &value, sizeof(value));
}

static void put32(bytes at, size_t offset, uint32_t value)
{
	memcpy(at + offset, &value, sizeof(value));
}

static void put64(bytes at, size_t offset, uint64_t value)
{
	memcpy(at + offset, &value, sizeof(value));
}

static uint32_t get32(bytes at, size_t offset)
{
	uint32_t value;

	memcpy(&value, at + offset, sizeof(value));
	return value;
}

static uint64_t get64(bytes at, size_t offset)
{
	uint64_t value;

	memcpy(&value, at + offset, sizeof(value));
	return value;
}

static uint16_t get16(bytes at, size_t offset)
{
	uint16_t value;

	memcpy(&value, at + offset, sizeof(value));
	return value;
}

/* A pointer of 8 bytes, in 32-bit programs too. */
static bytes pointer(bytes at, size_t offset)
{
	return (bytes)(uintptr_t)get64(at, offset);
}

static long long text(bytes to, const char *what, size_t room)
{
	memset(to, 0, room);
	memcpy(to, what, strlen(what));
	return 0;
}

static long long xen_version(const struct hypervisor *it, const uint64_t *args)
{
	const bytes to = (bytes)(uintptr_t)args[1];

	switch (args[0]) {
	case 0:
		return it->x86 ? 4 << 16 | 17 : 3 << 16;
	case 1:
		return text(to, it->x86 ? ".7" : "-unstable", 16);
	case 2:
		text(to, "gcc (a) 1", 64);
		text(to + 64, "me", 16);
		text(to + 80, "here", 32);
		return text(to + 112, "today", 32);
	case 3:
		return text(to, it->x86 ? "xen-3.0-x86_64 " : "xen-3.0-powerpc64 ", 1024);
	case 4:
		return text(to, "abc", 64);
	case 5:
		put64(to, 0, it->x86 ? 0xffff800000000000u : 0);
		return 0;
	case 6:
		if (get32(to, 0) != 0)
			return -EINVAL;
		put32(to, 4, 5);
		return 0;
	case 7:
		return args[1] == 0 ? 4096 : -EINVAL;
	case 9:
		return it->x86 ? text(to, "a=\\b", 1024) : -ENOSYS;
	case 10:
		if (!it->x86)
			return -ENOSYS;
		if (get32(to, 0) < 3)
			return -ENOBUFS;
		memcpy(to + 4, "\x01\xab\xff", 3);
		return 3;
	default:
		return -ENOSYS;
	}
}

static void put_domain(const struct hypervisor *it, bytes to, const struct known_domain *domain)
{
	const size_t handle = it->x86 ? 76 : 52;
	size_t i;

	memset(to, 0xee, it->x86 ? 112 : 72);
	put16(to, 0, domain->id);
	put32(to, 4, domain->flags);
	put64(to, 8, domain->tot_pages);
	put64(to, 16, domain->max_pages);
	if (it->x86)
		put64(to, 24, domain->outstanding_pages);
	put64(to, it->x86 ? 48 : 24, domain->shared_info_frame);
	put64(to, it->x86 ? 56 : 32, domain->cpu_time);
	put32(to, it->x86 ? 64 : 40, domain->vcpus);
	put32(to, it->x86 ? 68 : 44, domain->vcpus - 1);
	put32(to, it->x86 ? 72 : 48, 0);
	for (i = 0; i < 16; i++)
		to[handle + i] = (unsigned char)(domain->id + i);
}

static long long domain_list(struct hypervisor *it, bytes op)
{
	const uint16_t first = get16(op, 8);
	const uint32_t room = get32(op, 12);
	const bytes to = pointer(op, 16);
	uint32_t n = 0;
	unsigned int i;

	it->calls_for_domains++;
	for (i = 0; i < it->nr_domains && n < room; i++)
		if (it->domains[i].id >= first || it->same_domain_again)
			put_domain(it, to + (it->x86 ? 112 : 72) * n++, &it->domains[i]);
	put32(op, 24, n + it->extra_count);
	return 0;
}

static long long physinfo(const struct hypervisor *it, bytes op)
{
	unsigned int i;

	put32(op, 8, 1);
	put32(op, 12, 2);
	if (it->x86) {
		const uint32_t from_16[] = { 2, 7, 1, 0, 2596138, 0x30f };

		memcpy(op + 16, from_16, sizeof(from_16));
		put64(op, 48, 262144);
		put64(op, 56, 111166);
		put64(op, 64, 3);
		put64(op, 72, 256);
		put64(op, 80, 0x3ffdf);
	} else {
		const uint32_t from_16[] = { 3, 1, 2200005 };

		memcpy(op + 16, from_16, sizeof(from_16));
		put64(op, 32, 262144);
		put64(op, 40, 111166);
	}
	for (i = 0; i < 8; i++)
		put32(op, (it->x86 ? 88 : 56) + 4 * i, i == 1 ? 0xabcdef01 : i);
	return 0;
}

static long long read_console(const struct hypervisor *it, bytes op)
{
	const uint32_t room = get32(op, 24);
	const uint32_t n = it->ring_bytes < room ? (uint32_t)it->ring_bytes : room;

	if (get32(op, 8) != 0)
		return -EINVAL; /* nobody asked to clear it */
	memcpy(pointer(op, 16), it->ring, n);
	put32(op, 24, n + it->extra_count);
	return 0;
}

static long long xen_sysctl(struct hypervisor *it, bytes op)
{
	if (get32(op, 4) != (it->x86 ? 0x15 : 4))
		return -EACCES;
	if (it->fail_with && it->fail_op == SYSCTL && it->fail_command == get32(op, 0))
		return -it->fail_with;
	switch (get32(op, 0)) {
	case 1:
		return read_console(it, op);
	case 3:
		return physinfo(it, op);
	case 4:
		put32(op, 8, it->x86 ? 6 : 5);
		return 0;
	case 6:
		return domain_list(it, op);
	default:
		return -ENOSYS;
	}
}

static long long xen_domctl(const struct hypervisor *it, bytes op)
{
	uint64_t asked, n;

	if (get32(op, 4) != (it->x86 ? 0x15 : 5))
		return -EACCES;
	if (it->fail_with && it->fail_op == DOMCTL && it->fail_command == get32(op, 0))
		return -it->fail_with;
	if (get32(op, 0) != 6)
		return -ENOSYS;
	asked = get64(op, 16);
	if (it->memlist_limit && asked > it->memlist_limit)
		return -E2BIG;
	n = asked < it->nr_frames ? asked : it->nr_frames;
	memcpy(pointer(op, 32), it->frames, (size_t)n * 8);
	put64(op, 40, n + it->extra_frames);
	return get16(op, 8) == it->domains[0].id ? 0 : -EINVAL;
}

static long long hypercall(struct fake *fake, uint64_t op, const uint64_t *args)
{
	struct hypervisor *it = fake->user;
	const bytes argument = (bytes)(uintptr_t)args[0];

	if (it->fail_with && op == VERSION && it->fail_op == VERSION &&
	    it->fail_command == args[0])
		return -it->fail_with;
	switch (op) {
	case VERSION:
		return xen_version(it, args);
	case SYSCTL:
		return xen_sysctl(it, argument);
	case DOMCTL:
		return xen_domctl(it, argument);
	default:
		return -ENOSYS;
	}
}

void hypervisor_start(struct hypervisor *hypervisor, struct fake *fake, int x86)
{
	*hypervisor = (struct hypervisor){
		.x86 = x86,
		.domains = { { 0, 0x20, 131070, 131072, 0, 0x3fdb7, 20750000000, 2 },
			     { 5, 0x30004, 16384, 16640, 256, 0x77, 0, 1 } },
		.nr_domains = 2,
		.ring = "(XEN) one\n(XEN) two\n",
		.ring_bytes = 20,
		.frames = { 0x100, 0x101, 0xffffffff, 0x103, 0x90, 0x91 },
		.nr_frames = 6,
	};
	fake->hypercall = hypercall;
	fake->user = hypervisor;
}
