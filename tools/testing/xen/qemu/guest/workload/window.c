// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that are not this domain's own memory, as the devices treat them: granted pages
 * (here granted to ourselves) and frames that are called another domain's.  They have a
 * linear address of the kernel's only where the linear map has pages of 4 KB and they may
 * be written; whatever would go there must work by another way or be refused, and never
 * stop the kernel:
 *
 *	- the byte that gntdev clears when a grant is unmapped, also of a map that failed in
 *	  part: nothing is behind the page whose grant was refused;
 *	- /proc/self/mem, process_vm_readv(), ptrace and vmsplice() of a mapped grant: the
 *	  contents, or an error;
 *	- a grant that may only be read, and whose mapping mprotect() made writable: a write
 *	  ends with SIGBUS, one of the kernel's with an error, and the page stays;
 *	- privcmd's restriction to a domain, and resources: refused as unsupported;
 *	- in a domain with a map of frames of its own: an own frame as another domain's.
 *
 * Not for a hypervisor that lets nobody map own grants.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"
#include "window_splice.h"
#include "workload.h"

#define ROUNDS 8
#define AT 5u /* the byte to be cleared */
#define CLEARED_MS 5000
/* Of a grant that nobody gave. */
#define NO_REF 900u
/* Where a bad grant stands among good ones. */
#define REFS 3u
#define BAD 1u
#define FRAMES 64u
/* Of klogctl(): all of the log, and the size of its buffer. */
#define LOG_READ 3
#define LOG_SIZE 10

struct several {
	uint32_t count, pad;
	uint64_t index;
	struct {
		uint32_t domain, ref;
	} refs[REFS];
};

struct notice {
	uint64_t index;
	uint32_t action, port;
};
#define CLEAR_BYTE 1u
#define GNTDEV_SET_NOTICE _IOC(_IOC_NONE, 'G', 7, sizeof(struct notice))

struct resource {
	uint16_t domain;
	uint32_t type, id, first;
	uint64_t count, address;
};
#define PRIVCMD_RESTRICT _IOC(_IOC_NONE, 'P', 6, sizeof(uint16_t))
#define PRIVCMD_RESOURCE _IOC(_IOC_NONE, 'P', 7, sizeof(struct resource))

_Static_assert(sizeof(struct notice) == 16, "set_unmap_notify");
_Static_assert(sizeof(struct resource) == 32, "mmap_resource");

static int gntdev;
static uint32_t refs[2];
/* The granted pages as their owner sees them. */
static volatile unsigned char *owned;

static void open_gntdev(void)
{
	gntdev = open("/dev/xen/gntdev", O_RDWR);
	check_errno(gntdev >= 0, "/dev/xen/gntdev");
}

/* Must be refused, with this errno. */
static void refused(long result, int code, const char *what)
{
	int got = errno;

	if (result != -1)
		fail("%s: it was done (%ld)", what, result);
	if (got != code)
		fail("%s: %s", what, strerror(got));
}

/* All that the kernel said and still knows; the caller frees it. */
static char *kernel_log(void)
{
	int bytes = klogctl(LOG_SIZE, NULL, 0);
	char *log = bytes > 0 ? malloc((size_t)bytes + 1) : NULL;

	check_errno(log != NULL, "klogctl, malloc");
	bytes = klogctl(LOG_READ, log, bytes);
	check_errno(bytes > 0, "klogctl");
	log[bytes] = 0;
	return log;
}

/* What the kernel said when it made its linear map. */
static int large_linear_pages(void)
{
	static const char words[] = "linear map in pages of ";
	char *log = kernel_log(), *said = strstr(log, words);
	int large;

	if (!said)
		fail("the kernel does not say '%s'", words);
	said += strlen(words);
	large = !strncmp(said, "16 MB", 5);
	if (!large && strncmp(said, "4 KB", 4))
		fail("the kernel says '%s%.8s'", words, said);
	free(log);
	return large;
}

static void clear_at(uint64_t index, uint32_t page)
{
	struct notice notice = {index + page * PAGE + AT, CLEAR_BYTE, 0};

	check_errno(!ioctl(gntdev, GNTDEV_SET_NOTICE, &notice), "set_unmap_notify");
}

