// SPDX-License-Identifier: GPL-2.0
/* Handles, areas and calls, with each scheme on a kernel of the tests' own. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "check.h"
#include "fake.h"

static struct fake fake;

static const enum xencomm_scheme schemes[] = { XENCOMM_PAGE, XENCOMM_BUFFER, XENCOMM_MLOCK };
#define NR_SCHEMES 3

static struct xencomm *opened(enum xencomm_scheme scheme)
{
	struct xencomm *handle;

	fake_start(&fake);
	handle = xencomm_open_on(&fake.sys, scheme);
	if (!handle)
		abort();
	return handle;
}

static void closed(struct xencomm *handle)
{
	CHECK_EQ(xencomm_close(handle), 0);
	CHECK(fake_is_clean(&fake));
}

/* What ANY takes, given the error of each device; -errno if nothing. */
static int any(int page, int privcmd, int buffer)
{
	struct xencomm *handle;
	int scheme;

	fake_start(&fake);
	fake.open_error[PAGE_DEVICE] = page;
	fake.open_error[PRIVCMD] = privcmd;
	fake.open_error[BUFFER_DEVICE] = buffer;
	handle = xencomm_open_on(&fake.sys, XENCOMM_ANY);
	scheme = handle ? (int)xencomm_scheme(handle) : -errno;
	closed(handle);
	return scheme;
}

static void any_takes_the_first_scheme_that_is_there(void)
{
	CHECK_EQ(any(0, 0, 0), XENCOMM_PAGE);
	CHECK_EQ(any(ENOENT, 0, 0), XENCOMM_BUFFER);
	CHECK_EQ(any(ENODEV, 0, ENOENT), XENCOMM_MLOCK);
	CHECK_EQ(any(ENXIO, 0, ENXIO), XENCOMM_MLOCK);
	CHECK_EQ(any(ENOENT, ENOENT, 0), -ENOENT);
}

static void any_does_not_hide_that_something_is_forbidden(void)
{
	CHECK_EQ(any(EACCES, 0, 0), -EACCES);
	CHECK_EQ(any(EPERM, 0, 0), -EPERM);
	CHECK_EQ(any(ENOENT, EACCES, 0), -EACCES);
	CHECK_EQ(any(ENOENT, 0, EMFILE), -EMFILE);
}

static void a_page_device_of_no_use_is_none(void)
{
	struct xencomm *handle;

	fake_start(&fake);
	fake.max_data_pages = 0;
	CHECK(xencomm_open_on(&fake.sys, XENCOMM_PAGE) == NULL && errno == EOPNOTSUPP);
	handle = xencomm_open_on(&fake.sys, XENCOMM_ANY);
	CHECK_EQ(handle ? (int)xencomm_scheme(handle) : -1, XENCOMM_BUFFER);
	closed(handle);

	fake_start(&fake);
	fake.version = 2;
	CHECK(xencomm_open_on(&fake.sys, XENCOMM_PAGE) == NULL && errno == EPROTONOSUPPORT);
	handle = xencomm_open_on(&fake.sys, XENCOMM_ANY);
	CHECK_EQ(handle ? (int)xencomm_scheme(handle) : -1, XENCOMM_BUFFER);
	closed(handle);
}

static void schemes_have_names(void)
{
	CHECK_TEXT(xencomm_scheme_name(XENCOMM_ANY), "any");
	CHECK_TEXT(xencomm_scheme_name(XENCOMM_PAGE), "page");
	CHECK_TEXT(xencomm_scheme_name(XENCOMM_BUFFER), "buffer");
	CHECK_TEXT(xencomm_scheme_name(XENCOMM_MLOCK), "mlock");
	CHECK(xencomm_scheme_name((enum xencomm_scheme)4) == NULL);
	fake_start(&fake);
	CHECK(xencomm_open_on(&fake.sys, (enum xencomm_scheme)4) == NULL && errno == EINVAL);
	CHECK(xencomm_open_on(&fake.sys, (enum xencomm_scheme)-1) == NULL && errno == EINVAL);
	CHECK_EQ(fake.services, 0);
	CHECK_EQ(xencomm_close(NULL), 0);
}

