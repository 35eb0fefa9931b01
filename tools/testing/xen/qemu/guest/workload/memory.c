// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: mmap, mprotect, mremap and munmap with every page's contents checked.
 *
 * Each page holds words derived from its number and the round, so that a page
 * mapped to the wrong frame, a stale translation or a lost write is seen.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "workload.h"

#define ROUNDS 6
#define PAGES 256
#define PAGE 4096
#define WORDS (PAGE / sizeof(uint64_t))

static sigjmp_buf after_fault;

static uint64_t word_of(int round, int page, size_t word)
{
	return ((uint64_t)round << 40 | (uint64_t)page << 16 | word) * 0x9e3779b97f4a7c15u;
}

static void fill(uint64_t *area, int round, int first, int count)
{
	for (int page = first; page < first + count; page++)
		for (size_t word = 0; word < WORDS; word++)
			area[page * WORDS + word] = word_of(round, page, word);
}

static void verify(const uint64_t *area, int round, int first, int count, const char *when)
{
	for (int page = first; page < first + count; page++)
		for (size_t word = 0; word < WORDS; word++)
			if (area[page * WORDS + word] != word_of(round, page, word))
				fail("page %d word %zu wrong %s", page, word, when);
}

static void faulted(int signal)
{
	(void)signal;
	siglongjmp(after_fault, 1);
}

/* 1 if touching the address raises SIGSEGV. */
static int faults(volatile uint64_t *at, int write)
{
	if (sigsetjmp(after_fault, 1))
		return 1;
	if (write)
		*at = *at;
	else
		(void)*at;
	return 0;
}

static void protection(uint64_t *area, int round)
{
	check_errno(!mprotect(area, PAGES / 2 * PAGE, PROT_READ), "mprotect");
	verify(area, round, 0, PAGES, "after mprotect to read-only");
	if (!faults(area + 3 * WORDS, 1))
		fail("a read-only page was written");
	check_errno(!mprotect(area + 8 * WORDS, PAGE, PROT_NONE), "mprotect");
	if (!faults(area + 8 * WORDS, 0))
		fail("a page without access was read");
	check_errno(!mprotect(area, PAGES * PAGE, PROT_READ | PROT_WRITE), "mprotect");
	verify(area, round, 0, PAGES, "after mprotect back");
}

static void one_round(int round)
{
	uint64_t *area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t *moved;

	check_errno(area != MAP_FAILED, "mmap");
	for (int page = 0; page < PAGES; page++)
		if (area[page * WORDS] || area[page * WORDS + WORDS - 1])
			fail("a fresh page is not zero");
	fill(area, round, 0, PAGES);
	verify(area, round, 0, PAGES, "after the fill");
	protection(area, round);
	moved = mremap(area, PAGES * PAGE, 2 * PAGES * PAGE, MREMAP_MAYMOVE);
	check_errno(moved != MAP_FAILED, "mremap");
	verify(moved, round, 0, PAGES, "after mremap");
	check_errno(!munmap(moved, PAGES / 2 * PAGE), "munmap");
	if (!faults(moved, 0))
		fail("an unmapped page was read");
	verify(moved, round, PAGES / 2, PAGES / 2, "after munmap of the other half");
	check_errno(!madvise(moved + PAGES / 2 * WORDS, PAGE, MADV_DONTNEED), "madvise");
	if (moved[PAGES / 2 * WORDS])
		fail("a page given back is not zero");
	check_errno(!munmap(moved + PAGES / 2 * WORDS, 2 * PAGES * PAGE - PAGES / 2 * PAGE),
		    "munmap");
}

void step_memory(void)
{
	struct sigaction action = { .sa_handler = faulted };

	check_errno(!sigaction(SIGSEGV, &action, NULL), "sigaction");
	for (int round = 0; round < ROUNDS; round++)
		one_round(round);
	figure("pages", ROUNDS * PAGES);
}
