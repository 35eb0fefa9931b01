// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of the peer mapped by privcmd: all its data pages at once by both versions of
 * mmapbatch, what it wrote is read, what is written it sees; frames that are nobody's are
 * told one by one; a page is no longer there after munmap.
 *
 * And events there and back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "peer.h"
#include "workload.h"

#define TRIPS 200
#define ROUNDS 20

static void both_ways(struct peer *peer, volatile void *at, uint32_t page)
{
	volatile unsigned long long *words = at;
	uint64_t value = 0x1234500000000000ull + page;

	check_pattern(at, page, "foreign page");
	words[7] = value;
	if (peer_ask(peer, PEER_LOOK, page, 7, 0) != value)
		fail("the peer does not see what was written to page %u", page);
	if (peer_ask(peer, PEER_CHECK, page, 0, 0) != 7)
		fail("more than word 7 of page %u changed", page);
	peer_ask(peer, PEER_POKE, page, 9, ~value);
	if (words[9] != ~value)
		fail("what the peer wrote to page %u is not seen", page);
	peer_ask(peer, PEER_FILL, page, 0, 0);
	check_pattern(at, page, "filled page");
}

static void whole(struct peer *peer, int version)
{
	const uint64_t *frames = peer->frames + PEER_DATA_PFN;
	unsigned char *at =
		version == 1 ? map_frames_v1(peer->privcmd, PEER_DOMAIN, frames, PEER_DATA_PAGES)
			     : map_frames(peer->privcmd, PEER_DOMAIN, frames, PEER_DATA_PAGES);

	for (uint32_t page = 0; page < PEER_DATA_PAGES; page++)
		check_pattern(at + (size_t)page * PAGE, page, "mapped page");
	for (uint32_t page = 0; page < PEER_DATA_PAGES; page += 85)
		both_ways(peer, at + (size_t)page * PAGE, page);
	check_errno(!munmap(at, (size_t)PEER_DATA_PAGES * PAGE), "munmap");
}

/* Good, impossible, good: the errors say which, and the good ones are there. */
static void in_part(struct peer *peer)
{
	uint64_t frames[3] = {data_frame(peer, 1), 0x3ffffff0, data_frame(peer, 3)};
	int32_t errors[3] = {1, 1, 1};
	unsigned char *at =
		mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, peer->privcmd, 0);
	struct privcmd_batch_v2 batch = {3, PEER_DOMAIN, (uintptr_t)at, frames, errors};
	int fds[2];

	check_errno(at != MAP_FAILED, "mmap of privcmd");
	check_errno(!ioctl(peer->privcmd, PRIVCMD_MMAPBATCH_V2, &batch), "mmapbatch_v2 in part");
	if (errors[0] || errors[1] >= 0 || errors[2])
		fail("mmapbatch_v2 in part: errors %d, %d, %d", errors[0], errors[1], errors[2]);
	check_pattern(at, 1, "first of three");
	check_pattern(at + 2 * PAGE, 3, "third of three");
	check_errno(!pipe(fds), "pipe");
	if (write(fds[1], at + PAGE, 8) != -1 || errno != EFAULT)
		fail("a frame that is nobody's was read");
	check_errno(write(fds[1], at, 8) == 8, "write from a foreign page");
	check_errno(!munmap(at, 3 * PAGE), "munmap");
	if (write(fds[1], at, 8) != -1 || errno != EFAULT)
		fail("a foreign page is there after munmap");
	close(fds[0]);
	close(fds[1]);
}

/* A mapping of privcmd stays where it is: its pages are given back when it ends, once. */
static void not_moved(struct peer *peer)
{
	uint64_t frame = data_frame(peer, 5);
	unsigned char *at = map_frames(peer->privcmd, PEER_DOMAIN, &frame, 1);
	void *room = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check_errno(room != MAP_FAILED, "mmap");
	if (mremap(at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room) != MAP_FAILED ||
	    errno != EINVAL)
		fail("a mapping of privcmd was moved");
	check_pattern(at, 5, "page that was to move");
	check_errno(!munmap(at, PAGE), "munmap");
}

/* Frames of the window are used again and again: more mappings than it has pages. */
static void again_and_again(struct peer *peer)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint64_t frames[64];
		unsigned char *at;

		for (uint32_t i = 0; i < 64; i++)
			frames[i] = data_frame(peer, (i * 37 + round) % PEER_DATA_PAGES);
		at = map_frames(peer->privcmd, PEER_DOMAIN, frames, 64);
		for (uint32_t i = 0; i < 64; i += 9)
			check_pattern(at + (size_t)i * PAGE, (i * 37 + round) % PEER_DATA_PAGES,
				      "page of a round");
		check_errno(!munmap(at, 64 * PAGE), "munmap");
	}
}

void step_foreign(void)
{
	struct peer peer;

	peer_open(&peer);
	whole(&peer, 2);
	whole(&peer, 1);
	in_part(&peer);
	not_moved(&peer);
	again_and_again(&peer);
	for (uint64_t trip = 0; trip < TRIPS; trip++)
		if (peer_ask(&peer, PEER_INVERT, trip, 0, 0) != ~trip)
			fail("trip %llu: a wrong answer", (unsigned long long)trip);
	peer_close(&peer);
	figure("pages", 2 * PEER_DATA_PAGES + ROUNDS * 64);
	figure("trips", TRIPS);
}