static void memory_is_aligned_zero_and_inside_its_area(void)
{
	static const size_t aligns[] = { 0, 1, 8, 16, 64, 4096 };
	size_t i, j;
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		struct xencomm_area *area = xencomm_area_create(handle, 5 * 4096 - 100);
		unsigned char *first = NULL;

		CHECK(area != NULL);
		for (i = 0; area && i < sizeof(aligns) / sizeof(aligns[0]); i++) {
			const size_t least = aligns[i] < XENCOMM_ALIGN ? XENCOMM_ALIGN : aligns[i];
			unsigned char *memory = xencomm_area_alloc(area, 33, aligns[i]);
			const struct fake_map *map = fake_map_at(&fake, memory);

			CHECK(memory && map);
			if (!memory || !map)
				break;
			first = first ? first : memory;
			CHECK_EQ((uintptr_t)memory % least, 0);
			CHECK(map->protection == (PROT_READ | PROT_WRITE));
			CHECK(memory + 33 <= map->at + map->bytes);
			for (j = 0; j < 33; j++)
				CHECK_EQ(memory[j], 0);
			memset(memory, 0xa5, 33);
		}
		/* What was used before is zero again. */
		CHECK_EQ(xencomm_free(handle, first), 0);
		CHECK(xencomm_area_alloc(area, 20, 0) == first);
		for (j = 0; first && j < 20; j++)
			CHECK_EQ(first[j], 0);
		/* Whole pages: what the size was rounded up to can be had. */
		CHECK_EQ(xencomm_area_destroy(handle, area), 0);
		area = xencomm_area_create(handle, 4097);
		CHECK(area && xencomm_area_alloc(area, 8192, 4096) != NULL);
		CHECK(area && xencomm_area_alloc(area, 1, 0) == NULL && errno == ENOMEM);
		closed(handle);
	}
}

static void bad_sizes_and_alignments_are_refused(void)
{
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		const size_t most = xencomm_area_max(handle);
		struct xencomm_area *area = xencomm_area_create(handle, 4096);

		CHECK(area != NULL);
		CHECK(xencomm_area_create(handle, 0) == NULL && errno == EINVAL);
		CHECK(xencomm_area_create(handle, most + 1) == NULL && errno == E2BIG);
		CHECK(xencomm_area_create(handle, SIZE_MAX) == NULL && errno == E2BIG);
		CHECK_EQ(xencomm_pool(handle, 0), -1);
		CHECK_EQ(errno, EINVAL);
		CHECK_EQ(xencomm_pool(handle, most + 1), -1);
		CHECK_EQ(errno, E2BIG);
		CHECK(xencomm_area_alloc(area, 0, 0) == NULL && errno == EINVAL);
		CHECK(xencomm_area_alloc(area, 8, 3) == NULL && errno == EINVAL);
		CHECK(xencomm_area_alloc(area, 8, 48) == NULL && errno == EINVAL);
		CHECK(xencomm_area_alloc(area, 8, 8192) == NULL && errno == EINVAL);
		CHECK(xencomm_area_alloc(area, SIZE_MAX, 0) == NULL && errno == ENOMEM);
		CHECK(xencomm_alloc(handle, 0) == NULL && errno == EINVAL);
		closed(handle);
	}
}

static void only_what_was_allocated_is_freed(void)
{
	int local;
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		unsigned char *memory = xencomm_alloc(handle, 100);

		CHECK_EQ(xencomm_free(handle, memory + 1), -1);
		CHECK_EQ(errno, EINVAL);
		CHECK_EQ(xencomm_free(handle, &local), -1);
		CHECK_EQ(errno, EINVAL);
		errno = 77;
		CHECK_EQ(xencomm_free(handle, memory), 0);
		CHECK_EQ(xencomm_free(handle, NULL), 0);
		CHECK_EQ(errno, 77);
		CHECK_EQ(xencomm_free(handle, memory), -1);
		CHECK_EQ(errno, EINVAL);
		closed(handle);
	}
}

