/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page by which the peer, a second domain that tests a dom0, and dom0's test programs
 * talk.  Compiles as C11 and C++20.
 *
 * It lies at a guest-physical address that both know; dom0 finds its machine frame by
 * getmemlist.  Behind it lie the peer's data pages, whose contents anybody can compute.
 * The peer owns every word but command and argument; dom0 writes these, notifies the port,
 * and reads answer once answered has grown by one.
 */
#ifndef PEER_MAILBOX_H
#define PEER_MAILBOX_H

#define PEER_MAILBOX_PFN 0x1000u /* 16 MB: in the RMA, above the image and its tree */
#define PEER_DATA_PFN 0x1010u
#define PEER_DATA_PAGES 256u
/* Data pages behind these, down from the end of the peer's memory, far from each other. */
#define PEER_FAR_PAGES 64u
#define PEER_FAR_STRIDE 128u
#define PEER_PAGES (PEER_DATA_PAGES + PEER_FAR_PAGES)
#define PEER_MAGIC 0x5065657231000000ull /* "Peer1" */
#define PEER_PAGE_WORDS 512u
#define PEER_FIRST_REF 8u /* below: reserved by the ABI */
#define PEER_REFS 64u

/* argument[0] is a data page's number, where a command is about one */
enum peer_command {
	PEER_NOTHING,
	PEER_INVERT,   /* answer: argument[0] inverted */
	PEER_LOOK,     /* answer: word argument[1] */
	PEER_POKE,     /* word argument[1] becomes argument[2] */
	PEER_CHECK,    /* answer: the first word that is not the pattern's, or PEER_PAGE_WORDS */
	PEER_FILL,     /* the page gets its pattern */
	PEER_GRANT,    /* grant it to dom0 by reference argument[1]; argument[2]: read-only */
	PEER_FLAGS,    /* answer: flags of reference argument[1] */
	PEER_WITHDRAW, /* the grant argument[1] ends; answer: flags that were still set */
	PEER_COPY_IN,  /* from dom0's reference argument[1] into the page; answer: status */
	PEER_COPY_OUT, /* from the page to dom0's reference argument[1]; answer: status */
};
#define PEER_UNKNOWN (~0ull) /* the answer to anything else */

struct peer_mailbox {
	unsigned long long magic; /* last of all at the start */
	unsigned long long domid;
	unsigned long long port;
	unsigned long long last_pfn; /* of all: data page PEER_DATA_PAGES */
	unsigned long long command, argument[3]; /* dom0's */
	unsigned long long answer;
	unsigned long long answered; /* commands, so far */
};

/* peer_pattern - what word @word of data page @page is */
static inline unsigned long long peer_pattern(unsigned int page, unsigned int word)
{
	return 0x70656572ull << 32 | page * 0x10000ull | word;
}

#endif
