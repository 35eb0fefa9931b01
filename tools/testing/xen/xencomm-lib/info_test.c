// SPDX-License-Identifier: GPL-2.0
/* The tool: what it prints of a hypervisor's answers, and what it makes of bad ones. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"
#include "fake.h"
#include "hypervisor.h"
#include "info.h"

static struct fake fake;
static struct hypervisor hypervisor;

static const struct abi *const abis[] = {
	&abi_ppc,
#ifdef __x86_64__
	&abi_x86,
#endif
};
#define NR_ABIS (sizeof(abis) / sizeof(abis[0]))

static const enum xencomm_scheme schemes[] = { XENCOMM_PAGE, XENCOMM_BUFFER, XENCOMM_MLOCK };

/* What the last run printed. */
static char *out_text, *err_text;

static void start(const struct abi *abi)
{
	fake_start(&fake);
	hypervisor_start(&hypervisor, &fake, abi != &abi_ppc);
}

/* Runs the tool with a command line of words. */
static int run(const struct abi *abi, enum xencomm_scheme scheme, const char *line)
{
	char words[256];
	char *argv[16] = { "xencomm-info" };
	struct options options;
	size_t out_bytes, err_bytes;
	FILE *out, *err;
	int argc = 1;
	int status;
	char *word;

	free(out_text);
	free(err_text);
	out = open_memstream(&out_text, &out_bytes);
	err = open_memstream(&err_text, &err_bytes);
	snprintf(words, sizeof(words), "%s", line);
	for (word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	status = read_options(&options, argc, argv, out, err);
	if (status == GO_ON) {
		struct xencomm *xen = xencomm_open_on(&fake.sys, scheme);

		status = xen ? print_info(&options, xen, abi, out, err) : 99;
		CHECK_EQ(xencomm_close(xen), 0);
		CHECK(fake_is_clean(&fake));
	}
	fclose(out);
	fclose(err);
	return status;
}

static void ppc_answers_are_printed_for_people(void)
{
	start(&abi_ppc);
	CHECK_EQ(run(&abi_ppc, XENCOMM_PAGE, ""), GOOD);
	CHECK_TEXT(err_text, "");
	CHECK_TEXT(out_text, "Tool\n"
			     "  scheme               page\n"
			     "  abi                  ppc\n"
			     "Version\n"
			     "  major                3\n"
			     "  minor                0\n"
			     "  extra                -unstable\n"
			     "  version              3.0-unstable\n"
			     "  capabilities         xen-3.0-powerpc64 \n"
			     "  features             0x5\n"
			     "  pagesize             4096\n"
			     "  virt_start           0x0\n"
			     "  changeset            abc\n"
			     "  compiler             gcc (a) 1\n"
			     "  compile_by           me\n"
			     "  compile_domain       here\n"
			     "  compile_date         today\n"
			     "Machine\n"
			     "  nr_cpus              6\n"
			     "  nr_nodes             1\n"
			     "  sockets_per_node     3\n"
			     "  cores_per_socket     2\n"
			     "  threads_per_core     1\n"
			     "  cpu_mhz              2200.005\n"
			     "  hw_caps              00000000:abcdef01:00000002:00000003:00000004:"
			     "00000005:00000006:00000007\n"
			     "  total_mib            1024\n"
			     "  free_mib             434\n"
			     "  total_pages          262144\n"
			     "  free_pages           111166\n"
			     "  scheduler            credit\n"
			     "Domains\n"
			     "     id        MiB  vcpus  state     seconds\n"
			     "      0        511      2  r-----       20.7\n"
			     "      5         64      1  ---sc-        0.0\n"
			     "Console\n"
			     "  (XEN) one\n"
			     "  (XEN) two\n"
			     "Frames\n"
			     "  domain               0\n"
			     "  order                guest\n"
			     "  entries              6\n"
			     "  complete             yes\n"
			     "  frames               5\n"
			     "  runs                 3\n"
			     "  lowest               0x90\n"
			     "  highest              0x103\n");
}

static void ppc_answers_are_printed_for_programs(void)
{
	start(&abi_ppc);
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "-p --list memlist domains -n 4"), GOOD);
	CHECK_TEXT(out_text, "tool.scheme=buffer\n"
			     "tool.abi=ppc\n"
			     "memlist.domain=0\n"
			     "memlist.order=guest\n"
			     "memlist.entries=4\n"
			     "memlist.complete=no\n"
			     "memlist.frames=3\n"
			     "memlist.runs=2\n"
			     "memlist.lowest=0x100\n"
			     "memlist.highest=0x103\n"
			     "memlist.0=0x100\n"
			     "memlist.1=0x101\n"
			     "memlist.2=none\n"
			     "memlist.3=0x103\n"
			     "domains.0.mib=511\n"
			     "domains.0.vcpus=2\n"
			     "domains.0.state=r-----\n"
			     "domains.0.cpu_time=20750000000\n"
			     "domains.0.total_pages=131070\n"
			     "domains.0.max_pages=131072\n"
			     "domains.0.shared_info_frame=0x3fdb7\n"
			     "domains.0.hvm=0\n"
			     "domains.0.handle=00010203-0405-0607-0809-0a0b0c0d0e0f\n"
			     "domains.5.mib=64\n"
			     "domains.5.vcpus=1\n"
			     "domains.5.state=---sc-\n"
			     "domains.5.cpu_time=0\n"
			     "domains.5.total_pages=16384\n"
			     "domains.5.max_pages=16640\n"
			     "domains.5.shared_info_frame=0x77\n"
			     "domains.5.hvm=0\n"
			     "domains.5.shutdown_reason=3\n"
			     "domains.5.handle=05060708-090a-0b0c-0d0e-0f1011121314\n"
			     "domains.count=2\n");
}

