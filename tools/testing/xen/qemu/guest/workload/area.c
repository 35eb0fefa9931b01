// SPDX-License-Identifier: GPL-2.0
/*
 * A large area, 64 MB: filled, protected, shared with a child, given back in
 * stripes and taken anew, a word of every 64 bytes of it checked.  Much more than a
 * group of the hashed page table holds, so that entries are evicted and found again.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

#define BYTES (64ul << 20)
#define STRIPE (1ul << 20)
#define PAGE 4096ul
#define WORDS (PAGE / sizeof(uint64_t))
/* What is lost is a page or a line of a cache; every word would be time for nothing. */
#define STEP 8

static uint64_t *area;

static uint64_t word_of(uint64_t round, uint64_t page, uint64_t word)
{
	return (round << 48 ^ page << 12 ^ word) * 0x9e3779b97f4a7c15u;
}

static void fill(uint64_t round, uint64_t first, uint64_t count)
{
	for (uint64_t page = first; page < first + count; page++)
		for (uint64_t word = 0; word < WORDS; word += STEP)
			area[page * WORDS + word] = word_of(round, page, word);
}

/* The first page that is not as filled, or -1. */
static long wrong(uint64_t round, uint64_t first, uint64_t count)
{
	for (uint64_t page = first; page < first + count; page++)
		for (uint64_t word = 0; word < WORDS; word += STEP)
			if (area[page * WORDS + word] != word_of(round, page, word))
				return (long)page;
	return -1;
}

static void whole(uint64_t round, uint64_t first, uint64_t count, const char *when)
{
	long page = wrong(round, first, count);

	if (page >= 0)
		fail("page %ld is wrong %s", page, when);
}

/* The child writes every page of its copy; the parent's must stay. */
static void copied_by_a_child(void)
{
	pid_t child = fork();

	check_errno(child >= 0, "fork");
	if (!child) {
		if (wrong(1, 0, BYTES / PAGE) >= 0)
			_exit(1);
		for (uint64_t page = 0; page < BYTES / PAGE; page++)
			area[page * WORDS + page * STEP % WORDS] = ~page;
		for (uint64_t page = 0; page < BYTES / PAGE; page++)
			if (area[page * WORDS + page * STEP % WORDS] != ~page)
				_exit(2);
		_exit(0);
	}
	reap(child, 0, "child with a copy of the area");
	whole(1, 0, BYTES / PAGE, "after the child wrote its copy");
}

/* Every other stripe is given back and taken anew: zero there, whole elsewhere. */
static void in_stripes(void)
{
	for (uint64_t at = 0; at < BYTES; at += 2 * STRIPE) {
		void *place = (char *)area + at;

		check_errno(!munmap(place, STRIPE), "munmap");
		check_errno(mmap(place, STRIPE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == place, "mmap");
	}
	for (uint64_t page = 0; page < BYTES / PAGE; page++) {
		if (page * PAGE / STRIPE % 2) {
			whole(1, page, 1, "beside a stripe that was given back");
			continue;
		}
		for (uint64_t word = 0; word < WORDS; word += STEP)
			if (area[page * WORDS + word])
				fail("fresh page %lu is not zero", (unsigned long)page);
		fill(2, page, 1);
	}
	for (uint64_t page = 0; page < BYTES / PAGE; page++)
		whole(page * PAGE / STRIPE % 2 ? 1 : 2, page, 1, "at the end");
}

void step_area(void)
{
	area = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check_errno(area != MAP_FAILED, "mmap");
	fill(1, 0, BYTES / PAGE);
	check_errno(!mprotect(area, BYTES, PROT_READ), "mprotect");
	whole(1, 0, BYTES / PAGE, "after mprotect to read-only");
	check_errno(!mprotect(area, BYTES, PROT_READ | PROT_WRITE), "mprotect");
	copied_by_a_child();
	in_stripes();
	check_errno(!munmap(area, BYTES), "munmap");
	figure("mb", BYTES >> 20);
	figure("pages", BYTES / PAGE);
}
