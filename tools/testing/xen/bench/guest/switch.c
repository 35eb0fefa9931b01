// SPDX-License-Identifier: GPL-2.0
/*
 * Operations that switch: between processes and threads, to idle and back by
 * a timer, and into the event upcall.
 *
 * All partners are children or threads of the measuring process on one
 * processor, so the order of switches is fixed.  A partner ends when its pipe
 * is closed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef __x86_64__
#include <xen/xen.h>
#include <xen/sys/evtchn.h>
#endif

#include "micro.h"

enum { MAX_PARTNERS = 3, SLEEP_NS = 100000 };

/* A ring: pipe i leads to member i; member 0 is the measuring process. */
static int ring[MAX_PARTNERS + 1][2];
static pid_t partners[MAX_PARTNERS];
static int nr_partners;

static void pass_on(int from, int to)
{
	char token;

	while (read(from, &token, 1) == 1)
		if (write(to, &token, 1) != 1)
			_exit(1);
	_exit(0);
}

static void ring_prepare(int members)
{
	nr_partners = members - 1;
	for (int i = 0; i < members; i++)
		require(!pipe(ring[i]), "pipe");
	for (int i = 1; i < members; i++) {
		partners[i - 1] = fork();
		require(partners[i - 1] >= 0, "fork");
		if (partners[i - 1])
			continue;
		/* Only the neighbours' ends stay, else nobody sees the end. */
		for (int j = 0; j < members; j++) {
			if (j != i)
				close(ring[j][0]);
			if (j != (i + 1) % members)
				close(ring[j][1]);
		}
		pass_on(ring[i][0], ring[(i + 1) % members][1]);
	}
	for (int i = 0; i < members; i++) {
		if (i != 0)
			require(!close(ring[i][0]), "close");
		if (i != 1)
			require(!close(ring[i][1]), "close");
	}
}

static void ring_run(long n)
{
	char token = 1;

	while (n--)
		require(write(ring[1][1], &token, 1) == 1 && read(ring[0][0], &token, 1) == 1,
			"token lost");
}

static void ring_finish(void)
{
	require(!close(ring[1][1]), "close");
	for (int i = 0; i < nr_partners; i++)
		wait_for(partners[i]);
	require(!close(ring[0][0]), "close");
}

static void pair_prepare(void)
{
	ring_prepare(2);
}

static void four_prepare(void)
{
	ring_prepare(4);
}

/* Two threads hand a word to and fro: 0 is ours, 1 is the partner's, 2 the end. */
static int baton;
static pthread_t futex_partner;

static void futex(int operation, int value)
{
	syscall(SYS_futex, &baton, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

static void hand_over(int to)
{
	__atomic_store_n(&baton, to, __ATOMIC_SEQ_CST);
	futex(FUTEX_WAKE, 1);
}

static int wait_while(int value)
{
	while (__atomic_load_n(&baton, __ATOMIC_SEQ_CST) == value)
		futex(FUTEX_WAIT, value);
	return __atomic_load_n(&baton, __ATOMIC_SEQ_CST);
}

static void *futex_partner_main(void *unused)
{
	while (wait_while(0) == 1)
		hand_over(0);
	return unused;
}

static void futex_prepare(void)
{
	baton = 0;
	require(!pthread_create(&futex_partner, NULL, futex_partner_main, NULL), "pthread_create");
}

static void futex_run(long n)
{
	while (n--) {
		hand_over(1);
		wait_while(1);
	}
}

static void futex_finish(void)
{
	hand_over(2);
	require(!pthread_join(futex_partner, NULL), "pthread_join");
}

static void nanosleep_prepare(void)
{
	require(!prctl(PR_SET_TIMERSLACK, 1), "prctl");
}

static void nanosleep_run(long n)
{
	const struct timespec time = { .tv_nsec = SLEEP_NS };

	while (n--)
		require(!nanosleep(&time, NULL), "nanosleep");
}

#ifdef __x86_64__
/* An event channel of this domain to itself: notification, upcall, read. */
static int sender = -1, receiver = -1;
static struct ioctl_evtchn_notify notify;

static int open_evtchn(void)
{
	int fd = open("/dev/xen/evtchn", O_RDWR);

	require(fd >= 0, "open /dev/xen/evtchn");
	return fd;
}

static void evtchn_prepare(void)
{
	struct ioctl_evtchn_bind_unbound_port unbound = { .remote_domain = 0 };
	struct ioctl_evtchn_bind_interdomain bound = { .remote_domain = 0 };
	int port;

	receiver = open_evtchn();
	sender = open_evtchn();
	port = ioctl(receiver, IOCTL_EVTCHN_BIND_UNBOUND_PORT, &unbound);
	require(port > 0, "bind unbound port");
	bound.remote_port = (unsigned int)port;
	port = ioctl(sender, IOCTL_EVTCHN_BIND_INTERDOMAIN, &bound);
	require(port > 0, "bind interdomain");
	notify.port = (unsigned int)port;
}

static void evtchn_run(long n)
{
	unsigned int port;

	while (n--) {
		require(!ioctl(sender, IOCTL_EVTCHN_NOTIFY, &notify), "notify");
		require(read(receiver, &port, sizeof(port)) == sizeof(port), "event lost");
		require(write(receiver, &port, sizeof(port)) == sizeof(port), "unmask");
	}
}

static void evtchn_finish(void)
{
	require(!close(sender) && !close(receiver), "close");
}
#endif

const struct operation switch_operations[] = {
	{ "pipe_pingpong", 6000, .run = ring_run, .prepare = pair_prepare, .finish = ring_finish },
	{ "switch_4", 3000, .run = ring_run, .prepare = four_prepare, .finish = ring_finish },
	{ "futex_pingpong", 8000, .run = futex_run,
	  .prepare = futex_prepare, .finish = futex_finish },
	{ "nanosleep", 8000, .run = nanosleep_run, .prepare = nanosleep_prepare },
#ifdef __x86_64__
	{ "evtchn", 16000, .run = evtchn_run, .prepare = evtchn_prepare, .finish = evtchn_finish },
#endif
	{ .name = NULL },
};
