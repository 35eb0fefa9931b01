// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator inside an area, against a map with the owner of every byte.
 */
#include <stdint.h>
#include <stdlib.h>

#include "check.h"
#include "heap.h"

#define BYTES 8192
#define MOST 400

static long accounts; /* blocks of memory that the heap holds */
static int out_of_memory;

static void *zalloc(void *context, size_t bytes)
{
	(void)context;
	if (out_of_memory)
		return NULL;
	accounts++;
	return calloc(1, bytes);
}

static void release(void *context, void *memory)
{
	(void)context;
	accounts--;
	free(memory);
}

static const struct xencomm_sys sys = { .zalloc = zalloc, .release = release };

/* What the test believes. */
static int owner[BYTES]; /* 0: nobody */
static struct {
	size_t at, bytes;
} blocks[MOST + 1];

static uint32_t random_state;

static uint32_t random_below(uint32_t limit)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)random_state * limit) >> 32);
}

/* The lowest place by trying all of them. */
static size_t lowest_place(size_t bytes, size_t align)
{
	size_t at, i;

	for (at = 0; at + bytes <= BYTES; at += align) {
		for (i = 0; i < bytes && owner[at + i] == 0; i++)
			;
		if (i == bytes)
			return at;
	}
	return HEAP_NONE;
}

static void take(struct heap *heap, int id, size_t bytes, size_t align)
{
	const size_t expected = lowest_place(bytes, align);
	const size_t at = heap_alloc(heap, &sys, bytes, align);
	size_t i;

	CHECK_EQ(at, expected);
	if (at == HEAP_NONE || at != expected)
		return;
	blocks[id].at = at;
	blocks[id].bytes = bytes;
	for (i = 0; i < bytes; i++)
		owner[at + i] = id;
}

static void give_back(struct heap *heap, int id)
{
	size_t i;

	CHECK_EQ(heap_free(heap, &sys, blocks[id].at), 0);
	for (i = 0; i < blocks[id].bytes; i++)
		owner[blocks[id].at + i] = 0;
	blocks[id].bytes = 0;
}

static void random_work(uint32_t seed, uint32_t largest)
{
	struct heap heap = { .bytes = BYTES };
	int step, id;

	random_state = seed;
	memset(owner, 0, sizeof(owner));
	memset(blocks, 0, sizeof(blocks));
	for (step = 0; step < 3000 && check_failures == 0; step++) {
		id = 1 + (int)random_below(MOST);
		if (blocks[id].bytes != 0)
			give_back(&heap, id);
		else
			take(&heap, id, 1 + random_below(largest), (size_t)1 << random_below(11));
	}
	/* Another offset than that of a block is refused, in use or not. */
	for (step = 0; step < 200; step++) {
		const size_t at = random_below(BYTES);

		for (id = 1; id <= MOST; id++)
			if (blocks[id].bytes != 0 && blocks[id].at == at)
				break;
		if (id > MOST)
			CHECK_EQ(heap_free(&heap, &sys, at), -1);
	}
	heap_clear(&heap, &sys);
	CHECK(heap.first == NULL);
	CHECK_EQ(accounts, 0);
}

static void blocks_do_not_overlap_and_lie_lowest(void)
{
	uint32_t seed;

	for (seed = 1; seed <= 20 && check_failures == 0; seed++)
		random_work(seed, seed % 2 ? 64 : 900);
}

static void all_of_it_can_be_had(void)
{
	struct heap heap = { .bytes = BYTES };

	CHECK_EQ(heap_alloc(&heap, &sys, BYTES, 4096), 0);
	CHECK(heap_alloc(&heap, &sys, 1, 1) == HEAP_NONE);
	CHECK_EQ(heap_free(&heap, &sys, 0), 0);
	CHECK_EQ(heap_free(&heap, &sys, 0), -1);
	CHECK_EQ(heap_alloc(&heap, &sys, BYTES - 1, 1), 0);
	CHECK_EQ(heap_alloc(&heap, &sys, 1, 1), BYTES - 1);
	heap_clear(&heap, &sys);
	CHECK_EQ(accounts, 0);
}

static void absurd_sizes_are_refused(void)
{
	struct heap heap = { .bytes = BYTES };

	CHECK(heap_alloc(&heap, &sys, 0, 1) == HEAP_NONE);
	CHECK(heap_alloc(&heap, &sys, BYTES + 1, 1) == HEAP_NONE);
	CHECK(heap_alloc(&heap, &sys, SIZE_MAX, 1) == HEAP_NONE);
	CHECK(heap_alloc(&heap, &sys, 8, 0) == HEAP_NONE);
	CHECK(heap_alloc(&heap, &sys, 8, 24) == HEAP_NONE);
	CHECK_EQ(heap_alloc(&heap, &sys, 8, 1), 0);
	/* The next multiple of the highest power of two is not 0. */
	CHECK(heap_alloc(&heap, &sys, 8, SIZE_MAX / 2 + 1) == HEAP_NONE);
	heap_clear(&heap, &sys);
	CHECK_EQ(accounts, 0);
}

static void no_memory_for_accounts_changes_nothing(void)
{
	struct heap heap = { .bytes = BYTES };

	CHECK_EQ(heap_alloc(&heap, &sys, 100, 1), 0);
	out_of_memory = 1;
	CHECK(heap_alloc(&heap, &sys, 100, 1) == HEAP_NONE);
	out_of_memory = 0;
	CHECK_EQ(heap_alloc(&heap, &sys, 100, 1), 100);
	heap_clear(&heap, &sys);
	CHECK_EQ(accounts, 0);
}

static const struct test tests[] = {
	{ "blocks_do_not_overlap_and_lie_lowest", blocks_do_not_overlap_and_lie_lowest },
	{ "all_of_it_can_be_had", all_of_it_can_be_had },
	{ "absurd_sizes_are_refused", absurd_sizes_are_refused },
	{ "no_memory_for_accounts_changes_nothing", no_memory_for_accounts_changes_nothing },
};

int main(void)
{
	return RUN_TESTS(tests);
}
