/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An area of /dev/xen/xencomm, as the steps use it.
 */
#ifndef XENCOMM_AREA_H
#define XENCOMM_AREA_H

#include <stdint.h>

#include "../../../../../../include/uapi/xen/xencomm.h"

#define PAGE XENCOMM_PAGE_SIZE

struct area {
	int device;
	unsigned int pages; /* of data */
	volatile struct xencomm_area_header *header;
	unsigned char *data;
};

/** area_device - open the device; a step fails without it */
int area_device(void);

/** area_open - an area with everything mapped; fails on any error */
struct area area_open(unsigned int pages);

void area_close(const struct area *area);

/**
 * area_call - make a hypercall with one argument, or two
 *
 * Return: 0 and the hypervisor's answer in *@result, or -1 and errno.
 */
int area_call(const struct area *area, unsigned int number, uint64_t first, uint64_t second,
	      int64_t *result);

/**
 * area_list - getdomaininfolist
 * @sysctl: is made, and holds the answer afterwards
 * @buffer: where the list goes
 *
 * Return: as area_call(); fails on an answer that is no success.
 */
struct sysctl;
int area_list(const struct area *area, struct sysctl *sysctl, uint64_t buffer, unsigned int most);

/**
 * area_two_threads - two threads make calls through one area at the same time
 *
 * Return: how many.
 */
unsigned int area_two_threads(const struct area *area);

/**
 * area_replaced - other memory comes to where the data pages were, while calls are made
 * @area: can be closed afterwards, and is good for nothing else
 *
 * Return: how many calls there were, some before and some after.
 */
unsigned int area_replaced(const struct area *area);

/**
 * area_closed - areas without mappings are closed while a call is made through them
 * @closed: how many
 *
 * Return: for how many of them the hypervisor was certainly at work then; more than 0 with
 * more than one processor.
 */
unsigned int area_closed(unsigned int *closed);

#endif