static void the_pool_is_as_large_as_was_said(void)
{
	struct xencomm *handle = opened(XENCOMM_PAGE);
	void *memory;

	CHECK_EQ(xencomm_pool(handle, 3 * 4096), 0);
	memory = xencomm_alloc(handle, 3 * 4096);
	CHECK(memory != NULL);
	CHECK(xencomm_alloc(handle, 1) == NULL && errno == ENOMEM);
	CHECK_EQ(xencomm_pool(handle, 4096), -1);
	CHECK_EQ(errno, EBUSY);
	closed(handle);

	handle = opened(XENCOMM_BUFFER);
	CHECK(xencomm_alloc(handle, XENCOMM_POOL_BYTES) != NULL);
	closed(handle);
}

static void an_area_of_the_page_scheme_is_a_file_with_its_header_below(void)
{
	struct xencomm *handle = opened(XENCOMM_PAGE);
	struct xencomm_area *a = xencomm_area_create(handle, 2 * 4096);
	struct xencomm_area *b = xencomm_area_create(handle, 255 * 4096);
	unsigned char *in_a = xencomm_area_alloc(a, 8192, 4096);
	unsigned char *in_b = xencomm_area_alloc(b, 16, 0);
	const struct fake_map *data = fake_map_at(&fake, in_a);
	const struct fake_map *header = fake_map_at(&fake, in_a - 1);

	CHECK_EQ(xencomm_area_max(handle), 255 * 4096);
	CHECK_EQ(fake_open_files(&fake), 2);
	CHECK(data && header && data != header);
	CHECK_EQ(header->protection, PROT_READ);
	CHECK_EQ(header->fd, data->fd);
	CHECK_EQ(data->at - header->at, 4096);
	CHECK(fake_map_at(&fake, in_b)->fd != data->fd);

	/* A call goes to the file that its argument lies in. */
	CHECK_EQ(xencomm_hypercall(handle, 35, xencomm_ptr(in_a + 100)), 0);
	CHECK_EQ(fake.call_fd, data->fd);
	CHECK_EQ(xencomm_hypercall(handle, 17, 3, xencomm_ptr(in_b)), 0);
	CHECK_EQ(fake.call_fd, fake_map_at(&fake, in_b)->fd);
	/* One without a pointer has the pool. */
	CHECK_EQ(xencomm_hypercall(handle, 17, 0), 0);
	CHECK(fake.call_fd != data->fd && fake.call_fd != fake_map_at(&fake, in_b)->fd);
	CHECK_EQ(fake_open_files(&fake), 3);

	CHECK_EQ(xencomm_area_destroy(handle, a), 0);
	CHECK_EQ(xencomm_area_destroy(handle, a), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(fake_open_files(&fake), 2);
	closed(handle);
}

static void no_child_sees_a_buffer_or_locked_memory(void)
{
	int s;

	for (s = 1; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		const struct fake_map *map = fake_map_at(&fake, xencomm_alloc(handle, 64));

		CHECK(map && map->not_forked);
		CHECK_EQ(map ? map->locked : -2, schemes[s] == XENCOMM_MLOCK);
		closed(handle);
	}
}

static void arguments_arrive_as_they_are(void)
{
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		void *memory = xencomm_alloc(handle, 64);
		const uint64_t top = UINT64_C(0xfedcba9876543210);

		CHECK_EQ(xencomm_hypercall(handle, 18, 1, top, xencomm_ptr(memory), 4, 5), 0);
		CHECK_EQ(fake.op, 18);
		CHECK_EQ(fake.args[0], 1);
		CHECK(fake.args[1] == top);
		CHECK(fake.args[2] == (uintptr_t)memory);
		CHECK_EQ(fake.args[3], 4);
		CHECK_EQ(fake.args[4], 5);
		CHECK_EQ(xencomm_hypercall(handle, 18, 9), 0);
		CHECK_EQ(fake.args[0], 9);
		CHECK_EQ(fake.args[1] | fake.args[2] | fake.args[3] | fake.args[4], 0);
		closed(handle);
	}
}

static long long the_result;

static long long answer_with(struct fake *kernel, uint64_t op, const uint64_t *args)
{
	(void)kernel;
	(void)op;
	(void)args;
	return the_result;
}