static void fill(void)
{
	for (uint32_t at = 0; at < 2 * PAGE; at++)
		owned[at] = (unsigned char)(at % 251 + 1);
}

/* Unmapping may have to wait for a page that is in use; a byte of it is cleared at last. */
static void await_cleared(volatile unsigned char *page, const char *what)
{
	for (int ms = 0; page[AT]; ms++) {
		if (ms == CLEARED_MS)
			fail("%s: the byte was not cleared", what);
		usleep(1000);
	}
	page[AT] = (unsigned char)((page - owned + AT) % 251 + 1);
}

static void as_filled(const char *what)
{
	for (uint32_t at = 0; at < 2 * PAGE; at++)
		if (owned[at] != at % 251 + 1)
			fail("%s: byte %u is %u", what, at, owned[at]);
}

static unsigned char *map_one(int protection, uint64_t *index)
{
	struct gntdev_map map = {.count = 1, .refs = {{DOMAIN_0, refs[0]}}};
	unsigned char *at;

	check_errno(!ioctl(gntdev, GNTDEV_MAP, &map), "map_grant_ref");
	at = mmap(NULL, PAGE, protection, MAP_SHARED, gntdev, (off_t)map.index);
	check_errno(at != MAP_FAILED, "mmap of a grant");
	*index = map.index;
	return at;
}

static void forget(unsigned char *at, uint64_t index)
{
	struct gntdev_unmap unmap = {.index = index, .count = 1};

	check_errno(!munmap(at, PAGE), "munmap of a grant");
	check_errno(!ioctl(gntdev, GNTDEV_UNMAP, &unmap), "unmap_grant_ref");
}

static void cleared(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t index;
		unsigned char *at = map_one(PROT_READ | PROT_WRITE, &index);

		clear_at(index, 0);
		if (memcmp(at, (const void *)(uintptr_t)owned, PAGE))
			fail("a mapped grant is not the page");
		forget(at, index);
		await_cleared(owned, "unmap");
		as_filled("after unmap");
	}
}

/* A page that may only be read has no byte to clear, whenever that is asked for. */
static void not_cleared(void)
{
	struct gntdev_map map = {.count = 1, .refs = {{DOMAIN_0, refs[0]}}};
	unsigned char *at;

	check_errno(!ioctl(gntdev, GNTDEV_MAP, &map), "map_grant_ref");
	/* Not known yet how it will be mapped: nothing is refused. */
	clear_at(map.index, 0);
	at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, gntdev, (off_t)map.index);
	check_errno(at != MAP_FAILED, "mmap of a grant, to be read");
	if (memcmp(at, (const void *)(uintptr_t)owned, PAGE))
		fail("a grant mapped to be read is not the page");
	forget(at, map.index);
	as_filled("after a notice of a page that may only be read");
}

/* One of several is refused: none is mapped, and the notice is of the @noticed one. */
static void in_part(uint32_t noticed)
{
	struct several map = {
		.count = REFS,
		.refs = {{DOMAIN_0, refs[0]}, {DOMAIN_0, NO_REF}, {DOMAIN_0, refs[1]}},
	};

	check_errno(!ioctl(gntdev, GNTDEV_MAP, &map), "map_grant_ref of several");
	clear_at(map.index, noticed);
	refused(mmap(NULL, REFS * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, gntdev,
		     (off_t)map.index) == MAP_FAILED ? -1 : 0,
		EINVAL, "a map with a bad grant");
	close(gntdev);
	open_gntdev();
	if (noticed != BAD)
		await_cleared(owned + (noticed ? PAGE : 0), "a map that failed in part");
	as_filled("a map that failed in part");
}

/* There is nothing to give back of a grant that was never mapped, and nothing to say. */
static void nothing_to_say(void)
{
	char *log = kernel_log(), *said = strstr(log, "a grant is not given back");

	if (said)
		fail("the kernel says '%.*s'", (int)strcspn(said, "\n"), said);
	free(log);
}

