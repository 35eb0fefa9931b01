// SPDX-License-Identifier: GPL-2.0
/* The list of sections. */
#include <string.h>

#include "section.h"

const struct section sections[NR_SECTIONS] = {
	{ "version", section_version }, { "physinfo", section_physinfo },
	{ "domains", section_domains }, { "console", section_console },
	{ "memlist", section_memlist },
};

const struct section *find_section(const char *name)
{
	size_t i;

	for (i = 0; i < NR_SECTIONS; i++)
		if (strcmp(sections[i].name, name) == 0)
			return &sections[i];
	return NULL;
}
