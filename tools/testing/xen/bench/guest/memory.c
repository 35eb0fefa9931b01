// SPDX-License-Identifier: GPL-2.0
/*
 * Operations on memory: mapping, protection, faults, file pages, segments.
 *
 * Each writes page-table entries in another way: one by one at a fault, in a
 * batch at unmap or mprotect, moved, read-modify-written, or as descriptors.
 */
#define _GNU_SOURCE
#ifdef __x86_64__
#include <asm/ldt.h>
#endif
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "micro.h"

enum { MIB_PAGES = 256, SOME_PAGES = 64 };

static char *memory;
static int file = -1;

static void map_and_touch(long n, size_t touched)
{
	while (n--) {
		char *start = map_pages(MIB_PAGES);

		touch_pages(start, touched);
		unmap_pages(start, MIB_PAGES);
	}
}

static void mmap_1_run(long n)
{
	map_and_touch(n, 1);
}

static void mmap_256_run(long n)
{
	map_and_touch(n, MIB_PAGES);
}

/* All page-table entries in one go: what batching alone can do. */
static void populate_run(long n)
{
	while (n--) {
		char *start = mmap(NULL, MIB_PAGES * PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		require(start != MAP_FAILED, "mmap");
		unmap_pages(start, MIB_PAGES);
	}
}

static void some_pages_prepare(void)
{
	memory = map_pages(SOME_PAGES);
	touch_pages(memory, SOME_PAGES);
}

static void some_pages_finish(void)
{
	unmap_pages(memory, SOME_PAGES);
}

static void mprotect_run(long n)
{
	while (n--) {
		require(!mprotect(memory, SOME_PAGES * PAGE, PROT_READ), "mprotect");
		require(!mprotect(memory, SOME_PAGES * PAGE, PROT_READ | PROT_WRITE), "mprotect");
	}
}

static void madvise_run(long n)
{
	while (n--) {
		require(!madvise(memory, SOME_PAGES * PAGE, MADV_DONTNEED), "madvise");
		touch_pages(memory, SOME_PAGES);
	}
}

/* There and back, so that the same two places are used for ever. */
static void mremap_prepare(void)
{
	memory = map_pages(2 * SOME_PAGES);
	touch_pages(memory, SOME_PAGES);
}

static void move_pages_to(char *from, char *to)
{
	require(mremap(from, SOME_PAGES * PAGE, SOME_PAGES * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		       to) == to, "mremap");
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

static void file_prepare(void)
{
	static const char page[PAGE] = { 1 };

	file = open("/tmp/bench.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	require(file >= 0, "open");
	for (int i = 0; i < SOME_PAGES; i++)
		require(write(file, page, PAGE) == PAGE, "write");
}

static char *map_file(void)
{
	char *start = mmap(NULL, SOME_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);

	require(start != MAP_FAILED, "mmap");
	return start;
}

static void file_read_run(long n)
{
	while (n--) {
		const volatile char *start = map_file();

		for (int i = 0; i < SOME_PAGES; i++)
			require(start[i * PAGE] == 1, "file content");
		unmap_pages((char *)start, SOME_PAGES);
	}
}

static void file_cow_run(long n)
{
	while (n--) {
		char *start = map_file();

		touch_pages(start, SOME_PAGES);
		unmap_pages(start, SOME_PAGES);
	}
}

static void file_finish(void)
{
	require(!close(file) && !unlink("/tmp/bench.data"), "close");
	file = -1;
}

#ifdef __x86_64__
/* The kernel installs a new table each time, which Xen must accept as such. */
static void ldt_run(long n)
{
	struct user_desc entry = {
		.base_addr = 0x10000, .limit = 0xff, .seg_32bit = 1, .useable = 1,
	};

	while (n--) {
		entry.limit ^= 1;
		require(!syscall(SYS_modify_ldt, 1, &entry, sizeof(entry)), "modify_ldt");
	}
}
#endif

const struct operation memory_operations[] = {
	{ "mmap_touch_1", 2500, .run = mmap_1_run },
	{ "mmap_touch_256", 70, .run = mmap_256_run },
	{ "populate_256", 70, .run = populate_run },
	{ "mprotect_64", 800, .run = mprotect_run,
	  .prepare = some_pages_prepare, .finish = some_pages_finish },
	{ "madvise_64", 300, .run = madvise_run,
	  .prepare = some_pages_prepare, .finish = some_pages_finish },
	{ "mremap_64", 1000, .run = mremap_run, .prepare = mremap_prepare, .finish = mremap_finish },
	{ "file_read_64", 700, .run = file_read_run,
	  .prepare = file_prepare, .finish = file_finish },
	{ "file_cow_64", 250, .run = file_cow_run, .prepare = file_prepare, .finish = file_finish },
#ifdef __x86_64__
	{ "modify_ldt", 15000, .run = ldt_run },
#endif
	{ .name = NULL },
};