/* A child that lets itself be looked at and goes on when it was. */
static void by_ptrace(unsigned char *at, int there)
{
	pid_t child = fork();
	int status;
	long word;

	check_errno(child >= 0, "fork");
	if (!child) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	check_errno(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status), "waitpid");
	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, child, at, NULL);
	if (!there)
		refused(errno ? -1 : 0, EIO, "ptrace of a mapped grant");
	else if (errno || memcmp(&word, at, sizeof(word)))
		fail("ptrace of a mapped grant: %#lx, %s", word, strerror(errno));
	check_errno(!ptrace(PTRACE_CONT, child, NULL, NULL), "PTRACE_CONT");
	reap(child, 0, "a traced child");
}

/* Looked at by those who pin pages: contents where they are @there for the kernel. */
static void looked_at(int protection, int there)
{
	static unsigned char copy[PAGE];
	int memory = open("/proc/self/mem", O_RDWR), fds[2];
	uint64_t index;
	unsigned char *at = map_one(protection, &index);
	struct iovec from = {at, PAGE}, to = {copy, PAGE};
	long done;

	check_errno(memory >= 0, "/proc/self/mem");
	memset(copy, 0, PAGE);
	done = pread(memory, copy, PAGE, (off_t)(uintptr_t)at);
	if (!there)
		refused(done, EIO, "/proc/self/mem of a mapped grant");
	else if (done != PAGE || memcmp(copy, at, PAGE))
		fail("/proc/self/mem of a mapped grant: %ld bytes", done);
	memset(copy, 0, PAGE);
	done = process_vm_readv(getpid(), &to, 1, &from, 1, 0);
	if (!there)
		refused(done, EFAULT, "process_vm_readv of a mapped grant");
	else if (done != PAGE || memcmp(copy, at, PAGE))
		fail("process_vm_readv of a mapped grant: %ld bytes", done);
	by_ptrace(at, there);
	spliced(at, there);
	/* The kernel's usual way is the process's own address. */
	check_errno(!pipe(fds), "pipe");
	check_errno(write(fds[1], at, PAGE) == PAGE, "write from a mapped grant");
	check_errno(read(fds[0], copy, PAGE) == PAGE, "read");
	if (memcmp(copy, at, PAGE))
		fail("what was written from a mapped grant is not the page");
	close(fds[0]);
	close(fds[1]);
	close(memory);
	forget(at, index);
	as_filled("after a look");
}

static sigjmp_buf after_fault;
static volatile sig_atomic_t caught;

static void on_fault(int signal)
{
	caught = signal;
	siglongjmp(after_fault, 1);
}

/* The signal that a write to @at ends with; 0: it was done. */
static int signal_of_write(volatile unsigned char *at)
{
	struct sigaction action = {.sa_handler = on_fault}, bus, segment;

	sigaction(SIGBUS, &action, &bus);
	sigaction(SIGSEGV, &action, &segment);
	caught = 0;
	if (!sigsetjmp(after_fault, 1))
		*at = 0; /* which fill() writes nowhere */
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segment, NULL);
	return caught;
}

/*
 * Linux lets a process make the mapping of a read-only grant writable.  It does not help,
 * neither where the page was @read_before and has an entry in the page table nor where it has
 * none yet.
 */
static void widened(int read_before)
{
	static const uint32_t places[] = {AT, 0, PAGE - 1};
	int zero = open("/dev/zero", O_RDONLY);
	uint64_t index;
	unsigned char *at = map_one(PROT_READ, &index);

	check_errno(zero >= 0, "/dev/zero");
	if (read_before && memcmp(at, (const void *)(uintptr_t)owned, PAGE))
		fail("a read-only grant is not the page");
	check_errno(!mprotect(at, PAGE, PROT_READ | PROT_WRITE), "mprotect of a read-only grant");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int signal = signal_of_write(at + places[i]);

		if (signal != SIGBUS)
			fail("a write to byte %u of a read-only grant: %s", places[i],
			     signal ? strsignal(signal) : "it was done");
	}
	as_filled("after a write to a read-only grant");
	refused(read(zero, at, PAGE), EFAULT, "read() into a read-only grant");
	as_filled("after read() into a read-only grant");
	forget(at, index);
	close(zero);
}

