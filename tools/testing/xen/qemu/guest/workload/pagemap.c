// SPDX-License-Identifier: GPL-2.0
/* /proc/self/pagemap: a word for each page, with its frame and whether it is in memory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pagemap.h"
#include "workload.h"

#define PAGE_BYTES 4096u
#define FRAME_MASK ((1ull << 55) - 1)
#define PRESENT (1ull << 63)
/* Pages to choose from, 8 MB. */
#define POOL 2048u
/* In a domain that keeps the map of its frames, these follow each other in the machine too. */
#define BLOCK 4096u

void frames_of(const void *memory, uint64_t *frames, size_t pages)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t bytes = pages * sizeof(frames[0]);
	off_t at = (off_t)((uintptr_t)memory / PAGE_BYTES * sizeof(frames[0]));

	check_errno(pagemap >= 0, "/proc/self/pagemap");
	check_errno(pread(pagemap, frames, bytes, at) == (ssize_t)bytes, "pagemap");
	close(pagemap);
	for (size_t i = 0; i < pages; i++)
		frames[i] = frames[i] & PRESENT ? frames[i] & FRAME_MASK : NO_FRAME;
}

struct page {
	uint64_t frame;
	unsigned int index; /* in the pool */
};

static int by_frame(const void *one, const void *other)
{
	const struct page *first = one, *second = other;

	return first->frame < second->frame ? -1 : first->frame > second->frame;
}

/* The pages of a file in memory, sorted. */
static void sort_pages(int file, struct page *page)
{
	static uint64_t frames[POOL];
	unsigned char *at = mmap(NULL, POOL * PAGE_BYTES, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_POPULATE, file, 0);

	check_errno(at != MAP_FAILED, "mmap");
	frames_of(at, frames, POOL);
	for (unsigned int i = 0; i < POOL; i++)
		page[i] = (struct page){frames[i], i};
	qsort(page, POOL, sizeof(page[0]), by_frame);
	check_errno(!munmap(at, POOL * PAGE_BYTES), "munmap");
}

/* The first page of @pages in a row, or 0: any will do. */
static size_t find_row(const struct page *page, size_t pages, int *in_a_row)
{
	*in_a_row = 1;
	for (size_t first = 0; first + pages <= POOL; first++) {
		uint64_t frame = page[first].frame, last = page[first + pages - 1].frame;

		if (last != NO_FRAME && last == frame + pages - 1 && last / BLOCK == frame / BLOCK)
			return first;
	}
	*in_a_row = 0;
	return 0;
}

void *memory_in_a_row(size_t pages, size_t others, int *in_a_row)
{
	static struct page page[POOL];
	int file = memfd_create("row", MFD_CLOEXEC);
	unsigned char *at = mmap(NULL, (pages + others) * PAGE_BYTES, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t first;

	check_errno(file >= 0 && !ftruncate(file, POOL * PAGE_BYTES), "memfd_create");
	check_errno(at != MAP_FAILED, "mmap");
	sort_pages(file, page);
	first = find_row(page, pages, in_a_row);
	for (size_t i = 0; i < pages + others; i++) {
		/* Those behind the row: backwards from the one before it, round the pool. */
		size_t number = i < pages ? first + i : (first + POOL - 1 - (i - pages)) % POOL;

		check_errno(mmap(at + i * PAGE_BYTES, PAGE_BYTES, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_FIXED, file,
				 (off_t)page[number].index * PAGE_BYTES) != MAP_FAILED, "mmap");
	}
	close(file);
	return at;
}
