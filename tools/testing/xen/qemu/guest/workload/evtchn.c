// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels in a loop: a port that waits for ourselves, one bound to it,
 * events there and back through /dev/xen/evtchn, one at a time and two at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "workload.h"
#include "xendev.h"

#define TRIPS 200
#define PATIENCE_MS 10000
#define BINDING_MS 2000
#define QUIET_MS 20

static int device;

static uint32_t bound(unsigned long request, void *argument, const char *what)
{
	int port = ioctl(device, request, argument);

	check_errno(port >= 0, what);
	if (!port)
		fail("%s gave port 0", what);
	return (uint32_t)port;
}

static void notify(uint32_t port)
{
	struct evtchn_word word = { port };

	check_errno(!ioctl(device, EVTCHN_NOTIFY, &word), "notify");
}

/* Wait for events and read them, at most two; the number of ports. */
static size_t pending(uint32_t ports[2])
{
	struct pollfd wait = { .fd = device, .events = POLLIN };
	int ready = poll(&wait, 1, PATIENCE_MS);
	ssize_t got;

	check_errno(ready >= 0, "poll");
	if (!ready)
		fail("no event after %d ms", PATIENCE_MS);
	got = read(device, ports, 2 * sizeof(ports[0]));
	check_errno(got > 0, "read");
	return (size_t)got / sizeof(ports[0]);
}

/* The device masks a port that it reports, until it is written back. */
static void unmask(uint32_t port)
{
	check_errno(write(device, &port, sizeof(port)) == sizeof(port), "write");
}

static void expect(uint32_t port)
{
	uint32_t ports[2];

	if (pending(ports) != 1 || ports[0] != port)
		fail("an event of port %u, expected of %u", ports[0], port);
	unmask(port);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Both ports pending before the first is read: both are reported, once each. */
static void two_at_once(uint32_t one, uint32_t other)
{
	uint32_t ports[2];
	unsigned int seen = 0;

	notify(one);
	notify(other);
	while (seen != 3) {
		size_t count = pending(ports);

		for (size_t n = 0; n < count; n++) {
			unsigned int bit = ports[n] == one ? 2 : ports[n] == other ? 1 : 4;

			if (seen & bit || bit == 4)
				fail("port %u reported wrongly", ports[n]);
			seen |= bit;
			unmask(ports[n]);
		}
	}
}

static void nothing_left(void)
{
	struct pollfd wait = { .fd = device, .events = POLLIN };

	if (poll(&wait, 1, QUIET_MS))
		fail("an event that nobody sent");
}

static void unbind(uint32_t port)
{
	struct evtchn_word word = { port };

	check_errno(!ioctl(device, EVTCHN_UNBIND, &word), "unbind");
	if (!ioctl(device, EVTCHN_NOTIFY, &word) || errno != ENOTCONN)
		fail("an unbound port was notified");
}

void step_evtchn(void)
{
	static uint64_t took[TRIPS];
	struct evtchn_word owner = { DOMID_OWN };
	struct evtchn_interdomain peer = { .domain = DOMID_OWN };
	uint32_t one, other;

	device = open("/dev/xen/evtchn", O_RDWR);
	check_errno(device >= 0, "/dev/xen/evtchn");
	one = bound(EVTCHN_BIND_UNBOUND, &owner, "bind_unbound_port");
	peer.port = one;
	other = bound(EVTCHN_BIND_INTERDOMAIN, &peer, "bind_interdomain");
	if (one == other)
		fail("both ends are port %u", one);
	/*
	 * What became pending while the ports were bound is not ours to count: one event of the
	 * bound port, as Xen cannot know what was sent before.  It may take its time.
	 */
	for (int patience = BINDING_MS;; patience = QUIET_MS) {
		struct pollfd wait = { .fd = device, .events = POLLIN };
		uint32_t ports[2];

		if (poll(&wait, 1, patience) <= 0)
			break;
		for (size_t n = pending(ports); n > 0; n--)
			unmask(ports[n - 1]);
	}
	for (int n = 0; n < TRIPS; n++) {
		uint64_t start = now_ns();

		notify(n % 2 ? one : other);
		expect(n % 2 ? other : one);
		took[n] = now_ns() - start;
	}
	two_at_once(one, other);
	nothing_left();
	unbind(other);
	unbind(one);
	close(device);
	qsort(took, TRIPS, sizeof(took[0]), by_size);
	figure("trips", TRIPS);
	figure("median_us", took[TRIPS / 2] / 1000);
	figure("worst_us", took[TRIPS - 1] / 1000);
}
