/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The peer: the second domain, a test guest of ours (probe/peer/mailbox.h), as the steps
 * see it.  Every function fails the step when the peer does not do what it shall.
 */
#ifndef PEER_H
#define PEER_H

#include <stddef.h>
#include <stdint.h>

#include "probe/peer/mailbox.h"
#include "xencall.h"

#define PEER_DOMAIN 1u
#define PAGE 4096u

struct peer {
	int privcmd, evtchn;
	uint32_t port;
	uint64_t *frames; /* machine frames by the peer's own number, up to its near pages */
	uint64_t far[PEER_FAR_PAGES];
	volatile struct peer_mailbox *mailbox;
};

/** peer_open - find the peer, map its mailbox, bind its port */
void peer_open(struct peer *peer);

/** peer_close - give all of it back */
void peer_close(struct peer *peer);

/** peer_ask - one command; its answer, which came by an event */
uint64_t peer_ask(struct peer *peer, enum peer_command command, uint64_t page, uint64_t second,
		  uint64_t third);

/** hypercall - one of the process's own; -1 and errno, or its result */
int hypercall(int privcmd, uint64_t op, uint64_t first, uint64_t second, uint64_t third);

/**
 * map_frames - another domain's frames, read-write, by mmapbatch of version 2
 *
 * Return: where; the step has failed if one of them could not be mapped.
 */
void *map_frames(int privcmd, uint32_t domain, const uint64_t *frames, uint32_t count);

/** map_frames_v1 - the same by version 1 */
void *map_frames_v1(int privcmd, uint32_t domain, const uint64_t *frames, uint32_t count);

/** data_frame - machine frame of one of the peer's data pages */
static inline uint64_t data_frame(const struct peer *peer, uint32_t page)
{
	return page < PEER_DATA_PAGES ? peer->frames[PEER_DATA_PFN + page]
				      : peer->far[page - PEER_DATA_PAGES];
}

/** check_pattern - fail unless a page has the pattern of the peer's data page @number */
void check_pattern(const volatile void *page, uint32_t number, const char *what);

#endif
