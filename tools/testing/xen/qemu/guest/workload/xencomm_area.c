// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls through an area of /dev/xen/xencomm: their pointers stay what they are, and
 * their results are those that /dev/xen/privcmd gives.  From 32-bit and 64-bit processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workload.h"
#include "xencall.h"
#include "xencomm_area.h"

#define PAGES 20
#define MOST 64 /* domains */
#define SYSCTL_READCONSOLE 1u
#define UNTOUCHED 0x5a

int area_device(void)
{
	int device = open("/dev/xen/xencomm", O_RDWR | O_CLOEXEC);

	check_errno(device >= 0, "/dev/xen/xencomm");
	return device;
}

struct area area_open(unsigned int pages)
{
	struct xencomm_create create = { .data_pages = pages };
	struct area area = { .device = area_device(), .pages = pages };
	char *base, *data;

	check_errno(!ioctl(area.device, XENCOMM_IOC_CREATE, &create), "create");
	base = mmap(NULL, (1 + pages) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check_errno(base != MAP_FAILED, "mmap");
	area.header = mmap(base, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, area.device, 0);
	check_errno((char *)area.header == base, "mmap of the header");
	data = mmap(base + PAGE, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		    area.device, PAGE);
	check_errno(data == base + PAGE, "mmap of the data pages");
	area.data = (unsigned char *)data;
	return area;
}

void area_close(const struct area *area)
{
	check_errno(!munmap((void *)area->header, (1 + area->pages) * PAGE), "munmap");
	check_errno(!close(area->device), "close");
}

int area_call(const struct area *area, unsigned int number, uint64_t first, uint64_t second,
	      int64_t *result)
{
	struct xencomm_call call = { .number = number, .argument = { first, second } };
	int error = ioctl(area->device, XENCOMM_IOC_CALL, &call);

	*result = call.result;
	return error;
}

int area_list(const struct area *area, struct sysctl *sysctl, uint64_t buffer, unsigned int most)
{
	int64_t result;

	*sysctl = (struct sysctl){ .command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION };
	sysctl->domains.most = most;
	sysctl->domains.buffer = buffer;
	if (area_call(area, CALL_SYSCTL, (uintptr_t)sysctl, 0, &result))
		return -1;
	if (result)
		fail("getdomaininfolist: %lld", (long long)result);
	return 0;
}

static void header_is_right(const struct area *area)
{
	if (area->header->magic != XENCOMM_AREA_MAGIC)
		fail("the header begins with %#x", area->header->magic);
	if (area->header->nr_pages != 1 + area->pages)
		fail("the header tells of %u pages", area->header->nr_pages);
	if (area->header->virt_base != (uintptr_t)area->header)
		fail("the header believes to be at %#llx",
		     (unsigned long long)area->header->virt_base);
}

/* The same question through privcmd, into ordinary memory. */
static unsigned int ask_privcmd(struct domain_info *info)
{
	struct sysctl sysctl = { .command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION };
	struct privcmd_call call = { CALL_SYSCTL, { (uintptr_t)&sysctl } };
	int device = open("/dev/xen/privcmd", O_RDWR);

	check_errno(device >= 0, "/dev/xen/privcmd");
	sysctl.domains.most = MOST;
	sysctl.domains.buffer = (uintptr_t)info;
	check_errno(!ioctl(device, PRIVCMD_HYPERCALL, &call), "getdomaininfolist by privcmd");
	close(device);
	return sysctl.domains.count;
}

/* The list begins in one page and ends in the next, or wherever there is room. */
static unsigned int domains(const struct area *area)
{
	static struct domain_info expected[MOST];
	unsigned int count = ask_privcmd(expected);

	for (unsigned int at = 0; at + MOST * sizeof(expected[0]) <= area->pages * PAGE;
	     at += 1000) {
		struct domain_info *found = (void *)(area->data + at);
		struct sysctl sysctl;

		memset(area->data, UNTOUCHED, area->pages * PAGE);
		check_errno(!area_list(area, &sysctl, (uintptr_t)found, MOST),
			    "getdomaininfolist");
		if (sysctl.domains.count != count || !count)
			fail("%u domains, %u by privcmd", sysctl.domains.count, count);
		if (sysctl.domains.buffer != (uintptr_t)found)
			fail("the pointer came back as %#llx",
			     (unsigned long long)sysctl.domains.buffer);
		for (unsigned int n = 0; n < count; n++)
			if (found[n].domain != expected[n].domain ||
			    found[n].most_pages != expected[n].most_pages)
				fail("domain %u differs from privcmd's", n);
		for (unsigned int n = 0; n < area->pages * PAGE; n++)
			if ((n < at || n >= at + count * sizeof(*found)) &&
			    area->data[n] != UNTOUCHED)
				fail("byte %u of the area was written", n);
	}
	return count;
}

static unsigned int console(const struct area *area)
{
	struct sysctl sysctl = { .command = SYSCTL_READCONSOLE, .version = SYSCTL_VERSION };
	struct {
		uint32_t clear, pad0;
		uint64_t buffer;
		uint32_t count, pad1;
	} *op = (void *)sysctl.u;
	int64_t result;

	op->buffer = (uintptr_t)area->data + 3;
	op->count = area->pages * PAGE - 3;
	memset(area->data, UNTOUCHED, area->pages * PAGE);
	check_errno(!area_call(area, CALL_SYSCTL, (uintptr_t)&sysctl, 0, &result), "readconsole");
	if (result)
		fail("readconsole: %lld", (long long)result);
	if (!op->count || op->count > area->pages * PAGE - 3)
		fail("readconsole gave %u bytes", op->count);
	if (!memchr(area->data + 3, '\n', op->count))
		fail("no line in the console's text");
	return op->count;
}

/* A pointer of half the field's width beside padding, which may hold anything. */
static void narrow_pointer(const struct area *area)
{
	uint64_t pointer = (uintptr_t)area->data;
	struct sysctl sysctl;

	if (sizeof(void *) == 8)
		return;
	pointer |= 0xdeadbeefull << 32;
	check_errno(!area_list(area, &sysctl, pointer, 1), "padding beside a pointer");
	if (sysctl.domains.buffer != pointer)
		fail("padding came back as %#llx", (unsigned long long)sysctl.domains.buffer);
}

/* The same call by the kernel itself. */
static void as_the_kernel_says(const char *extra)
{
	FILE *file = fopen("/sys/hypervisor/version/extra", "r");
	char line[64] = "";

	check_errno(file != NULL, "/sys/hypervisor/version/extra");
	check_errno(fgets(line, sizeof(line), file) != NULL, "/sys/hypervisor/version/extra");
	fclose(file);
	line[strcspn(line, "\n")] = 0;
	if (strcmp(line, extra))
		fail("extraversion '%.16s', but '%s' by sysfs", extra, line);
}

void step_xencomm_area(void)
{
	struct area area = area_open(PAGES);
	struct xencomm_info info;
	char text[16];
	int64_t result;

	header_is_right(&area);
	check_errno(!ioctl(area.device, XENCOMM_IOC_INFO, &info), "info");
	if (info.version != XENCOMM_VERSION || info.max_data_pages != XENCOMM_MAX_DATA_PAGES)
		fail("version %u, %u pages", info.version, info.max_data_pages);
	memset(text, 'Z', sizeof(text));
	check_errno(!area_call(&area, CALL_XEN_VERSION, 1, (uintptr_t)text, &result),
		    "extraversion");
	if (result || !memchr(text, 0, sizeof(text)))
		fail("extraversion: %lld", (long long)result);
	as_the_kernel_says(text);
	narrow_pointer(&area);
	figure("domains", domains(&area));
	figure("console", console(&area));
	header_is_right(&area);
	area_close(&area);
	figure("bits", 8 * sizeof(void *));
}
