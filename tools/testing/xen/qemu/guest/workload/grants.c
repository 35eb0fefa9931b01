// SPDX-License-Identifier: GPL-2.0
/*
 * Grants to ourselves: two granted pages of gntalloc, copied by the hypervisor
 * into own memory, from it, and from one to the other, whole and in part.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"
#include "xendev.h"

#define PAGE 4096u
#define PART_AT 1000u
#define PART 77u
#define ROUNDS 16

static int device;
static unsigned char own[2 * PAGE] __attribute__((aligned(4096)));

static unsigned char byte_of(unsigned int round, unsigned int at)
{
	return (unsigned char)((at * 167 + round * 59 + (at >> 8)) & 0xff);
}

static void check(const unsigned char *page, unsigned int round, const char *what)
{
	for (unsigned int at = 0; at < PAGE; at++)
		if (page[at] != byte_of(round, at))
			fail("%s: byte %u is %#x, not %#x", what, at, page[at], byte_of(round, at));
}

static void copy(struct gntdev_segment segment, const char *what)
{
	struct gntdev_copy request = { 1, &segment };

	segment.status = 1;
	check_errno(!ioctl(device, GNTDEV_COPY, &request), what);
	if (segment.status)
		fail("%s: status %d", what, segment.status);
}

static union gntdev_side grant(uint32_t ref, unsigned int offset)
{
	return (union gntdev_side){ .grant = { ref, (uint16_t)offset, DOMAIN_0 } };
}

static void round_of(const uint32_t refs[2], unsigned char *pages, unsigned int round)
{
	for (unsigned int at = 0; at < PAGE; at++)
		pages[at] = byte_of(round, at);
	memset(pages + PAGE, 0x55, PAGE);
	memset(own, 0xaa, sizeof(own));
	copy((struct gntdev_segment){ grant(refs[0], 0), { .own = own }, PAGE, GNTDEV_FROM_GRANT, 0 },
	     "from the grant");
	check(own, round, "from the grant");
	if (own[PAGE] != 0xaa)
		fail("the copy wrote beyond its page");
	copy((struct gntdev_segment){ { .own = own }, grant(refs[1], 0), PAGE, GNTDEV_TO_GRANT, 0 },
	     "to the grant");
	check(pages + PAGE, round, "to the grant");
	/* Part of one granted page into the other, at the same place of other contents. */
	for (unsigned int at = 0; at < PAGE; at++)
		pages[PAGE + at] = byte_of(round + 1, at);
	copy((struct gntdev_segment){ grant(refs[1], PART_AT), grant(refs[0], PART_AT), PART,
				      GNTDEV_FROM_GRANT | GNTDEV_TO_GRANT, 0 },
	     "between the grants");
	for (unsigned int at = 0; at < PAGE; at++) {
		unsigned int from = at >= PART_AT && at < PART_AT + PART ? round + 1 : round;

		if (pages[at] != byte_of(from, at))
			fail("between the grants: byte %u is wrong", at);
	}
}

void step_grants(void)
{
	struct gntalloc_refs request = {
		.domain = DOMAIN_0, .flags = GNTALLOC_WRITABLE, .count = 2,
	};
	struct gntalloc_range range = { .count = 2 };
	int owner = open("/dev/xen/gntalloc", O_RDWR);
	unsigned char *pages;

	check_errno(owner >= 0, "/dev/xen/gntalloc");
	device = open("/dev/xen/gntdev", O_RDWR);
	check_errno(device >= 0, "/dev/xen/gntdev");
	check_errno(!ioctl(owner, GNTALLOC_ALLOC, &request), "alloc_gref");
	if (request.refs[0] == request.refs[1] || request.refs[0] < 8)
		fail("references %u and %u", request.refs[0], request.refs[1]);
	pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, owner,
		     (off_t)request.index);
	check_errno(pages != MAP_FAILED, "mmap");
	for (unsigned int round = 0; round < ROUNDS; round++)
		round_of(request.refs, pages, round);
	check_errno(!munmap(pages, 2 * PAGE), "munmap");
	range.index = request.index;
	check_errno(!ioctl(owner, GNTALLOC_DEALLOC, &range), "dealloc_gref");
	close(owner);
	close(device);
	figure("copies", 3 * ROUNDS);
}