#ifdef __x86_64__
static void x86_answers_are_printed(void)
{
	start(&abi_x86);
	CHECK_EQ(run(&abi_x86, XENCOMM_BUFFER, "-p version physinfo memlist"), GOOD);
	CHECK_TEXT(out_text, "tool.scheme=buffer\n"
			     "tool.abi=x86\n"
			     "version.major=4\n"
			     "version.minor=17\n"
			     "version.extra=.7\n"
			     "version.version=4.17.7\n"
			     "version.capabilities=xen-3.0-x86_64 \n"
			     "version.features=0x5\n"
			     "version.pagesize=4096\n"
			     "version.virt_start=0xffff800000000000\n"
			     "version.changeset=abc\n"
			     "version.compiler=gcc (a) 1\n"
			     "version.compile_by=me\n"
			     "version.compile_domain=here\n"
			     "version.compile_date=today\n"
			     "version.commandline=a=\\\\b\n"
			     "version.build_id=01abff\n"
			     "physinfo.nr_cpus=2\n"
			     "physinfo.max_cpu_id=7\n"
			     "physinfo.nr_nodes=1\n"
			     "physinfo.cores_per_socket=2\n"
			     "physinfo.threads_per_core=1\n"
			     "physinfo.cpu_mhz=2596.138\n"
			     "physinfo.hw_caps=00000000:abcdef01:00000002:00000003:00000004:"
			     "00000005:00000006:00000007\n"
			     "physinfo.virt_caps=pv hvm directio hap gnttab-v1 gnttab-v2\n"
			     "physinfo.total_mib=1024\n"
			     "physinfo.free_mib=433\n"
			     "physinfo.total_pages=262144\n"
			     "physinfo.free_pages=111166\n"
			     "physinfo.scrub_pages=3\n"
			     "physinfo.outstanding_pages=256\n"
			     "physinfo.max_mfn=0x3ffdf\n"
			     "physinfo.scheduler=credit2\n"
			     "memlist.domain=0\n"
			     "memlist.order=list\n"
			     "memlist.entries=6\n"
			     "memlist.complete=yes\n"
			     "memlist.frames=6\n"
			     "memlist.runs=4\n"
			     "memlist.lowest=0x90\n"
			     "memlist.highest=0xffffffff\n");
	CHECK_EQ(run(&abi_x86, XENCOMM_BUFFER, "domains"), GOOD);
	/* A claim counts as memory: 64 MiB and 1. */
	CHECK(strstr(out_text, "      5         65      1  ---sc-        0.0\n") != NULL);
}
#endif

