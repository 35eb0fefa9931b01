// SPDX-License-Identifier: GPL-2.0
/* The command line. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

static const char help[] =
	"usage: xencomm-info [OPTION...] [SECTION...]\n"
	"Prints what the hypervisor says: version, physinfo, domains, console, memlist\n"
	"(default: all of them).\n"
	"\n"
	"  -s, --scheme=SCHEME  any, page, buffer or mlock (default: any)\n"
	"  -p, --parsable       lines section.key=value\n"
	"  -d, --domain=ID      whose frames memlist counts (default: 0)\n"
	"  -n, --frames=COUNT   how many entries memlist asks for (default: all)\n"
	"  -l, --list           each frame\n"
	"  -h, --help           this\n";

static const struct option long_options[] = {
	{ "scheme", required_argument, NULL, 's' }, { "parsable", no_argument, NULL, 'p' },
	{ "domain", required_argument, NULL, 'd' }, { "frames", required_argument, NULL, 'n' },
	{ "list", no_argument, NULL, 'l' },	    { "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* A number from @least to @most in C's notation, nothing before or behind it. */
static int number(const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return 0;
	/* What does not fit is ULLONG_MAX, which is above each limit. */
	*value = strtoull(text, &end, 0);
	return *end == '\0' && *value >= least && *value <= most;
}

static int scheme_of(const char *name, enum xencomm_scheme *scheme)
{
	for (*scheme = XENCOMM_ANY; xencomm_scheme_name(*scheme); (*scheme)++)
		if (strcmp(name, xencomm_scheme_name(*scheme)) == 0)
			return 1;
	return 0;
}

static int bad(FILE *err, const char *what, const char *value)
{
	fprintf(err, "xencomm-info: %s '%s'; see xencomm-info --help\n", what, value);
	return USAGE;
}

static int read_sections(struct options *options, int count, char **names, FILE *err)
{
	int i, j;

	if (count == 0) {
		options->all = 1;
		for (i = 0; i < NR_SECTIONS; i++)
			options->chosen[i] = &sections[i];
		return GO_ON;
	}
	for (i = 0; i < count; i++) {
		const struct section *section = find_section(names[i]);

		if (!section)
			return bad(err, "no section", names[i]);
		for (j = 0; j < i; j++)
			if (options->chosen[j] == section)
				return bad(err, "twice the section", names[i]);
		options->chosen[i] = section;
	}
	return GO_ON;
}

int read_options(struct options *options, int argc, char **argv, FILE *out, FILE *err)
{
	uint64_t value;
	int letter;

	*options = (struct options){ .scheme = XENCOMM_ANY };
	/* 0 starts anew, for a second command line in one process; our words for complaints. */
	optind = 0;
	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":s:pd:n:lh", long_options, NULL)) != -1) {
		switch (letter) {
		case 's':
			if (!scheme_of(optarg, &options->scheme))
				return bad(err, "no scheme", optarg);
			break;
		case 'p':
			options->parsable = 1;
			break;
		case 'd':
			if (!number(optarg, 0, 0x7fef, &value))
				return bad(err, "no domain", optarg);
			options->domain = (uint16_t)value;
			break;
		case 'n':
			if (!number(optarg, 1, UINT32_MAX, &value))
				return bad(err, "no count", optarg);
			options->frames = value;
			break;
		case 'l':
			options->every_frame = 1;
			break;
		case 'h':
			fputs(help, out);
			return GOOD;
		case ':':
			return bad(err, "a value is missing after", argv[optind - 1]);
		default:
			return bad(err, "no option", argv[optind - 1]);
		}
	}
	return read_sections(options, argc - optind, argv + optind, err);
}
