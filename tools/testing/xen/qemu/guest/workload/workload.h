/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The steps of the guest workload.
 *
 * A step checks what it does, not only that nothing crashed.  It runs in a
 * process of its own with a deadline; it calls figure() for what it measured
 * and returns, or fail(), which does not return.  workload.c turns either into
 * the one RESULT line of the step.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

/**
 * figure - add " name=value" to the step's RESULT line
 * @name: one word
 * @value: what was counted or measured
 */
void figure(const char *name, uint64_t value);

/**
 * fail - end the step as failed
 * @format: the reason, one line, as for printf
 */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/**
 * check_errno - fail with the text of errno unless a call succeeded
 * @ok: what must be true
 * @what: the call's name
 */
void check_errno(int ok, const char *what);

/**
 * now_ns - CLOCK_MONOTONIC in nanoseconds
 */
uint64_t now_ns(void);

/**
 * reap - wait for a child and check its exit status
 * @child: its process id
 * @status: the exit status it must have
 * @what: names the child in the reason of a failure
 */
void reap(int child, int status, const char *what);

void step_processes(void);
void step_memory(void);
void step_pipes(void);
void step_threads(void);
void step_signals(void);
void step_timers(void);
void step_clock(void);
void step_cpus(void);
void step_area(void);
void step_accuracy(void);
void step_interrupts(void);
void step_evtchn(void);
void step_grants(void);
void step_privcmd(void);
void step_window(void);
void step_bad_calls(void);
void step_xencomm_area(void);
void step_xencomm_hostile(void);
void step_balloon(void);
/* With the peer as second domain. */
void step_foreign(void);
void step_peer_grants(void);
void step_same_number(void);

/* How often a step does what it does, from the command line; 0: as often as it likes. */
extern unsigned int repeat;

/* The program's own path, for steps that execute it again. */
extern const char *self;

/**
 * executed_child - what the program does when a step executed it
 * @argument: a number as text; the exit status is derived from it
 */
int executed_child(const char *argument);

#endif