static long result_of(struct xencomm *handle, long long result)
{
	the_result = result;
	errno = 0;
	return xencomm_hypercall(handle, 12, 2);
}

static void errors_become_errno_and_results_stay(void)
{
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);

		fake.hypercall = answer_with;
		CHECK_EQ(result_of(handle, 0), 0);
		CHECK_EQ(result_of(handle, 0x30000), 0x30000);
		CHECK_EQ(errno, 0);
		CHECK_EQ(result_of(handle, -EPERM), -1);
		CHECK_EQ(errno, EPERM);
		CHECK_EQ(result_of(handle, -4095), -1);
		CHECK_EQ(errno, 4095);
#if LONG_MAX > 0x7fffffff
		CHECK_EQ(result_of(handle, 0x123456789all), 0x123456789all);
#else
		if (schemes[s] == XENCOMM_PAGE) {
			CHECK_EQ(result_of(handle, 0x123456789all), -1);
			CHECK_EQ(errno, EOVERFLOW);
		}
#endif
		fake.refuse_call = E2BIG;
		CHECK_EQ(result_of(handle, 0), -1);
		CHECK_EQ(errno, E2BIG);
		closed(handle);
	}
}

static void pointers_into_two_areas_are_refused(void)
{
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		void *in_pool = xencomm_alloc(handle, 16);
		struct xencomm_area *area = xencomm_area_create(handle, 100);
		void *in_area = xencomm_area_alloc(area, 16, 0);

		CHECK_EQ(xencomm_hypercall(handle, 1, xencomm_ptr(in_pool), xencomm_ptr(in_area)),
			 -1);
		CHECK_EQ(errno, EINVAL);
		CHECK_EQ(fake.calls, 0);
		CHECK_EQ(xencomm_hypercall(handle, 1, xencomm_ptr(in_area), xencomm_ptr(in_area)),
			 0);
		closed(handle);
	}
}

static void the_number_of_a_call_is_not_cut(void)
{
	struct xencomm *handle = opened(XENCOMM_PAGE);

	CHECK_EQ(xencomm_hypercall(handle, UINT64_C(0x100000011), 0), -1);
	CHECK_EQ(errno, ENOSYS);
	CHECK_EQ(fake.calls, 0);
	closed(handle);
}

/* Tried while a call runs. */
static long long try_to_end(struct fake *kernel, uint64_t op, const uint64_t *args)
{
	struct xencomm *handle = kernel->user;
	struct xencomm_area *other = xencomm_area_create(handle, 4096);
	struct xencomm_area *area = (struct xencomm_area *)(uintptr_t)args[1];

	(void)op;
	CHECK_EQ(xencomm_close(handle), -1);
	CHECK_EQ(errno, EBUSY);
	CHECK_EQ(xencomm_area_destroy(handle, area), -1);
	CHECK_EQ(errno, EBUSY);
	/* Others may come and go. */
	CHECK(other != NULL);
	CHECK_EQ(xencomm_area_destroy(handle, other), 0);
	return 0;
}

static void a_running_call_keeps_its_area(void)
{
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		struct xencomm_area *area = xencomm_area_create(handle, 4096);
		void *memory = xencomm_area_alloc(area, 16, 0);

		fake.hypercall = try_to_end;
		fake.user = handle;
		CHECK_EQ(xencomm_hypercall(handle, 1, xencomm_ptr(memory), xencomm_ptr(area)), 0);
		CHECK_EQ(xencomm_area_destroy(handle, area), 0);
		closed(handle);
	}
}

