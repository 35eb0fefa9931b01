// SPDX-License-Identifier: GPL-2.0
/*
 * Processes: fork with a copied address space, fork + exec, exit statuses.
 *
 * Under PV every fork pins a new page-table tree, every exec drops one and
 * pins another, and every copied page is a write-protected PTE first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"

#define FORKS 40
#define EXECS 40
#define PAGES 64
#define PAGE 4096
#define STATUS_OF(n) (((n) * 7 + 3) & 0x7f)

static unsigned char *shared_before_write(void)
{
	unsigned char *area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check_errno(area != MAP_FAILED, "mmap");
	for (int page = 0; page < PAGES; page++)
		area[page * PAGE] = page;
	return area;
}

/* The child sees the parent's bytes, writes its own, and the parent keeps its. */
static void fork_copies(unsigned char *area, int n)
{
	pid_t child = fork();

	check_errno(child >= 0, "fork");
	if (!child) {
		for (int page = 0; page < PAGES; page++) {
			if (area[page * PAGE] != page)
				_exit(1);
			area[page * PAGE] = ~page;
		}
		_exit(STATUS_OF(n));
	}
	reap(child, STATUS_OF(n), "forked child");
	for (int page = 0; page < PAGES; page++)
		if (area[page * PAGE] != page)
			fail("page %d of the parent changed after fork %d", page, n);
}

static void fork_executes(int n)
{
	char argument[16];
	pid_t child;

	snprintf(argument, sizeof(argument), "%d", n);
	child = fork();
	check_errno(child >= 0, "fork");
	if (!child) {
		execl(self, "workload", "--executed", argument, NULL);
		_exit(126);
	}
	reap(child, STATUS_OF(n), "executed child");
}

int executed_child(const char *argument)
{
	return STATUS_OF(atoi(argument));
}

void step_processes(void)
{
	unsigned char *area = shared_before_write();

	for (int n = 0; n < FORKS; n++)
		fork_copies(area, n);
	for (int n = 0; n < EXECS; n++)
		fork_executes(n);
	figure("forks", FORKS);
	figure("execs", EXECS);
}
