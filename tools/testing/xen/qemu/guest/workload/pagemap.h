/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where pages of this process are: the numbers that the domain has for their frames.
 */
#ifndef PAGEMAP_H
#define PAGEMAP_H

#include <stddef.h>
#include <stdint.h>

/* Of a page that is not in memory, or was not looked at yet. */
#define NO_FRAME (~0ull)

/**
 * frames_of - the frames of pages that follow each other; a step fails without a pagemap
 * @memory: the first page
 * @frames: their numbers, NO_FRAME for a page that is not there
 * @pages: how many
 */
void frames_of(const void *memory, uint64_t *frames, size_t pages);

/**
 * memory_in_a_row - memory whose frames follow each other, if the kernel has such
 * @pages: so many of them do
 * @others: how many pages follow, in frames anywhere
 * @in_a_row: set to whether they do
 *
 * Return: where; a step fails without memory.
 */
void *memory_in_a_row(size_t pages, size_t others, int *in_a_row);

#endif
