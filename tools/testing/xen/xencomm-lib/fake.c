// SPDX-License-Identifier: GPL-2.0
/* A kernel for the library. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <xen/xencomm.h>

#include "fake.h"

/* As Linux has them, written out once more. */
#define PRIVCMD_CALL _IOC(_IOC_NONE, 'P', 0, 48)

static int fails(struct fake *fake)
{
	fake->services++;
	if (fake->services != fake->fail_at)
		return 0;
	errno = fake->fail_with;
	return 1;
}

static enum fake_device device_of(const char *path)
{
	if (strcmp(path, "/dev/xen/xencomm") == 0)
		return PAGE_DEVICE;
	if (strcmp(path, "/dev/xen/privcmd") == 0)
		return PRIVCMD;
	return strcmp(path, "/dev/xen/hypercall") == 0 ? BUFFER_DEVICE : NO_DEVICE;
}

static int fake_open(void *context, const char *path, int flags)
{
	struct fake *fake = context;
	const enum fake_device device = device_of(path);
	int fd;

	(void)flags;
	if (fails(fake))
		return -1;
	errno = device == NO_DEVICE ? ENOENT : fake->open_error[device];
	if (errno != 0)
		return -1;
	for (fd = 0; fd < NR_FILES; fd++)
		if (fake->files[fd].device == NO_DEVICE) {
			fake->files[fd] = (struct fake_file){ .device = device };
			return fd + 100;
		}
	errno = EMFILE;
	return -1;
}

static struct fake_file *file_of(struct fake *fake, int fd)
{
	if (fd < 100 || fd >= 100 + NR_FILES || fake->files[fd - 100].device == NO_DEVICE)
		abort(); /* the library uses a file that is not open */
	return &fake->files[fd - 100];
}

static int fake_close(void *context, int fd)
{
	file_of(context, fd)->device = NO_DEVICE;
	return 0;
}

static long answer(long long result)
{
	if (result >= 0 || result < -4095)
		return (long)result;
	errno = (int)-result;
	return -1;
}

static long long make_call(struct fake *fake, int fd, uint64_t op, const uint64_t *args)
{
	fake->calls++;
	fake->call_fd = fd;
	fake->op = op;
	memcpy(fake->args, args, sizeof(fake->args));
	return fake->hypercall ? fake->hypercall(fake, op, args) : 0;
}

static long page_ioctl(struct fake *fake, int fd, unsigned long request, void *argument)
{
	struct fake_file *file = file_of(fake, fd);

	switch (request) {
	case XENCOMM_IOC_INFO: {
		const struct xencomm_info info = {
			.version = fake->version,
			.max_data_pages = fake->max_data_pages,
		};

		memcpy(argument, &info, sizeof(info));
		return 0;
	}
	case XENCOMM_IOC_CREATE: {
		struct xencomm_create create;

		memcpy(&create, argument, sizeof(create));
		if (create.flags != 0 || create.data_pages > fake->max_data_pages || file->created)
			return answer(-EINVAL);
		file->created = 1;
		file->data_pages = create.data_pages;
		return 0;
	}
	case XENCOMM_IOC_CALL: {
		struct xencomm_call call;

		memcpy(&call, argument, sizeof(call));
		if (call.flags != 0 || !file->created)
			return answer(-EINVAL);
		if (fake->refuse_call)
			return answer(-fake->refuse_call);
		call.result = make_call(fake, fd, call.number, (const uint64_t *)call.argument);
		memcpy(argument, &call, sizeof(call));
		return 0;
	}
	default:
		return answer(-ENOTTY);
	}
}

static long fake_ioctl(void *context, int fd, unsigned long request, void *argument)
{
	struct fake *fake = context;
	const struct fake_file *file = file_of(fake, fd);
	uint64_t words[6];

	if (fails(fake))
		return -1;
	if (file->device == PAGE_DEVICE)
		return page_ioctl(fake, fd, request, argument);
	if (file->device != PRIVCMD || request != PRIVCMD_CALL)
		return answer(-ENOTTY);
	if (fake->refuse_call)
		return answer(-fake->refuse_call);
	memcpy(words, argument, sizeof(words));
	return answer(make_call(fake, fd, words[0], words + 1));
}

static struct fake_map *free_map(struct fake *fake)
{
	int i;

	for (i = 0; i < NR_MAPS; i++)
		if (!fake->maps[i].at)
			return &fake->maps[i];
	abort();
}

