// SPDX-License-Identifier: GPL-2.0
/*
 * Runs one step of the guest workload and prints its RESULT line in one
 * write(), because the line may go to /dev/kmsg, where a write is a record:
 *
 *	RESULT name ok figure=value…
 *	RESULT name FAIL reason
 *
 * A step that crashes or hangs is reported by its parent as
 * "crash: signal N" or "no end after N s".  Exit status 0 means ok.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define DEADLINE_S 120
/* Of a step that is told how often. */
#define LONG_DEADLINE_S 1200

static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	{ "processes", step_processes },
	{ "memory", step_memory },
	{ "pipes", step_pipes },
	{ "threads", step_threads },
	{ "signals", step_signals },
	{ "timers", step_timers },
	{ "clock", step_clock },
	{ "cpus", step_cpus },
	{ "area", step_area },
	{ "accuracy", step_accuracy },
	{ "interrupts", step_interrupts },
	{ "evtchn", step_evtchn },
	{ "grants", step_grants },
	{ "privcmd", step_privcmd },
	{ "window", step_window },
	{ "bad-calls", step_bad_calls },
	{ "xencomm-area", step_xencomm_area },
	{ "xencomm-hostile", step_xencomm_hostile },
	{ "balloon", step_balloon },
	{ "foreign", step_foreign },
	{ "peer-grants", step_peer_grants },
	{ "same-number", step_same_number },
};

const char *self;
unsigned int repeat;
static const char *step_name;
static pid_t step_pid;
static char figures[256];

static void result(const char *verdict, const char *text)
{
	char line[512];
	int len = snprintf(line, sizeof(line), "RESULT %s %s%s\n", step_name, verdict, text);

	if (len >= (int)sizeof(line))
		len = sizeof(line) - 1;
	if (write(STDOUT_FILENO, line, len) != len)
		_exit(3);
}

void figure(const char *name, uint64_t value)
{
	size_t used = strlen(figures);

	snprintf(figures + used, sizeof(figures) - used, " %s=%llu", name,
		 (unsigned long long)value);
}

void fail(const char *format, ...)
{
	char reason[256] = " ";
	va_list args;

	va_start(args, format);
	vsnprintf(reason + 1, sizeof(reason) - 1, format, args);
	va_end(args);
	/* A forked child of the step must not print a second RESULT. */
	if (getpid() == step_pid)
		result("FAIL", reason);
	_exit(1);
}

void check_errno(int ok, const char *what)
{
	if (!ok)
		fail("%s: %s", what, strerror(errno));
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec;
}

void reap(int child, int status, const char *what)
{
	int got;

	check_errno(waitpid(child, &got, 0) == child, "waitpid");
	if (WIFSIGNALED(got))
		fail("crash: %s killed by signal %d", what, WTERMSIG(got));
	if (WEXITSTATUS(got) != status)
		fail("%s: exit status %d instead of %d", what, WEXITSTATUS(got), status);
}

static void run(void (*step)(void))
{
	uint64_t start = now_ns();

	step_pid = getpid();
	step();
	figure("us", (now_ns() - start) / 1000);
	result("ok", figures);
	_exit(0);
}

static int deadline(void)
{
	return repeat ? LONG_DEADLINE_S : DEADLINE_S;
}

static int supervise(pid_t child)
{
	char reason[64];
	int status;

	if (waitpid(child, &status, 0) != child)
		return 2;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) == SIGALRM)
		snprintf(reason, sizeof(reason), " no end after %d s", deadline());
	else
		snprintf(reason, sizeof(reason), " crash: signal %d", WTERMSIG(status));
	result("FAIL", reason);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--executed"))
		return executed_child(argv[2]);
	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: %s STEP [TIMES]\n", argv[0]);
		return 2;
	}
	if (argc == 3)
		repeat = (unsigned int)strtoul(argv[2], NULL, 10);
	self = "/proc/self/exe";
	step_name = argv[1];
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		pid_t child;

		if (strcmp(steps[i].name, argv[1]))
			continue;
		child = fork();
		if (child < 0)
			result("FAIL", " cannot fork");
		if (!child) {
			alarm((unsigned int)deadline());
			run(steps[i].run);
		}
		return child < 0 ? 1 : supervise(child);
	}
	result("FAIL", " no such step");
	return 2;
}