static void a_child_can_only_close(void)
{
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		struct xencomm *handle = opened(schemes[s]);
		struct xencomm_area *area = xencomm_area_create(handle, 4096);
		void *memory = xencomm_alloc(handle, 16);
		unsigned int mappings = fake_mappings(&fake);
		int i;

		fake.pid++;
		CHECK(xencomm_alloc(handle, 16) == NULL && errno == ECHILD);
		CHECK(xencomm_area_create(handle, 16) == NULL && errno == ECHILD);
		CHECK(xencomm_area_alloc(area, 16, 0) == NULL && errno == ECHILD);
		CHECK_EQ(xencomm_free(handle, memory), -1);
		CHECK_EQ(errno, ECHILD);
		CHECK_EQ(xencomm_area_destroy(handle, area), -1);
		CHECK_EQ(errno, ECHILD);
		CHECK_EQ(xencomm_pool(handle, 4096), -1);
		CHECK_EQ(errno, ECHILD);
		CHECK_EQ(xencomm_hypercall(handle, 17, 0), -1);
		CHECK_EQ(errno, ECHILD);
		CHECK_EQ(fake.calls, 0);
		errno = 77;
		CHECK_EQ(xencomm_close(handle), 0);
		CHECK_EQ(errno, 77);
		/* There may be other memory of the child where the areas were. */
		CHECK_EQ(fake_mappings(&fake), mappings);
		CHECK_EQ(fake_open_files(&fake), 0);
		CHECK_EQ(fake.memory, 0);
		for (i = 0; i < NR_MAPS; i++)
			if (fake.maps[i].at)
				munmap(fake.maps[i].at, fake.maps[i].bytes);
	}
}

/* Everything once; 0, or the errno of what failed. */
static int everything(enum xencomm_scheme scheme)
{
	struct xencomm *handle = xencomm_open_on(&fake.sys, scheme);
	struct xencomm_area *area;
	int error = 0;

	if (!handle)
		return errno;
	area = xencomm_area_create(handle, 10000);
	if (!area || !xencomm_area_alloc(area, 100, 0) || !xencomm_alloc(handle, 100) ||
	    xencomm_hypercall(handle, 17, 0) != 0)
		error = errno;
	CHECK_EQ(xencomm_close(handle), 0);
	return error;
}

static void whatever_fails_leaves_nothing_behind(void)
{
	unsigned int services, k;
	int s;

	for (s = 0; s < NR_SCHEMES; s++) {
		fake_start(&fake);
		CHECK_EQ(everything(schemes[s]), 0);
		services = fake.services;
		CHECK(services >= 8);
		for (k = 1; k <= services; k++) {
			fake_start(&fake);
			fake.fail_at = k;
			CHECK_EQ(everything(schemes[s]), ENOMEM);
			CHECK(fake_is_clean(&fake));
		}
	}
}

static const struct test tests[] = {
	{ "any_takes_the_first_scheme_that_is_there", any_takes_the_first_scheme_that_is_there },
	{ "any_does_not_hide_that_something_is_forbidden",
	  any_does_not_hide_that_something_is_forbidden },
	{ "a_page_device_of_no_use_is_none", a_page_device_of_no_use_is_none },
	{ "schemes_have_names", schemes_have_names },
	{ "memory_is_aligned_zero_and_inside_its_area", memory_is_aligned_zero_and_inside_its_area },
	{ "bad_sizes_and_alignments_are_refused", bad_sizes_and_alignments_are_refused },
	{ "only_what_was_allocated_is_freed", only_what_was_allocated_is_freed },
	{ "the_pool_is_as_large_as_was_said", the_pool_is_as_large_as_was_said },
	{ "an_area_of_the_page_scheme_is_a_file_with_its_header_below",
	  an_area_of_the_page_scheme_is_a_file_with_its_header_below },
	{ "no_child_sees_a_buffer_or_locked_memory", no_child_sees_a_buffer_or_locked_memory },
	{ "arguments_arrive_as_they_are", arguments_arrive_as_they_are },
	{ "errors_become_errno_and_results_stay", errors_become_errno_and_results_stay },
	{ "pointers_into_two_areas_are_refused", pointers_into_two_areas_are_refused },
	{ "the_number_of_a_call_is_not_cut", the_number_of_a_call_is_not_cut },
	{ "a_running_call_keeps_its_area", a_running_call_keeps_its_area },
	{ "a_child_can_only_close", a_child_can_only_close },
	{ "whatever_fails_leaves_nothing_behind", whatever_fails_leaves_nothing_behind },
};

int main(void)
{
	return RUN_TESTS(tests);
}
