// SPDX-License-Identifier: GPL-2.0
/*
 * Grants between this domain and the peer: its pages mapped by gntdev, read-write and
 * read-only, and what is refused; copies both ways by either side; own pages that the peer
 * copies from and to.  The peer's table says that nothing stays in use.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "peer.h"
#include "workload.h"

#define REF(n) (PEER_FIRST_REF + (n))
#define BATCH 16
#define FLAG_READING 8u
#define FLAG_WRITING 16u

static int gntdev, gntalloc;
static unsigned char own[PAGE] __attribute__((aligned(4096)));

/* Map one grant; MAP_FAILED and errno if it is refused. */
static void *map_grant(uint32_t domain, uint32_t ref, int protection, uint64_t *index)
{
	struct gntdev_map map = {.count = 1, .refs = {{domain, ref}}};

	check_errno(!ioctl(gntdev, GNTDEV_MAP, &map), "map_grant_ref");
	*index = map.index;
	return mmap(NULL, PAGE, protection, MAP_SHARED, gntdev, (off_t)map.index);
}

static void forget(uint64_t index)
{
	struct gntdev_unmap unmap = {.index = index, .count = 1};

	check_errno(!ioctl(gntdev, GNTDEV_UNMAP, &unmap), "unmap_grant_ref");
}

static void unused(struct peer *peer, uint32_t ref, const char *what)
{
	uint64_t flags = peer_ask(peer, PEER_FLAGS, 0, ref, 0);

	if (flags & (FLAG_READING | FLAG_WRITING))
		fail("%s: reference %u has flags %#llx", what, ref, (unsigned long long)flags);
}

/* Reading and writing through the kernel, which copies: EFAULT where there is nothing. */
static void not_there(const void *at)
{
	int fds[2];

	check_errno(!pipe(fds), "pipe");
	if (write(fds[1], at, 8) != -1 || errno != EFAULT)
		fail("a grant is there after it was unmapped");
	close(fds[0]);
	close(fds[1]);
}

static void read_write(struct peer *peer)
{
	volatile unsigned long long *at;
	uint64_t index;

	peer_ask(peer, PEER_GRANT, 2, REF(2), 0);
	at = map_grant(PEER_DOMAIN, REF(2), PROT_READ | PROT_WRITE, &index);
	check_errno((void *)(uintptr_t)at != MAP_FAILED, "mmap of a grant");
	check_pattern(at, 2, "granted page");
	at[5] = 0xabcdef;
	if (peer_ask(peer, PEER_LOOK, 2, 5, 0) != 0xabcdef)
		fail("the peer does not see what was written to its granted page");
	peer_ask(peer, PEER_POKE, 2, 6, 0xfedcba);
	if (at[6] != 0xfedcba)
		fail("what the peer wrote to its granted page is not seen");
	if (!(peer_ask(peer, PEER_FLAGS, 0, REF(2), 0) & FLAG_WRITING))
		fail("the hypervisor does not know that the grant is in use");
	/* The end of a grant does not take away what is mapped. */
	peer_ask(peer, PEER_FILL, 2, 0, 0);
	check_pattern(at, 2, "granted page, filled");
	check_errno(!munmap((void *)(uintptr_t)at, PAGE), "munmap");
	forget(index);
	not_there((void *)(uintptr_t)at);
	unused(peer, REF(2), "after unmap");
	peer_ask(peer, PEER_WITHDRAW, 0, REF(2), 0);
	at = map_grant(PEER_DOMAIN, REF(2), PROT_READ | PROT_WRITE, &index);
	if ((void *)(uintptr_t)at != MAP_FAILED)
		fail("a grant that ended was mapped");
	forget(index);
}

