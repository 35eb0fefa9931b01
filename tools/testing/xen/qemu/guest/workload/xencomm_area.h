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

#endif
