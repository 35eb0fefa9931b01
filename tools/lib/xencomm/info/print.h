/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How answers are printed: for people, or as section.key=value lines.
 *
 * Text of hypervisors and domains is not trusted: control characters, which could drive a
 * terminal, and bytes above 126 are printed as \xHH, and in key=value lines the backslash as
 * \\ too.
 */
#ifndef XENCOMM_INFO_PRINT_H
#define XENCOMM_INFO_PRINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct printer {
	FILE *to;
	int parsable;
	const char *section; /* of the lines that come */
};

/**
 * print_section - what comes belongs to a section
 * @heading: for people
 */
void print_section(struct printer *printer, const char *section, const char *heading);

/**
 * print_text - a value that ends with a zero, or after @most bytes
 */
void print_text(struct printer *printer, const char *key, const char *text, size_t most);

/**
 * print_number, print_hex - a value, unless it is ABSENT
 */
void print_number(struct printer *printer, const char *key, uint64_t value);
void print_hex(struct printer *printer, const char *key, uint64_t value);

/**
 * print_bytes - text without a line's end, made harmless
 */
void print_bytes(struct printer *printer, const char *text, size_t bytes);

#endif