static void read_only(struct peer *peer)
{
	void *at;
	uint64_t index;

	peer_ask(peer, PEER_GRANT, 3, REF(3), 1);
	at = map_grant(PEER_DOMAIN, REF(3), PROT_READ | PROT_WRITE, &index);
	if (at != MAP_FAILED)
		fail("a read-only grant was mapped writable");
	forget(index);
	at = map_grant(PEER_DOMAIN, REF(3), PROT_READ, &index);
	check_errno(at != MAP_FAILED, "mmap of a read-only grant");
	check_pattern(at, 3, "read-only page");
	check_errno(!munmap(at, PAGE), "munmap");
	forget(index);
	not_there(at);
	unused(peer, REF(3), "read-only, after unmap");
	peer_ask(peer, PEER_WITHDRAW, 0, REF(3), 0);
}

/* Several mappings at once, unmapped in another order, and closed with some still there. */
static void many(struct peer *peer)
{
	unsigned char *at[BATCH];
	uint64_t index[BATCH];

	for (uint32_t i = 0; i < BATCH; i++) {
		peer_ask(peer, PEER_GRANT, 16 + i, REF(16 + i), 0);
		at[i] = map_grant(PEER_DOMAIN, REF(16 + i), PROT_READ | PROT_WRITE, &index[i]);
		check_errno(at[i] != MAP_FAILED, "mmap of one of many grants");
	}
	for (uint32_t i = 0; i < BATCH; i++)
		check_pattern(at[i], 16 + i, "one of many");
	for (uint32_t i = 0; i < BATCH; i += 2) {
		check_errno(!munmap(at[i], PAGE), "munmap");
		forget(index[i]);
	}
	for (uint32_t i = 1; i < BATCH; i += 2)
		check_pattern(at[i], 16 + i, "one that stayed");
	for (uint32_t i = 1; i < BATCH; i += 2)
		check_errno(!munmap(at[i], PAGE), "munmap");
	close(gntdev);
	gntdev = open("/dev/xen/gntdev", O_RDWR);
	check_errno(gntdev >= 0, "/dev/xen/gntdev");
	for (uint32_t i = 0; i < BATCH; i++) {
		unused(peer, REF(16 + i), "one of many, closed");
		peer_ask(peer, PEER_WITHDRAW, 0, REF(16 + i), 0);
	}
}

/* Done, or refused by the hypervisor. */
static void copy(struct gntdev_segment segment, int done, const char *what)
{
	struct gntdev_copy request = {1, &segment};

	segment.status = 1;
	check_errno(!ioctl(gntdev, GNTDEV_COPY, &request), what);
	if ((segment.status == 0) != done || segment.status > 0)
		fail("%s: status %d", what, segment.status);
}

static void copies(struct peer *peer)
{
	union gntdev_side its = {.grant = {REF(4), 0, PEER_DOMAIN}};

	peer_ask(peer, PEER_GRANT, 4, REF(4), 0);
	memset(own, 0, sizeof(own));
	copy((struct gntdev_segment){its, {.own = own}, PAGE, GNTDEV_FROM_GRANT, 0}, 1,
	     "copy from the peer");
	check_pattern(own, 4, "copied page");
	((unsigned long long *)(void *)own)[8] = 0x5555;
	copy((struct gntdev_segment){{.own = own}, its, PAGE, GNTDEV_TO_GRANT, 0}, 1,
	     "copy to the peer");
	if (peer_ask(peer, PEER_LOOK, 4, 8, 0) != 0x5555 ||
	    peer_ask(peer, PEER_CHECK, 4, 0, 0) != 8)
		fail("the peer's page is not what was copied there");
	peer_ask(peer, PEER_WITHDRAW, 0, REF(4), 0);
	copy((struct gntdev_segment){its, {.own = own}, PAGE, GNTDEV_FROM_GRANT, 0}, 0,
	     "copy of a grant that ended");
	peer_ask(peer, PEER_FILL, 4, 0, 0);
}

static unsigned char *granted(struct gntalloc_refs *request, uint16_t domain)
{
	unsigned char *at;

	*request = (struct gntalloc_refs){.domain = domain, .flags = GNTALLOC_WRITABLE, .count = 2};
	check_errno(!ioctl(gntalloc, GNTALLOC_ALLOC, request), "alloc_gref");
	at = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, gntalloc,
		  (off_t)request->index);
	check_errno(at != MAP_FAILED, "mmap of granted pages");
	return at;
}

