// SPDX-License-Identifier: GPL-2.0
/*
 * The balloon: memory goes to the hypervisor and comes back, again and again, while
 * processes fork and map, and every page keeps what was written to it.
 *
 * Pages that stay are private and shared ones, so that memory is emptied of both; those
 * that come and go belong to processes that check their own, and their children's copy.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"
#include "workload.h"
#include "xencall.h"

#define MEMORY_CURRENT 3 /* memory_op current_reservation */
#define FILES "/sys/devices/system/xen_memory/xen_memory0/"
#define ROUNDS 2 /* unless told otherwise */
#define SECTION_KB 16384
#define MOST_SECTIONS 3 /* in one round */
#define PATIENCE_NS 60000000000u
#define LOOK_US 2000
#define VERIFY_EVERY 10

#define WORDS (PAGE / sizeof(uint64_t))
/* What is lost is a page or a line of a cache; every word would leave less of a load. */
#define STEP 8
#define RESIDENT_PAGES 4096 /* of each kind */
#define PROCESSES 3
#define LOAD_PAGES 512

static volatile int *stop; /* shared with the processes */
static int privcmd;

static uint64_t word_of(uint64_t seed, int page, size_t word)
{
	return (seed << 40 ^ (uint64_t)page << 16 ^ word) * 0x9e3779b97f4a7c15u;
}

static void fill(uint64_t *area, int pages, uint64_t seed)
{
	for (int page = 0; page < pages; page++)
		for (size_t word = 0; word < WORDS; word += STEP)
			area[page * WORDS + word] = word_of(seed, page, word);
}

/* Number of pages that do not hold what was written. */
static int wrong(const uint64_t *area, int pages, uint64_t seed)
{
	int bad = 0;

	for (int page = 0; page < pages; page++)
		for (size_t word = 0; word < WORDS; word += STEP)
			if (area[page * WORDS + word] != word_of(seed, page, word)) {
				bad++;
				break;
			}
	return bad;
}

static uint64_t *map(int pages, int sharing)
{
	void *area = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE,
			  sharing | MAP_ANONYMOUS, -1, 0);

	return area == MAP_FAILED ? NULL : area;
}

static uint64_t read_kb(const char *name)
{
	char path[128];
	unsigned long long kb;
	FILE *file;

	snprintf(path, sizeof(path), FILES "%s", name);
	file = fopen(path, "r");
	check_errno(file != NULL, path);
	if (fscanf(file, "%llu", &kb) != 1)
		fail("%s has no number", path);
	fclose(file);
	return kb;
}

/* Write a text to a file there; 0 or errno. */
static int write_text(const char *name, const char *text)
{
	char path[128];
	int file, error = 0;

	snprintf(path, sizeof(path), FILES "%s", name);
	file = open(path, O_WRONLY);
	check_errno(file >= 0, path);
	if (write(file, text, strlen(text)) != (ssize_t)strlen(text))
		error = errno;
	close(file);
	return error;
}

static void set_target(uint64_t kb)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu\n", (unsigned long long)kb);
	errno = write_text("target_kb", text);
	check_errno(!errno, "target_kb");
	if (read_kb("target_kb") != kb)
		fail("target %llu KiB reads as %llu", (unsigned long long)kb,
		     (unsigned long long)read_kb("target_kb"));
}

/* What the hypervisor counts as this domain's. */
static uint64_t reservation_kb(void)
{
	const uint16_t own[4] = { DOMID_OWN };
	int pages = hypercall(privcmd, CALL_MEMORY_OP, MEMORY_CURRENT, (uintptr_t)own, 0);

	check_errno(pages > 0, "current_reservation");
	return (uint64_t)pages * (PAGE / 1024);
}

/* Set the target and wait; how long that took. */
static uint64_t resize(uint64_t kb)
{
	uint64_t start = now_ns();

	set_target(kb);
	while (read_kb("info/current_kb") != kb) {
		if (now_ns() - start > PATIENCE_NS)
			fail("the domain stays at %llu KiB, target %llu, %llu attempts",
			     (unsigned long long)read_kb("info/current_kb"),
			     (unsigned long long)kb,
			     (unsigned long long)read_kb("retry_count"));
		usleep(LOOK_US);
	}
	return now_ns() - start;
}

