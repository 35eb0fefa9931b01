/* SPDX-License-Identifier: GPL-2.0 */
/* A run of the tool. */
#ifndef XENCOMM_INFO_INFO_H
#define XENCOMM_INFO_INFO_H

#include <stdio.h>
#include <xencomm.h>

#include "abi.h"
#include "options.h"

/**
 * print_info - print the chosen sections; one that fails does not keep the others away
 *
 * Return: GOOD, FAILED, or ABSENT_HERE.
 */
int print_info(const struct options *options, struct xencomm *xen, const struct abi *abi,
	       FILE *out, FILE *err);

#endif
