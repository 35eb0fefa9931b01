/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which bytes of an area are in use.
 *
 * The accounts are kept outside the area: what a user or a hypervisor writes into the area
 * cannot damage them.  Offsets only; nothing here knows of addresses.  No locking.
 */
#ifndef XENCOMM_HEAP_H
#define XENCOMM_HEAP_H

#include <stddef.h>

#include "sys.h"

/* A block in use. */
struct heap_block {
	struct heap_block *next; /* the next higher one */
	size_t at;
	size_t bytes;
};

struct heap {
	size_t bytes;
	struct heap_block *first; /* the lowest one */
};

#define HEAP_NONE ((size_t)-1)

/**
 * heap_alloc - find room: the lowest gap that is large enough
 * @bytes: 1 or more
 * @align: a power of two
 *
 * Return: the offset, a multiple of @align; HEAP_NONE if there is no such gap or no memory
 * for the accounts.
 */
size_t heap_alloc(struct heap *heap, const struct xencomm_sys *sys, size_t bytes, size_t align);

/**
 * heap_free - the block at an offset is no longer in use
 *
 * Return: 0, or -1 if no block begins there.
 */
int heap_free(struct heap *heap, const struct xencomm_sys *sys, size_t at);

/**
 * heap_clear - no block is in use
 */
void heap_clear(struct heap *heap, const struct xencomm_sys *sys);

#endif
