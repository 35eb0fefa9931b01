// SPDX-License-Identifier: GPL-2.0
/*
 * Operations on processes: system call, clock, ports, fork, exec, threads, signals.
 *
 * Creating an address space is where a PV port pays most: page tables are
 * built, pinned, switched to, unpinned and freed.  The second fork row has
 * 8 MiB of touched memory, so that page tables are copied and write-protected
 * rather than merely created.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#ifdef __x86_64__
#include <sys/io.h>
#endif
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "micro.h"

enum { BIG_PAGES = 2048, HARMLESS_PORT = 0x80 };

static char *memory;
static volatile sig_atomic_t signals_seen;

static void getppid_run(long n)
{
	while (n--)
		syscall(SYS_getppid);
}

/* Where the page with the clock is mapped, this enters no kernel at all. */
static void clock_run(long n)
{
	struct timespec time;

	while (n--)
		require(!clock_gettime(CLOCK_MONOTONIC, &time), "clock_gettime");
}

#ifdef __x86_64__
/* Permission for a port and back: Xen keeps the bitmap of ports. */
static bool ioperm_supported(void)
{
	return !ioperm(HARMLESS_PORT, 1, 0);
}

static void ioperm_run(long n)
{
	while (n--)
		require(!ioperm(HARMLESS_PORT, 1, 1) && !ioperm(HARMLESS_PORT, 1, 0), "ioperm");
}
#endif

static void fork_exit_run(long n)
{
	while (n--) {
		pid_t child = fork();

		require(child >= 0, "fork");
		if (!child)
			_exit(0);
		wait_for(child);
	}
}

static void fork_big_prepare(void)
{
	memory = map_pages(BIG_PAGES);
	touch_pages(memory, BIG_PAGES);
}

static void fork_big_finish(void)
{
	unmap_pages(memory, BIG_PAGES);
}

static void fork_exec_run(long n)
{
	char *const arguments[] = { (char *)self_path, "--exit", NULL };
	char *const environment[] = { NULL };

	while (n--) {
		pid_t child = fork();

		require(child >= 0, "fork");
		if (!child) {
			execve(self_path, arguments, environment);
			_exit(1);
		}
		wait_for(child);
	}
}

static void *return_at_once(void *argument)
{
	return argument;
}

static void thread_run(long n)
{
	pthread_t thread;

	while (n--) {
		require(!pthread_create(&thread, NULL, return_at_once, NULL), "pthread_create");
		require(!pthread_join(thread, NULL), "pthread_join");
	}
}

static void count_signal(int number)
{
	(void)number;
	signals_seen++;
}

static void handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	require(!sigaction(number, &action, NULL), "sigaction");
}

static void signal_prepare(void)
{
	handle(SIGUSR1, count_signal);
}

static void signal_run(long n)
{
	pid_t self = getpid();
	sig_atomic_t expected = (sig_atomic_t)(signals_seen + n);

	while (n--)
		syscall(SYS_kill, self, SIGUSR1);
	require(signals_seen == expected, "signal lost");
}

static void signal_finish(void)
{
	handle(SIGUSR1, SIG_DFL);
}

/* A write barrier as garbage collectors use it: fault, unprotect, return. */
static void unprotect(int number)
{
	(void)number;
	signals_seen++;
	if (mprotect(memory, PAGE, PROT_READ | PROT_WRITE))
		_exit(1);
}

static void segv_prepare(void)
{
	memory = map_pages(1);
	touch_pages(memory, 1);
	handle(SIGSEGV, unprotect);
}

static void segv_run(long n)
{
	sig_atomic_t expected = (sig_atomic_t)(signals_seen + n);

	while (n--) {
		require(!mprotect(memory, PAGE, PROT_READ), "mprotect");
		touch_pages(memory, 1);
	}
	require(signals_seen == expected, "fault lost");
}

static void segv_finish(void)
{
	handle(SIGSEGV, SIG_DFL);
	unmap_pages(memory, 1);
}

const struct operation process_operations[] = {
	{ "getppid", 200000, .run = getppid_run },
	{ "clock_gettime", 100000, .run = clock_run },
#ifdef __x86_64__
	{ "ioperm", 20000, .run = ioperm_run, .supported = ioperm_supported },
#endif
	{ "fork_exit", 300, .run = fork_exit_run },
	{ "fork_exit_8m", 60, .run = fork_exit_run,
	  .prepare = fork_big_prepare, .finish = fork_big_finish },
	{ "fork_exec", 150, .run = fork_exec_run },
	{ "thread", 2000, .run = thread_run },
	{ "signal", 20000, .run = signal_run, .prepare = signal_prepare, .finish = signal_finish },
	{ "segv_unprotect", 6000, .run = segv_run, .prepare = segv_prepare, .finish = segv_finish },
	{ .name = NULL },
};
