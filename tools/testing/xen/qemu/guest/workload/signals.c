// SPDX-License-Identifier: GPL-2.0
/*
 * Signals: delivery to oneself and between processes, order through siginfo,
 * and a handler for SIGSEGV that repairs the protection fault it was called
 * for.  Each fault must report the exact address (CR2 as Xen hands it on), and
 * registers and the FPU must survive the handler.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

#define DELIVERIES 500
#define PAGES 32
#define PAGE 4096

static volatile sig_atomic_t delivered;
static volatile sig_atomic_t repaired;
static void *volatile fault_address;

static void count(int signal, siginfo_t *info, void *context)
{
	volatile double scratch = 1.0 / 3.0;

	(void)signal;
	(void)context;
	scratch *= info->si_value.sival_int;
	delivered++;
}

static void repair(int signal, siginfo_t *info, void *context)
{
	char *page = (char *)((uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1));

	(void)signal;
	(void)context;
	fault_address = info->si_addr;
	if (mprotect(page, PAGE, PROT_READ | PROT_WRITE))
		_exit(4);
	repaired++;
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };

	check_errno(!sigaction(signal, &action, NULL), "sigaction");
}

static void deliveries(void)
{
	volatile double kept = 0.0;

	handle(SIGRTMIN, count);
	for (int n = 0; n < DELIVERIES; n++) {
		union sigval value = { .sival_int = n };

		kept += 0.5;
		check_errno(!sigqueue(getpid(), SIGRTMIN, value), "sigqueue");
	}
	if (delivered != DELIVERIES)
		fail("%d of %d signals delivered", (int)delivered, DELIVERIES);
	if (kept != DELIVERIES * 0.5)
		fail("the FPU changed across signal handlers");
}

static void repairs(void)
{
	char *area = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check_errno(area != MAP_FAILED, "mmap");
	handle(SIGSEGV, repair);
	for (int page = 0; page < PAGES; page++) {
		volatile char *at = area + page * PAGE + page * 5 + 1;

		*at = page + 1;
		if (fault_address != at)
			fail("fault at %p was reported at %p", (void *)at, fault_address);
		if (*at != page + 1)
			fail("the repaired write to page %d was lost", page);
	}
	if (repaired != PAGES)
		fail("%d faults for %d pages", (int)repaired, PAGES);
}

/* A process stopped, continued and killed by another; its end has the reason. */
static void between_processes(void)
{
	pid_t child = fork();
	int status;

	check_errno(child >= 0, "fork");
	if (!child)
		for (;;)
			pause();
	check_errno(!kill(child, SIGSTOP), "kill");
	check_errno(waitpid(child, &status, WUNTRACED) == child, "waitpid");
	if (!WIFSTOPPED(status))
		fail("a stopped child was not reported");
	check_errno(!kill(child, SIGCONT) && !kill(child, SIGTERM), "kill");
	check_errno(waitpid(child, &status, 0) == child, "waitpid");
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM)
		fail("a killed child has status %#x", status);
}

void step_signals(void)
{
	deliveries();
	repairs();
	between_processes();
	figure("delivered", delivered);
	figure("repaired", repaired);
}