/* One process of the load; its exit status says what was wrong. */
static int load(uint64_t seed)
{
	/* It must not outlive a step that failed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!*stop) {
		uint64_t *area = map(LOAD_PAGES, MAP_PRIVATE);
		int status;
		pid_t child;

		if (!area)
			return 2;
		fill(area, LOAD_PAGES, ++seed);
		child = fork();
		if (child < 0)
			return 3;
		if (!child) {
			if (wrong(area, LOAD_PAGES, seed))
				_exit(1);
			fill(area, LOAD_PAGES, ~seed);
			_exit(wrong(area, LOAD_PAGES, ~seed) != 0);
		}
		if (waitpid(child, &status, 0) != child || status)
			return 4;
		if (wrong(area, LOAD_PAGES, seed))
			return 5;
		munmap(area, LOAD_PAGES * PAGE);
	}
	return 0;
}

static void verify(const uint64_t *private, const uint64_t *shared, int round)
{
	int bad = wrong(private, RESIDENT_PAGES, 1);

	if (bad)
		fail("%d private pages are wrong after round %d", bad, round);
	bad = wrong(shared, RESIDENT_PAGES, 2);
	if (bad)
		fail("%d shared pages are wrong after round %d", bad, round);
}

/* What is no number, or may not be set, changes nothing. */
static void refusals(uint64_t whole)
{
	if (write_text("target_kb", "much\n") != EINVAL || write_text("target", "1Q\n") != EINVAL ||
	    write_text("max_schedule_delay", "0\n") != EINVAL)
		fail("nonsense is not refused");
	if (read_kb("target_kb") != whole || read_kb("info/current_kb") != whole)
		fail("a refused target changed something");
}

void step_balloon(void)
{
	uint64_t whole = read_kb("info/current_kb"), slowest_down = 0, slowest_up = 0;
	uint64_t *private = map(RESIDENT_PAGES, MAP_PRIVATE);
	uint64_t *shared = map(RESIDENT_PAGES, MAP_SHARED);
	uint64_t beside; /* what the hypervisor counts and Linux never had */
	pid_t process[PROCESSES];
	int sections = 0, rounds = repeat ? (int)repeat : ROUNDS;

	stop = (int *)map(1, MAP_SHARED);
	check_errno(private && shared && stop, "mmap");
	privcmd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	check_errno(privcmd >= 0, "/dev/xen/privcmd");
	beside = reservation_kb() - whole;
	refusals(whole);
	fill(private, RESIDENT_PAGES, 1);
	fill(shared, RESIDENT_PAGES, 2);
	for (int i = 0; i < PROCESSES; i++) {
		process[i] = fork();
		check_errno(process[i] >= 0, "fork");
		if (!process[i])
			_exit(load((uint64_t)(i + 1) << 20));
	}
	for (int round = 1; round <= rounds; round++) {
		int out = 1 + round % MOST_SECTIONS;
		uint64_t down = resize(whole - (uint64_t)out * SECTION_KB);
		uint64_t up;

		if (read_kb("info/low_kb") != (uint64_t)out * SECTION_KB)
			fail("low_kb does not say what is out");
		if (reservation_kb() + (uint64_t)out * SECTION_KB != whole + beside)
			fail("the hypervisor counts %llu KiB after %d sections went",
			     (unsigned long long)reservation_kb(), out);
		up = resize(whole);
		if (reservation_kb() != whole + beside)
			fail("the hypervisor counts %llu KiB after round %d",
			     (unsigned long long)reservation_kb(), round);
		sections += out;
		slowest_down = down > slowest_down ? down : slowest_down;
		slowest_up = up > slowest_up ? up : slowest_up;
		if (round % VERIFY_EVERY == 0)
			verify(private, shared, round);
	}
	*stop = 1;
	for (int i = 0; i < PROCESSES; i++)
		reap(process[i], 0, "a process of the load");
	verify(private, shared, rounds);
	close(privcmd);
	figure("rounds", (uint64_t)rounds);
	figure("sections", sections);
	figure("slowest_down_ms", slowest_down / 1000000);
	figure("slowest_up_ms", slowest_up / 1000000);
}