static void give_back(unsigned char *at, const struct gntalloc_refs *request)
{
	struct gntalloc_range range = {.index = request->index, .count = 2};

	check_errno(!munmap(at, 2 * PAGE), "munmap of granted pages");
	check_errno(!ioctl(gntalloc, GNTALLOC_DEALLOC, &range), "dealloc_gref");
}

/* Own pages, which the peer copies to and from: its own right to map is none. */
static void granted_to_the_peer(struct peer *peer)
{
	struct gntalloc_refs request;
	unsigned char *at = granted(&request, PEER_DOMAIN);
	unsigned long long *words = (void *)(at + PAGE);

	memset(at, 0, PAGE);
	if (peer_ask(peer, PEER_COPY_OUT, 5, request.refs[0], 0))
		fail("the peer's copy to a granted page: status %lld",
		     (long long)peer->mailbox->answer);
	check_pattern(at, 5, "page that the peer wrote");
	for (uint32_t word = 0; word < PEER_PAGE_WORDS; word++)
		words[word] = peer_pattern(6, word);
	peer_ask(peer, PEER_POKE, 6, 11, 0);
	if (peer_ask(peer, PEER_COPY_IN, 6, request.refs[1], 0))
		fail("the peer's copy from a granted page: status %lld",
		     (long long)peer->mailbox->answer);
	if (peer_ask(peer, PEER_CHECK, 6, 0, 0) != PEER_PAGE_WORDS)
		fail("the peer did not get what was granted to it");
	give_back(at, &request);
	if ((long long)peer_ask(peer, PEER_COPY_IN, 6, request.refs[1], 0) >= 0)
		fail("the peer copied from a page that is no longer granted");
	if (peer_ask(peer, PEER_CHECK, 6, 0, 0) != PEER_PAGE_WORDS)
		fail("a refused copy changed the peer's page");
}

/*
 * A page granted to ourselves and mapped: two addresses of the same memory.  The hypervisor
 * of 2007, which announces no feature, refuses it.
 */
static void loopback(void)
{
	struct gntalloc_refs request;
	unsigned char *at = granted(&request, DOMAIN_0);
	volatile unsigned char *again;
	uint64_t index;

	memset(at, 0x11, 2 * PAGE);
	again = map_grant(DOMAIN_0, request.refs[1], PROT_READ | PROT_WRITE, &index);
	if (access("/proc/device-tree/xen/features", F_OK)) {
		if ((void *)(uintptr_t)again != MAP_FAILED)
			fail("an own grant was mapped");
		forget(index);
		return give_back(at, &request);
	}
	check_errno((void *)(uintptr_t)again != MAP_FAILED, "mmap of an own grant");
	for (unsigned int i = 0; i < PAGE; i += 61) {
		at[PAGE + i] = (unsigned char)i;
		if (again[i] != (unsigned char)i)
			fail("an own granted page differs at byte %u", i);
		again[i] = (unsigned char)~i;
		if (at[PAGE + i] != (unsigned char)~i)
			fail("an own granted page differs at byte %u, the other way", i);
	}
	check_errno(!munmap((void *)(uintptr_t)again, PAGE), "munmap of an own grant");
	forget(index);
	not_there((void *)(uintptr_t)again);
	give_back(at, &request);
}

void step_peer_grants(void)
{
	struct peer peer;

	peer_open(&peer);
	gntdev = open("/dev/xen/gntdev", O_RDWR);
	check_errno(gntdev >= 0, "/dev/xen/gntdev");
	gntalloc = open("/dev/xen/gntalloc", O_RDWR);
	check_errno(gntalloc >= 0, "/dev/xen/gntalloc");
	read_write(&peer);
	read_only(&peer);
	many(&peer);
	copies(&peer);
	granted_to_the_peer(&peer);
	loopback();
	close(gntdev);
	close(gntalloc);
	peer_close(&peer);
	figure("grants", 4 + BATCH);
}
