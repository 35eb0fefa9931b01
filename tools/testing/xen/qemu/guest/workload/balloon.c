// SPDX-License-Identifier: GPL-2.0
/*
 * The balloon: memory goes to the hypervisor and comes back, again and again, while
 * processes fork and map, and every page keeps what was written to it.
 *
 * Pages that stay are private and shared ones, so that memory is emptied of both; those
 * that come and go belong to processes that check their own, and their children's copy.
 *
 * Of the sections that nothing keeps in its place the highest go, whoever uses them; without
 * more ado they would be empty.  So as many as the first round takes go once before, and
 * come back as memory for contents that can be moved, which Linux uses first: the pages
 * that stay are made only then, lie in these sections, and have to move, unless others are
 * easier to empty by then.  The figure "moved" says how many are in another frame at the end.
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

#include "pagemap.h"
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
#define INHERITED_PAGES 512 /* of the private ones, at the end: by all processes of the load */
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

/* How many sections a round takes. */
static int sections_of(int round)
{
	return 1 + round % MOST_SECTIONS;
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

/* What stays: pages of both kinds, and the frames that they were in at first. */
struct resident {
	uint64_t *private, *shared;
	uint64_t private_frame[RESIDENT_PAGES], shared_frame[RESIDENT_PAGES];
};

static void settle(struct resident *resident)
{
	/* All of them in each fork() would be more of a load than what is forked for. */
	check_errno(!madvise(resident->private, (RESIDENT_PAGES - INHERITED_PAGES) * PAGE,
			     MADV_DONTFORK), "MADV_DONTFORK");
	fill(resident->private, RESIDENT_PAGES, 1);
	fill(resident->shared, RESIDENT_PAGES, 2);
	frames_of(resident->private, resident->private_frame, RESIDENT_PAGES);
	frames_of(resident->shared, resident->shared_frame, RESIDENT_PAGES);
}

static void verify(const struct resident *resident, int round)
{
	int bad = wrong(resident->private, RESIDENT_PAGES, 1);

	if (bad)
		fail("%d private pages are wrong after round %d", bad, round);
	bad = wrong(resident->shared, RESIDENT_PAGES, 2);
	if (bad)
		fail("%d shared pages are wrong after round %d", bad, round);
}

/* How many of some pages are no longer in the frames where they were. */
static unsigned int moved(const uint64_t *area, const uint64_t *before)
{
	static uint64_t now[RESIDENT_PAGES];
	unsigned int count = 0;

	frames_of(area, now, RESIDENT_PAGES);
	for (int page = 0; page < RESIDENT_PAGES; page++) {
		if (before[page] == NO_FRAME || now[page] == NO_FRAME)
			fail("page %d is not in memory", page);
		count += now[page] != before[page];
	}
	return count;
}

/* What is no number, or may not be set, changes nothing. */
static void refusals(uint64_t whole)
{
	if (write_text("target_kb", "much\n") != EINVAL || write_text("target", "1Q\n") != EINVAL ||
	    write_text("target", "16E\n") != ERANGE ||
	    write_text("max_schedule_delay", "0\n") != EINVAL)
		fail("nonsense is not refused");
	if (read_kb("target_kb") != whole || read_kb("info/current_kb") != whole)
		fail("a refused target changed something");
}

void step_balloon(void)
{
	uint64_t whole = read_kb("info/current_kb"), slowest_down = 0, slowest_up = 0;
	static struct resident resident;
	uint64_t beside; /* what the hypervisor counts and Linux never had */
	pid_t process[PROCESSES];
	int sections = 0, rounds = repeat ? (int)repeat : ROUNDS;

	resident.private = map(RESIDENT_PAGES, MAP_PRIVATE);
	resident.shared = map(RESIDENT_PAGES, MAP_SHARED);
	stop = (int *)map(1, MAP_SHARED);
	check_errno(resident.private && resident.shared && stop, "mmap");
	privcmd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	check_errno(privcmd >= 0, "/dev/xen/privcmd");
	beside = reservation_kb() - whole;
	refusals(whole);
	/* A single round is for those who have no time: pages need not move in it. */
	if (rounds > 1) {
		resize(whole - (uint64_t)sections_of(1) * SECTION_KB);
		resize(whole);
	}
	settle(&resident);
	for (int i = 0; i < PROCESSES; i++) {
		process[i] = fork();
		check_errno(process[i] >= 0, "fork");
		if (!process[i])
			_exit(load((uint64_t)(i + 1) << 20));
	}
	for (int round = 1; round <= rounds; round++) {
		int out = sections_of(round);
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
			verify(&resident, round);
	}
	*stop = 1;
	for (int i = 0; i < PROCESSES; i++)
		reap(process[i], 0, "a process of the load");
	verify(&resident, rounds);
	close(privcmd);
	figure("rounds", (uint64_t)rounds);
	figure("sections", sections);
	figure("moved", moved(resident.private, resident.private_frame) +
				moved(resident.shared, resident.shared_frame));
	figure("slowest_down_ms", slowest_down / 1000000);
	figure("slowest_up_ms", slowest_up / 1000000);
}
