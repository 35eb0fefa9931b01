// SPDX-License-Identifier: GPL-2.0
/*
 * A frame of the peer's whose machine number is also the number that this domain has for a
 * page of its own.  Both are looked at and written, one after the other and turn about:
 * each keeps its own contents, as this process and as the peer see it.
 *
 * The own page is found in a large anonymous mapping by /proc/self/pagemap.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pagemap.h"
#include "peer.h"
#include "workload.h"

#define PIECE (16ul << 20)
#define ROUNDS 16
#define MOST_FOUND 6

struct pair {
	volatile unsigned long long *own;
	uint32_t page; /* the peer's */
	uint64_t frame;
};

static uint64_t free_bytes(void)
{
	return (uint64_t)sysconf(_SC_AVPHYS_PAGES) * PAGE;
}

static int peer_page_of(const struct peer *peer, uint64_t frame)
{
	/* Those with the highest numbers first. */
	for (uint32_t page = PEER_PAGES; page-- > 0;)
		if (data_frame(peer, page) == frame)
			return (int)page;
	return -1;
}

/* Look for pages of one piece of own memory that have numbers of the peer's. */
static unsigned int search(const struct peer *peer, unsigned char *piece, struct pair *pairs,
			   unsigned int found)
{
	static uint64_t frames[PIECE / PAGE];

	for (size_t i = 0; i < PIECE / PAGE; i++)
		piece[i * PAGE] = 1;
	frames_of(piece, frames, PIECE / PAGE);
	for (size_t i = 0; i < PIECE / PAGE && found < MOST_FOUND; i++) {
		int page = peer_page_of(peer, frames[i]);

		if (page >= 0)
			pairs[found++] = (struct pair){(void *)(piece + i * PAGE), (uint32_t)page,
						       frames[i]};
	}
	return found;
}

static unsigned long long own_word(uint32_t page, uint32_t word, uint32_t round)
{
	return 0x6f776e0000000000ull | (unsigned long long)round << 24 | page << 12 | word;
}

/* Both pages of a pair turn about, word by word. */
static void turn_about(struct peer *peer, const struct pair *pair,
		       volatile unsigned long long *foreign)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t word = round * 8 + 3;

		foreign[word] = ~peer_pattern(pair->page, word);
		pair->own[word] = own_word(pair->page, word, round);
		if (peer_ask(peer, PEER_LOOK, pair->page, word, 0) !=
		    ~peer_pattern(pair->page, word))
			fail("frame %#llx: the peer's word is lost",
			     (unsigned long long)pair->frame);
		peer_ask(peer, PEER_POKE, pair->page, word, peer_pattern(pair->page, word));
		if (pair->own[word] != own_word(pair->page, word, round))
			fail("frame %#llx: the own word is lost", (unsigned long long)pair->frame);
	}
}

static void check_own(const struct pair *pair, uint32_t round)
{
	for (uint32_t word = 0; word < PEER_PAGE_WORDS; word++)
		if (pair->own[word] != own_word(pair->page, word, round))
			fail("frame %#llx: own word %u is %#llx", (unsigned long long)pair->frame,
			     word, pair->own[word]);
}

static void kept_apart(struct peer *peer, const struct pair *pair)
{
	volatile unsigned long long *foreign;

	for (uint32_t word = 0; word < PEER_PAGE_WORDS; word++)
		pair->own[word] = own_word(pair->page, word, 1);
	foreign = map_frames(peer->privcmd, PEER_DOMAIN, &pair->frame, 1);
	check_pattern(foreign, pair->page, "the frame of both numbers");
	check_own(pair, 1);
	for (uint32_t word = 0; word < PEER_PAGE_WORDS; word++)
		pair->own[word] = own_word(pair->page, word, 2);
	check_pattern(foreign, pair->page, "after the own page was written");
	if (peer_ask(peer, PEER_CHECK, pair->page, 0, 0) != PEER_PAGE_WORDS)
		fail("frame %#llx: the peer's page changed", (unsigned long long)pair->frame);
	for (uint32_t word = 0; word < PEER_PAGE_WORDS; word++)
		foreign[word] = ~peer_pattern(pair->page, word);
	check_own(pair, 2);
	peer_ask(peer, PEER_FILL, pair->page, 0, 0);
	check_own(pair, 2);
	turn_about(peer, pair, foreign);
	check_errno(!munmap((void *)(uintptr_t)foreign, PAGE), "munmap");
	if (peer_ask(peer, PEER_CHECK, pair->page, 0, 0) != PEER_PAGE_WORDS)
		fail("frame %#llx: the peer's page is not its pattern",
		     (unsigned long long)pair->frame);
}

void step_same_number(void)
{
	static struct pair pairs[MOST_FOUND];
	unsigned int found = 0;
	uint64_t bytes = 0, most;
	unsigned char *memory;
	struct peer peer;

	peer_open(&peer);
	most = free_bytes() / 8 * 7 / PIECE * PIECE;
	memory = mmap(NULL, most, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	check_errno(memory != MAP_FAILED, "mmap");
	for (; bytes < most && found < MOST_FOUND; bytes += PIECE)
		found = search(&peer, memory + bytes, pairs, found);
	if (!found)
		fail("no frame of the peer's, %#llx on, has a number of the %llu MB of own pages",
		     (unsigned long long)data_frame(&peer, 0), (unsigned long long)bytes >> 20);
	for (unsigned int i = 0; i < found; i++)
		kept_apart(&peer, &pairs[i]);
	check_errno(!munmap(memory, most), "munmap");
	peer_close(&peer);
	figure("pairs", found);
	figure("frame", pairs[0].frame);
	figure("searched_mb", bytes >> 20);
}
