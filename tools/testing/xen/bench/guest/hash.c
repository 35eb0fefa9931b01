// SPDX-License-Identifier: GPL-2.0
/*
 * Operations that leave and find entries in a hashed page table.
 *
 * There, an entry appears only when a page is used, so what changes mappings that
 * nobody uses in between, as the rows in memory.c do, costs no hypercall.  These use
 * all pages after each step.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "micro.h"

enum { SOME_PAGES = 64, BIG_PAGES = 256 };

static char *memory;

static void prepare(size_t pages)
{
	memory = map_pages(pages);
	touch_pages(memory, pages);
}

static void some_pages_prepare(void)
{
	prepare(SOME_PAGES);
}

static void some_pages_finish(void)
{
	unmap_pages(memory, SOME_PAGES);
}

static void read_pages(const char *start, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		(void)*(const volatile char *)(start + i * PAGE);
}

static void mprotect_run(long n)
{
	while (n--) {
		require(!mprotect(memory, SOME_PAGES * PAGE, PROT_READ), "mprotect");
		read_pages(memory, SOME_PAGES);
		require(!mprotect(memory, SOME_PAGES * PAGE, PROT_READ | PROT_WRITE), "mprotect");
		touch_pages(memory, SOME_PAGES);
	}
}

static void mremap_prepare(void)
{
	prepare(2 * SOME_PAGES);
}

static void move_pages_to(char *from, char *to)
{
	require(mremap(from, SOME_PAGES * PAGE, SOME_PAGES * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		       to) == to, "mremap");
	touch_pages(to, SOME_PAGES);
}

static void mremap_run(long n)
{
	char *other = memory + SOME_PAGES * PAGE;

	while (n--) {
		move_pages_to(memory, other);
		move_pages_to(other, memory);
	}
}

static void mremap_finish(void)
{
	unmap_pages(memory, 2 * SOME_PAGES);
}

/* Read, then written: the entry of the zero page is exchanged for one that may be written. */
static void upgrade_run(long n)
{
	while (n--) {
		char *start = map_pages(SOME_PAGES);

		read_pages(start, SOME_PAGES);
		touch_pages(start, SOME_PAGES);
		unmap_pages(start, SOME_PAGES);
	}
}

/* Entries lose write permission at the fork, and each gets it back by a fault. */
static void fork_run(long n)
{
	while (n--) {
		pid_t child = fork();

		require(child >= 0, "fork");
		if (!child)
			_exit(0);
		wait_for(child);
		touch_pages(memory, BIG_PAGES);
	}
}

static void fork_prepare(void)
{
	prepare(BIG_PAGES);
}

static void fork_finish(void)
{
	unmap_pages(memory, BIG_PAGES);
}

const struct operation hash_operations[] = {
	{ "mprotect_use_64", 400, .run = mprotect_run,
	  .prepare = some_pages_prepare, .finish = some_pages_finish },
	{ "mremap_use_64", 400, .run = mremap_run,
	  .prepare = mremap_prepare, .finish = mremap_finish },
	{ "read_write_64", 200, .run = upgrade_run },
	{ "fork_write_1m", 200, .run = fork_run, .prepare = fork_prepare, .finish = fork_finish },
	{ .name = NULL },
};
