// SPDX-License-Identifier: GPL-2.0
/*
 * Pipes: two processes hand a growing number to and fro (two context switches
 * each time), then a checked stream larger than the pipe's buffer.
 */
#include <unistd.h>

#include "workload.h"

#define ROUND_TRIPS 1000
#define STREAM (1 << 20)
#define CHUNK 8192

static unsigned char byte_at(unsigned long position)
{
	return (position * 31 + (position >> 12)) & 0xff;
}

static void ping_pong(void)
{
	int to[2], from[2];
	pid_t child;

	check_errno(!pipe(to) && !pipe(from), "pipe");
	child = fork();
	check_errno(child >= 0, "fork");
	if (!child) {
		uint32_t number;

		close(to[1]);
		while (read(to[0], &number, sizeof(number)) == sizeof(number)) {
			number = number * 3 + 1;
			if (write(from[1], &number, sizeof(number)) != sizeof(number))
				_exit(1);
		}
		_exit(0);
	}
	for (uint32_t n = 0; n < ROUND_TRIPS; n++) {
		uint32_t number = n;

		check_errno(write(to[1], &number, sizeof(number)) == sizeof(number), "write");
		check_errno(read(from[0], &number, sizeof(number)) == sizeof(number), "read");
		if (number != n * 3 + 1)
			fail("round trip %u came back as %u", n, number);
	}
	close(to[1]);
	reap(child, 0, "echoing child");
	close(to[0]);
	close(from[0]);
	close(from[1]);
}

static void stream(void)
{
	unsigned char chunk[CHUNK];
	unsigned long position = 0;
	int ends[2];
	pid_t child;

	check_errno(!pipe(ends), "pipe");
	child = fork();
	check_errno(child >= 0, "fork");
	if (!child) {
		close(ends[0]);
		while (position < STREAM) {
			for (int i = 0; i < CHUNK; i++)
				chunk[i] = byte_at(position + i);
			if (write(ends[1], chunk, CHUNK) != CHUNK)
				_exit(1);
			position += CHUNK;
		}
		_exit(0);
	}
	close(ends[1]);
	for (;;) {
		ssize_t got = read(ends[0], chunk, CHUNK);

		check_errno(got >= 0, "read");
		if (!got)
			break;
		for (ssize_t i = 0; i < got; i++, position++)
			if (chunk[i] != byte_at(position))
				fail("byte %lu of the stream is wrong", position);
	}
	reap(child, 0, "writing child");
	if (position != STREAM)
		fail("%lu of %d bytes came through", position, STREAM);
}

void step_pipes(void)
{
	ping_pong();
	stream();
	figure("trips", ROUND_TRIPS);
	figure("bytes", STREAM);
}