static void all_domains_come_in_batches(void)
{
	unsigned int i;
	size_t a;

	for (a = 0; a < NR_ABIS; a++) {
		start(abis[a]);
		hypervisor.nr_domains = MOST_DOMAINS;
		for (i = 0; i < MOST_DOMAINS; i++)
			hypervisor.domains[i] = (struct known_domain){
				.id = (uint16_t)(i < 150 ? i : 0x7fef - MOST_DOMAINS + 1 + i),
				.flags = 0x12,
				.tot_pages = 256 * i,
				.vcpus = 1,
			};
		CHECK_EQ(run(abis[a], XENCOMM_PAGE, "-p domains"), GOOD);
		CHECK(strstr(out_text, "domains.149.mib=149\n") != NULL);
		CHECK(strstr(out_text, "domains.32751.mib=199\n") != NULL);
		CHECK(strstr(out_text, "domains.32751.state=-b----\n") != NULL);
		CHECK(strstr(out_text, "domains.32751.hvm=1\n") != NULL);
		CHECK(strstr(out_text, "domains.count=200\n") != NULL);
		CHECK_EQ(hypervisor.calls_for_domains, 4);
	}
}

static void a_large_console_is_read_whole(void)
{
	static char ring[100000];
	size_t a, i;

	for (i = 0; i < sizeof(ring); i++)
		ring[i] = i % 10 == 9 ? '\n' : (char)('0' + i % 10);
	for (a = 0; a < NR_ABIS; a++) {
		start(abis[a]);
		hypervisor.ring = ring;
		hypervisor.ring_bytes = sizeof(ring);
		CHECK_EQ(run(abis[a], XENCOMM_PAGE, "-p console"), GOOD);
		CHECK(strstr(out_text, "console.bytes=100000\n") != NULL);
		CHECK(strstr(out_text, "console.10000=012345678\n") != NULL);
		CHECK(strstr(out_text, "console.10001=") == NULL);
		/* As much as an area holds, where it holds no more. */
		fake.max_data_pages = 9;
		CHECK_EQ(run(abis[a], XENCOMM_PAGE, "-p console"), GOOD);
		CHECK(strstr(out_text, "console.bytes=32768\n") != NULL);
	}
}

static void text_that_drives_terminals_is_made_harmless(void)
{
	start(&abi_ppc);
	hypervisor.ring = "\x1b[2J\r\xff\\\0\t.\nno end";
	hypervisor.ring_bytes = 17;
	CHECK_EQ(run(&abi_ppc, XENCOMM_MLOCK, "-p console"), GOOD);
	CHECK(strstr(out_text, "console.1=\\x1b[2J\\x0d\\xff\\\\\\x00\t.\n"
			       "console.2=no end\n") != NULL);
	CHECK_EQ(run(&abi_ppc, XENCOMM_MLOCK, "console"), GOOD);
	CHECK(strstr(out_text, "  \\x1b[2J\\x0d\\xff\\\\x00\t.\n  no end\n") != NULL);
	/* A carriage return is harmless where the line ends, and only there. */
	hypervisor.ring = "a\r\n\r\n\r\r\n\nb\r";
	hypervisor.ring_bytes = 11;
	CHECK_EQ(run(&abi_ppc, XENCOMM_MLOCK, "-p console"), GOOD);
	CHECK(strstr(out_text, "console.1=a\nconsole.2=\nconsole.3=\\x0d\nconsole.4=\n"
			       "console.5=b\\x0d\n") != NULL);
	hypervisor.ring_bytes = 0;
	CHECK_EQ(run(&abi_ppc, XENCOMM_MLOCK, "-p console"), GOOD);
	CHECK(strstr(out_text, "console.bytes=0\n") != NULL);
}

