// SPDX-License-Identifier: GPL-2.0
/* How answers are printed. */
#include <inttypes.h>
#include <string.h>

#include "abi.h"
#include "print.h"

void print_section(struct printer *printer, const char *section, const char *heading)
{
	printer->section = section;
	if (!printer->parsable)
		fprintf(printer->to, "%s\n", heading);
}

static void print_key(struct printer *printer, const char *key)
{
	if (printer->parsable)
		fprintf(printer->to, "%s.%s=", printer->section, key);
	else
		fprintf(printer->to, "  %-20s ", key);
}

void print_bytes(struct printer *printer, const char *text, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++) {
		const unsigned char byte = (unsigned char)text[i];

		if (byte == '\\' && printer->parsable)
			fputs("\\\\", printer->to);
		else if ((byte >= ' ' && byte < 0x7f) || byte == '\t')
			fputc(byte, printer->to);
		else
			fprintf(printer->to, "\\x%02x", byte);
	}
}

void print_text(struct printer *printer, const char *key, const char *text, size_t most)
{
	print_key(printer, key);
	print_bytes(printer, text, strnlen(text, most));
	fputc('\n', printer->to);
}

void print_number(struct printer *printer, const char *key, uint64_t value)
{
	if (value == ABSENT)
		return;
	print_key(printer, key);
	fprintf(printer->to, "%" PRIu64 "\n", value);
}

void print_hex(struct printer *printer, const char *key, uint64_t value)
{
	if (value == ABSENT)
		return;
	print_key(printer, key);
	fprintf(printer->to, "0x%" PRIx64 "\n", value);
}