static void *fake_mmap(void *context, void *at, size_t bytes, int protection, int flags, int fd,
		       off_t offset)
{
	struct fake *fake = context;
	struct fake_map *map;
	void *memory;

	if (fails(fake))
		return MAP_FAILED;
	if (fd >= 0) {
		const struct fake_file *file = file_of(fake, fd);

		/* The devices' rules. */
		if (!(flags & MAP_SHARED) ||
		    (file->device == PAGE_DEVICE && offset == 0 &&
		     (bytes != 4096 || protection != PROT_READ)) ||
		    (file->device == PAGE_DEVICE && offset != 0 &&
		     (offset != 4096 || bytes != file->data_pages * 4096ul)) ||
		    (file->device != PAGE_DEVICE && file->device != BUFFER_DEVICE)) {
			errno = EINVAL;
			return MAP_FAILED;
		}
	}
	memory = mmap(at, bytes, protection, (flags & MAP_FIXED) | MAP_PRIVATE | MAP_ANONYMOUS, -1,
		      0);
	if (memory == MAP_FAILED)
		return MAP_FAILED;
	map = free_map(fake);
	*map = (struct fake_map){ memory, bytes, protection, fd, 0, 0 };
	return memory;
}

/* All mappings inside the range go. */
static int fake_munmap(void *context, void *at, size_t bytes)
{
	struct fake *fake = context;
	const uintptr_t start = (uintptr_t)at;
	int i;

	for (i = 0; i < NR_MAPS; i++) {
		const uintptr_t from = (uintptr_t)fake->maps[i].at;

		if (fake->maps[i].at && from >= start && from < start + bytes)
			fake->maps[i].at = NULL;
	}
	return munmap(at, bytes);
}

static struct fake_map *exact_map(struct fake *fake, const void *at, size_t bytes)
{
	int i;

	for (i = 0; i < NR_MAPS; i++)
		if (fake->maps[i].at == at && fake->maps[i].bytes == bytes)
			return &fake->maps[i];
	abort(); /* the library speaks of a mapping that is none */
}

static int fake_mlock(void *context, const void *at, size_t bytes)
{
	struct fake_map *map = exact_map(context, at, bytes);

	if (fails(context))
		return -1;
	/* Between the two a fork would share the pages. */
	map->locked = map->not_forked ? 1 : -1;
	return 0;
}

static int fake_munlock(void *context, const void *at, size_t bytes)
{
	exact_map(context, at, bytes)->locked = 0;
	return 0;
}

static int fake_madvise(void *context, void *at, size_t bytes, int advice)
{
	struct fake_map *map = exact_map(context, at, bytes);

	if (fails(context))
		return -1;
	map->not_forked = advice == MADV_DONTFORK;
	return 0;
}

static pid_t fake_getpid(void *context)
{
	return ((struct fake *)context)->pid;
}

static void *fake_zalloc(void *context, size_t bytes)
{
	struct fake *fake = context;

	if (fails(fake))
		return NULL;
	fake->memory++;
	return calloc(1, bytes);
}

static void fake_release(void *context, void *memory)
{
	struct fake *fake = context;

	fake->memory--;
	free(memory);
}

void fake_start(struct fake *fake)
{
	*fake = (struct fake){
		.sys = {
			.context = fake,
			.open = fake_open,
			.close = fake_close,
			.ioctl = fake_ioctl,
			.mmap = fake_mmap,
			.munmap = fake_munmap,
			.mlock = fake_mlock,
			.munlock = fake_munlock,
			.madvise = fake_madvise,
			.getpid = fake_getpid,
			.zalloc = fake_zalloc,
			.release = fake_release,
		},
		.version = 1,
		.max_data_pages = 255,
		.pid = 7,
		.fail_with = ENOMEM,
	};
}

unsigned int fake_open_files(const struct fake *fake)
{
	unsigned int n = 0;
	int i;

	for (i = 0; i < NR_FILES; i++)
		n += fake->files[i].device != NO_DEVICE;
	return n;
}

unsigned int fake_mappings(const struct fake *fake)
{
	unsigned int n = 0;
	int i;

	for (i = 0; i < NR_MAPS; i++)
		n += fake->maps[i].at != NULL;
	return n;
}

int fake_is_clean(const struct fake *fake)
{
	return fake_open_files(fake) == 0 && fake_mappings(fake) == 0 && fake->memory == 0;
}

const struct fake_map *fake_map_at(const struct fake *fake, const void *at)
{
	const struct fake_map *found = NULL;
	int i;

	/* A later mapping hides an earlier one. */
	for (i = 0; i < NR_MAPS; i++) {
		const uintptr_t start = (uintptr_t)fake->maps[i].at;

		if (fake->maps[i].at && (uintptr_t)at >= start &&
		    (uintptr_t)at - start < fake->maps[i].bytes &&
		    (!found || found->protection == PROT_NONE))
			found = &fake->maps[i];
	}
	return found;
}