static void every_section_says_why_it_failed(void)
{
	static const struct {
		uint64_t op;
		uint32_t command;
		const char *section;
	} cases[] = {
		{ 17, 0, "version" }, { 17, 1, "version" },  { 17, 3, "version" },
		{ 17, 9, "version" }, { 35, 3, "physinfo" }, { 35, 4, "physinfo" },
		{ 35, 6, "domains" }, { 35, 1, "console" },  { 36, 6, "memlist" },
	};
	char expected[100];
	size_t a, i;

	for (a = 0; a < NR_ABIS; a++)
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			start(abis[a]);
			hypervisor.fail_op = cases[i].op;
			hypervisor.fail_command = cases[i].command;
			hypervisor.fail_with = EPERM;
			CHECK_EQ(run(abis[a], XENCOMM_BUFFER, cases[i].section), FAILED);
			snprintf(expected, sizeof(expected), "xencomm-info: %s: %s\n",
				 cases[i].section, strerror(EPERM));
			CHECK_TEXT(err_text, expected);
			/* The others are printed. */
			CHECK_EQ(run(abis[a], XENCOMM_BUFFER, ""), FAILED);
			CHECK_EQ(strstr(out_text, "\nFrames\n") != NULL,
				 cases[i].command != 6);
		}
}

static void what_is_not_there_is_no_failure_unless_asked_for(void)
{
	size_t a;

	for (a = 0; a < NR_ABIS; a++) {
		start(abis[a]);
		hypervisor.fail_op = 36;
		hypervisor.fail_command = 6;
		hypervisor.fail_with = ENOSYS;
		CHECK_EQ(run(abis[a], XENCOMM_BUFFER, ""), GOOD);
		CHECK(strstr(err_text, "memlist: ") && strstr(err_text, "does not have it"));
		CHECK_EQ(run(abis[a], XENCOMM_BUFFER, "memlist"), ABSENT_HERE);
		CHECK_EQ(run(abis[a], XENCOMM_BUFFER, "memlist version"), ABSENT_HERE);
		hypervisor.domains[0].id = 3;
		CHECK_EQ(run(abis[a], XENCOMM_BUFFER, "memlist"), FAILED);
		CHECK(strstr(err_text, strerror(ESRCH)) != NULL);
	}
}

static void another_version_is_named(void)
{
	start(&abi_ppc);
	hypervisor.x86 = 1;
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "physinfo"), FAILED);
	CHECK(strstr(err_text, "sysctl version 4 and domctl version 5") != NULL);
}

static void a_list_too_long_for_one_call_is_cut(void)
{
	start(&abi_ppc);
	hypervisor.memlist_limit = 1000;
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "-p memlist"), GOOD);
	CHECK(strstr(out_text, "memlist.entries=6\nmemlist.complete=yes\n") != NULL);
	hypervisor.memlist_limit = 5;
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "-p memlist"), GOOD);
	CHECK(strstr(out_text, "memlist.complete=no\n") != NULL);
	/* Asked for, it is not cut behind the user's back. */
	hypervisor.domains[0].tot_pages = 6;
	hypervisor.domains[0].max_pages = 6;
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "-p -n 5 memlist"), GOOD);
	CHECK(strstr(out_text, "memlist.entries=5\nmemlist.complete=no\n") != NULL);
	hypervisor.memlist_limit = 6;
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "-p memlist"), GOOD);
	CHECK(strstr(out_text, "memlist.entries=6\nmemlist.complete=yes\n") != NULL);
	hypervisor.memlist_limit = 1000;
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "-p -n 1001 memlist"), FAILED);
	CHECK(strstr(err_text, "--frames=COUNT asks for less") != NULL);
}

static void lies_are_refused(void)
{
	static const char *const sections_with_counts[] = { "domains", "console", "memlist -n 6" };
	static const unsigned int extra[] = { 0x7fffffff, 0x7fffffff, 0 };
	size_t a, i, s;

	for (a = 0; a < NR_ABIS; a++)
		for (s = 0; s < sizeof(schemes) / sizeof(schemes[0]); s++) {
			for (i = 0; i < 3; i++) {
				start(abis[a]);
				hypervisor.extra_count = extra[i];
				hypervisor.extra_frames = 0x7fffffff;
				CHECK_EQ(run(abis[a], schemes[s], sections_with_counts[i]), FAILED);
				CHECK(strstr(err_text, strerror(EPROTO)) != NULL);
			}
			start(abis[a]);
			hypervisor.nr_domains = 64;
			hypervisor.same_domain_again = 1;
			for (i = 0; i < 64; i++)
				hypervisor.domains[i].id = (uint16_t)i;
			CHECK_EQ(run(abis[a], schemes[s], "domains"), FAILED);
			CHECK(strstr(err_text, strerror(EPROTO)) != NULL);
		}
}

