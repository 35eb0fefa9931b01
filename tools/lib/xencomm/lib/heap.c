// SPDX-License-Identifier: GPL-2.0
/*
 * Which bytes of an area are in use: a list of the blocks, sorted by offset, first fit.
 */
#include <stdint.h>

#include "heap.h"

size_t heap_alloc(struct heap *heap, const struct xencomm_sys *sys, size_t bytes, size_t align)
{
	struct heap_block **link = &heap->first;
	struct heap_block *block;
	size_t at = 0;

	/* A size near the top of the type must not wrap below. */
	if (bytes == 0 || bytes > heap->bytes || align == 0 || (align & (align - 1)) != 0)
		return HEAP_NONE;
	for (;;) {
		const size_t end = *link ? (*link)->at : heap->bytes;
		const size_t misplaced = at & (align - 1);
		const size_t start = misplaced == 0 ? at : at + (align - misplaced);

		/* No wrap above: an area is far from half of all addresses. */
		if (start <= end && end - start >= bytes) {
			at = start;
			break;
		}
		if (!*link)
			return HEAP_NONE;
		at = (*link)->at + (*link)->bytes;
		link = &(*link)->next;
	}
	block = sys->zalloc(sys->context, sizeof(*block));
	if (!block)
		return HEAP_NONE;
	block->at = at;
	block->bytes = bytes;
	block->next = *link;
	*link = block;
	return at;
}

int heap_free(struct heap *heap, const struct xencomm_sys *sys, size_t at)
{
	struct heap_block **link = &heap->first;
	struct heap_block *block;

	while (*link && (*link)->at < at)
		link = &(*link)->next;
	block = *link;
	if (!block || block->at != at)
		return -1;
	*link = block->next;
	sys->release(sys->context, block);
	return 0;
}

void heap_clear(struct heap *heap, const struct xencomm_sys *sys)
{
	while (heap->first) {
		struct heap_block *block = heap->first;

		heap->first = block->next;
		sys->release(sys->context, block);
	}
}
