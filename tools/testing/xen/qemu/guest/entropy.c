// SPDX-License-Identifier: GPL-2.0
/*
 * Credits the kernel's random pool with fixed bytes.
 *
 * An emulated machine has no randomness to offer and the first program that
 * asks for some waits for seconds.  The tests need none that is secret, and
 * fixed bytes keep runs alike.
 */
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define BYTES 256

int main(void)
{
	struct {
		struct rand_pool_info info;
		unsigned char bytes[BYTES];
	} pool;
	int fd = open("/dev/urandom", O_WRONLY);

	pool.info.entropy_count = BYTES * 8;
	pool.info.buf_size = BYTES;
	for (int i = 0; i < BYTES; i++)
		pool.bytes[i] = i * 167 + 13;
	if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool)) {
		perror("entropy: RNDADDENTROPY");
		return 1;
	}
	return 0;
}