static void bad_command_lines_are_refused(void)
{
	static const char *const lines[] = {
		"nothing", "-s", "-s pages", "--scheme=", "-x", "--listing", "version version",
		"-d 32752", "-d -1", "-d 1x", "-d", "-n 0", "-n 4294967296", "-n 0x", "-p foo",
		"-d 99999999999999999999",
	};
	size_t i;

	start(&abi_ppc);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, lines[i]), USAGE);
		CHECK(strstr(err_text, "--help") != NULL);
		CHECK_TEXT(out_text, "");
	}
	CHECK_EQ(run(&abi_ppc, XENCOMM_BUFFER, "--help"), GOOD);
	CHECK(strstr(out_text, "usage: xencomm-info") == out_text);
	CHECK_EQ(fake.calls, 0);
}

static void options_are_understood(void)
{
	char *argv[] = { "x",	 "-ppl", "--scheme=page", "-d", "0x10", "-n", "99", "console",
			 "version", NULL };
	struct options options;

	CHECK_EQ(read_options(&options, 9, argv, stdout, stderr), GO_ON);
	CHECK_EQ(options.scheme, XENCOMM_PAGE);
	CHECK_EQ(options.parsable, 1);
	CHECK_EQ(options.every_frame, 1);
	CHECK_EQ(options.domain, 16);
	CHECK_EQ(options.frames, 99);
	CHECK_EQ(options.all, 0);
	CHECK(options.chosen[0] == find_section("console"));
	CHECK(options.chosen[1] == find_section("version"));
	CHECK(options.chosen[2] == NULL);
	CHECK(find_section("Version") == NULL);
}

/* Each service of the kernel's fails once, in each scheme. */
static void whatever_fails_is_reported_and_nothing_is_left(void)
{
	unsigned int services, k;
	size_t a, s;

	for (a = 0; a < NR_ABIS; a++)
		for (s = 0; s < sizeof(schemes) / sizeof(schemes[0]); s++) {
			start(abis[a]);
			CHECK_EQ(run(abis[a], schemes[s], ""), GOOD);
			services = fake.services;
			for (k = 1; k <= services; k++) {
				start(abis[a]);
				fake.fail_at = k;
				fake.fail_with = EIO;
				/* 99: it was the opening. */
				CHECK(run(abis[a], schemes[s], "") % 98 == FAILED);
			}
		}
}

static const struct test tests[] = {
	{ "ppc_answers_are_printed_for_people", ppc_answers_are_printed_for_people },
	{ "ppc_answers_are_printed_for_programs", ppc_answers_are_printed_for_programs },
#ifdef __x86_64__
	{ "x86_answers_are_printed", x86_answers_are_printed },
#endif
	{ "all_domains_come_in_batches", all_domains_come_in_batches },
	{ "a_large_console_is_read_whole", a_large_console_is_read_whole },
	{ "text_that_drives_terminals_is_made_harmless",
	  text_that_drives_terminals_is_made_harmless },
	{ "every_section_says_why_it_failed", every_section_says_why_it_failed },
	{ "what_is_not_there_is_no_failure_unless_asked_for",
	  what_is_not_there_is_no_failure_unless_asked_for },
	{ "another_version_is_named", another_version_is_named },
	{ "a_list_too_long_for_one_call_is_cut", a_list_too_long_for_one_call_is_cut },
	{ "lies_are_refused", lies_are_refused },
	{ "bad_command_lines_are_refused", bad_command_lines_are_refused },
	{ "options_are_understood", options_are_understood },
	{ "whatever_fails_is_reported_and_nothing_is_left",
	  whatever_fails_is_reported_and_nothing_is_left },
};

int main(void)
{
	const int status = RUN_TESTS(tests);

	free(out_text);
	free(err_text);
	return status;
}
