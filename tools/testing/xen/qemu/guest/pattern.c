// SPDX-License-Identifier: GPL-2.0
/*
 * A known pattern on a disk: pattern write|check FILE FIRST COUNT SEED
 *
 * FIRST and COUNT are in blocks of 4096 bytes; every 8-byte word of a block
 * depends on SEED, the block and its place, so that a block read from the
 * wrong place or with the wrong age is told apart.  Reads and writes of block
 * devices bypass the page cache (O_DIRECT): what is checked came from the
 * other side.  Prints the first wrong block and exits 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 4096
#define BATCH 64
#define WORDS (BLOCK / sizeof(uint64_t))

static uint64_t buffer[BATCH * WORDS] __attribute__((aligned(BLOCK)));

static uint64_t word_of(uint64_t seed, uint64_t block, uint64_t word)
{
	uint64_t x = seed * 0xbf58476d1ce4e5b9u + (block << 9 | word);

	x ^= x >> 29;
	return x * 0x94d049bb133111ebu;
}

static int die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	return 1;
}

static int write_blocks(int fd, uint64_t first, uint64_t count, uint64_t seed)
{
	for (uint64_t done = 0; done < count;) {
		uint64_t batch = count - done < BATCH ? count - done : BATCH;

		for (uint64_t i = 0; i < batch * WORDS; i++)
			buffer[i] = word_of(seed, first + done + i / WORDS, i % WORDS);
		if (pwrite(fd, buffer, batch * BLOCK, (first + done) * BLOCK) !=
		    (ssize_t)(batch * BLOCK))
			return die("write");
		done += batch;
	}
	return fsync(fd) ? die("fsync") : 0;
}

static int check_blocks(int fd, uint64_t first, uint64_t count, uint64_t seed)
{
	for (uint64_t done = 0; done < count;) {
		uint64_t batch = count - done < BATCH ? count - done : BATCH;

		if (pread(fd, buffer, batch * BLOCK, (first + done) * BLOCK) !=
		    (ssize_t)(batch * BLOCK))
			return die("read");
		for (uint64_t i = 0; i < batch * WORDS; i++) {
			uint64_t block = first + done + i / WORDS;

			if (buffer[i] == word_of(seed, block, i % WORDS))
				continue;
			printf("block %llu word %llu is wrong\n", (unsigned long long)block,
			       (unsigned long long)(i % WORDS));
			return 1;
		}
		done += batch;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct stat about;
	int fd, flags, writing;

	if (argc != 6 || (strcmp(argv[1], "write") && strcmp(argv[1], "check"))) {
		printf("usage: pattern write|check FILE FIRST COUNT SEED\n");
		return 2;
	}
	writing = !strcmp(argv[1], "write");
	flags = writing ? O_WRONLY | O_CREAT : O_RDONLY;
	if (!stat(argv[2], &about) && S_ISBLK(about.st_mode))
		flags |= O_DIRECT;
	fd = open(argv[2], flags, 0600);
	if (fd < 0)
		return die(argv[2]);
	return (writing ? write_blocks : check_blocks)(fd, strtoull(argv[3], NULL, 0),
						       strtoull(argv[4], NULL, 0),
						       strtoull(argv[5], NULL, 0));
}