static void unsupported(int privcmd)
{
	unsigned char *at =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, privcmd, 0);
	struct resource resource = {.count = 1, .address = (uintptr_t)at};
	uint16_t domain = PEER_DOMAIN;

	check_errno(at != MAP_FAILED, "mmap of privcmd");
	/* Twice: what the first left behind must not matter to the second. */
	for (int i = 0; i < 2; i++)
		refused(ioctl(privcmd, PRIVCMD_RESOURCE, &resource), EOPNOTSUPP, "mmap_resource");
	refused(ioctl(privcmd, PRIVCMD_RESTRICT, &domain), EOPNOTSUPP, "restrict");
	check_errno(!munmap(at, 2 * PAGE), "munmap of privcmd");
}

/* Own frames are no other domain's, whatever its number. */
static void own_as_foreign(int privcmd)
{
	static const uint16_t domains[] = {PEER_DOMAIN, DOMAIN_0};
	static uint64_t frames[FRAMES];
	int32_t errors[FRAMES];
	struct domctl list = {.command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION};

	list.memlist.most = FRAMES;
	list.memlist.buffer = (uintptr_t)frames;
	check_errno(!hypercall(privcmd, CALL_DOMCTL, (uintptr_t)&list, 0, 0), "getmemlist");
	if (list.memlist.count != FRAMES)
		fail("getmemlist gave %llu frames", (unsigned long long)list.memlist.count);
	for (size_t n = 0; n < sizeof(domains) / sizeof(domains[0]); n++) {
		unsigned char *at = mmap(NULL, FRAMES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
					 privcmd, 0);
		struct privcmd_batch_v2 batch = {FRAMES, domains[n], (uintptr_t)at, frames, errors};

		check_errno(at != MAP_FAILED, "mmap of privcmd");
		memset(errors, 0, sizeof(errors));
		check_errno(!ioctl(privcmd, PRIVCMD_MMAPBATCH_V2, &batch), "mmapbatch_v2");
		for (uint32_t i = 0; i < FRAMES; i++)
			if (errors[i] != -EINVAL)
				fail("own frame %#llx as domain %u's: %s",
				     (unsigned long long)frames[i], domains[n], strerror(-errors[i]));
		check_errno(!munmap(at, FRAMES * PAGE), "munmap of privcmd");
	}
}

void step_window(void)
{
	struct gntalloc_refs request = {
		.domain = DOMAIN_0, .flags = GNTALLOC_WRITABLE, .count = 2,
	};
	struct gntalloc_range range = {.count = 2};
	int gntalloc = open("/dev/xen/gntalloc", O_RDWR), privcmd = open("/dev/xen/privcmd", O_RDWR);
	const int large = large_linear_pages();
	const int direct = !access("/proc/device-tree/xen/p2m-table", F_OK);

	check_errno(gntalloc >= 0 && privcmd >= 0, "/dev/xen/gntalloc, /dev/xen/privcmd");
	open_gntdev();
	check_errno(!ioctl(gntalloc, GNTALLOC_ALLOC, &request), "alloc_gref");
	memcpy(refs, request.refs, sizeof(refs));
	owned = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, gntalloc,
		     (off_t)request.index);
	check_errno((void *)(uintptr_t)owned != MAP_FAILED, "mmap of granted pages");
	fill();
	cleared();
	not_cleared();
	for (uint32_t noticed = 0; noticed < REFS; noticed++)
		in_part(noticed);
	nothing_to_say();
	looked_at(PROT_READ | PROT_WRITE, !large);
	/* Its linear address could be written. */
	looked_at(PROT_READ, 0);
	widened(1);
	widened(0);
	unsupported(privcmd);
	if (direct)
		own_as_foreign(privcmd);
	close(gntdev);
	check_errno(!munmap((void *)(uintptr_t)owned, 2 * PAGE), "munmap of granted pages");
	range.index = request.index;
	check_errno(!ioctl(gntalloc, GNTALLOC_DEALLOC, &range), "dealloc_gref");
	close(gntalloc);
	close(privcmd);
	figure("linear_kb", large ? 16384 : 4);
	figure("own_refused", direct ? 2 * FRAMES : 0);
}
