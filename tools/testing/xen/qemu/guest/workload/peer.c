// SPDX-License-Identifier: GPL-2.0
/*
 * Talking to the peer: it is found by the list of domains, its frames by its memory list,
 * its mailbox is mapped as a foreign frame, and commands and answers are told by events.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "peer.h"
#include "workload.h"

#define PATIENCE_MS 10000
#define DOMAINS 8
#define FRAMES (PEER_DATA_PFN + PEER_DATA_PAGES)

int hypercall(int privcmd, uint64_t op, uint64_t first, uint64_t second, uint64_t third)
{
	struct privcmd_call call = {op, {first, second, third}};

	return ioctl(privcmd, PRIVCMD_HYPERCALL, &call);
}

static void find(struct peer *peer)
{
	static struct domain_info info[DOMAINS];
	struct sysctl list = {.command = SYSCTL_DOMAINS, .version = SYSCTL_VERSION};
	struct domctl memory = {
		.command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION, .domain = PEER_DOMAIN};

	list.domains.most = DOMAINS;
	list.domains.buffer = (uintptr_t)info;
	check_errno(!hypercall(peer->privcmd, CALL_SYSCTL, (uintptr_t)&list, 0, 0),
		    "getdomaininfolist");
	if (list.domains.buffer != (uintptr_t)info)
		fail("getdomaininfolist changed the caller's pointer");
	if (list.domains.count != 2 || info[0].domain != 0 || info[1].domain != PEER_DOMAIN)
		fail("%u domains, the first two %u and %u", list.domains.count, info[0].domain,
		     info[1].domain);
	memory.memlist.most = FRAMES;
	memory.memlist.buffer = (uintptr_t)peer->frames;
	check_errno(!hypercall(peer->privcmd, CALL_DOMCTL, (uintptr_t)&memory, 0, 0), "getmemlist");
	if (memory.memlist.count != FRAMES)
		fail("getmemlist gave %llu frames", (unsigned long long)memory.memlist.count);
}

static void *room(int privcmd, uint32_t count)
{
	void *at = mmap(NULL, (size_t)count * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, privcmd, 0);

	check_errno(at != MAP_FAILED, "mmap of privcmd");
	return at;
}

void *map_frames(int privcmd, uint32_t domain, const uint64_t *frames, uint32_t count)
{
	int32_t *errors = calloc(count, sizeof(*errors));
	void *at = room(privcmd, count);
	struct privcmd_batch_v2 batch = {count, (uint16_t)domain, (uintptr_t)at, frames, errors};

	check_errno(errors && !ioctl(privcmd, PRIVCMD_MMAPBATCH_V2, &batch), "mmapbatch_v2");
	for (uint32_t i = 0; i < count; i++)
		if (errors[i])
			fail("mmapbatch_v2: frame %u: %s", i, strerror(-errors[i]));
	free(errors);
	return at;
}

void *map_frames_v1(int privcmd, uint32_t domain, const uint64_t *frames, uint32_t count)
{
	uint64_t *copy = malloc(count * sizeof(*copy));
	void *at = room(privcmd, count);
	struct privcmd_batch batch = {(int32_t)count, (uint16_t)domain, (uintptr_t)at, copy};

	check_errno(copy != NULL, "malloc");
	memcpy(copy, frames, count * sizeof(*copy));
	check_errno(!ioctl(privcmd, PRIVCMD_MMAPBATCH, &batch), "mmapbatch");
	for (uint32_t i = 0; i < count; i++)
		if (copy[i] != frames[i])
			fail("mmapbatch: frame %u came back as %#llx", i,
			     (unsigned long long)copy[i]);
	free(copy);
	return at;
}

void check_pattern(const volatile void *page, uint32_t number, const char *what)
{
	const volatile unsigned long long *words = page;

	for (uint32_t i = 0; i < PEER_PAGE_WORDS; i++) {
		unsigned long long word = words[i];

		if (word != peer_pattern(number, i))
			fail("%s: word %u of page %u is %#llx", what, i, number, word);
	}
}

static void notify(struct peer *peer)
{
	struct evtchn_word word = {peer->port};

	check_errno(!ioctl(peer->evtchn, EVTCHN_NOTIFY, &word), "notify");
}

/* One event of the peer's, read and unmasked; 0 if none came. */
static int took_event(struct peer *peer, int patience_ms)
{
	struct pollfd wait = {.fd = peer->evtchn, .events = POLLIN};
	uint32_t port = 0;

	if (poll(&wait, 1, patience_ms) <= 0)
		return 0;
	check_errno(read(peer->evtchn, &port, sizeof(port)) == sizeof(port), "read of evtchn");
	if (port != peer->port)
		fail("an event of port %u", port);
	check_errno(write(peer->evtchn, &port, sizeof(port)) == sizeof(port), "write of evtchn");
	return 1;
}

uint64_t peer_ask(struct peer *peer, enum peer_command command, uint64_t page, uint64_t second,
		  uint64_t third)
{
	volatile struct peer_mailbox *mailbox = peer->mailbox;
	uint64_t before = mailbox->answered;

	mailbox->argument[0] = page;
	mailbox->argument[1] = second;
	mailbox->argument[2] = third;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	mailbox->command = command;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	notify(peer);
	/* An event of the binding may come first. */
	while (mailbox->answered == before)
		if (!took_event(peer, PATIENCE_MS))
			fail("the peer did not answer command %d", command);
	if (mailbox->answered != before + 1)
		fail("the peer answered command %d more than once", command);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return mailbox->answer;
}

/* All frames up to the last: a list that begins at 0, as getmemlist's always do. */
static void find_far_by_list(struct peer *peer, const uint64_t *numbers)
{
	uint64_t count = peer->mailbox->last_pfn + 1;
	uint64_t *list = calloc(count, sizeof(*list));
	struct domctl memory = {
		.command = DOMCTL_MEMLIST, .version = DOMCTL_VERSION, .domain = PEER_DOMAIN};

	check_errno(list != NULL, "calloc");
	memory.memlist.most = count;
	memory.memlist.buffer = (uintptr_t)list;
	check_errno(!hypercall(peer->privcmd, CALL_DOMCTL, (uintptr_t)&memory, 0, 0),
		    "getmemlist of all frames");
	if (memory.memlist.count != count)
		fail("getmemlist gave %llu frames", (unsigned long long)memory.memlist.count);
	for (uint32_t i = 0; i < PEER_FAR_PAGES; i++)
		peer->far[i] = list[numbers[i]];
	free(list);
}

/*
 * The frames of the pages that are far away, which one list from 0 on may not reach.  On the
 * historical hypervisor the kernel does not let translate_gpfn_list through.
 */
static void find_far(struct peer *peer)
{
	uint64_t numbers[PEER_FAR_PAGES];
	struct memory_translate ask = {.domain = PEER_DOMAIN, .count = PEER_FAR_PAGES};

	for (uint32_t i = 0; i < PEER_FAR_PAGES; i++)
		numbers[i] = peer->mailbox->last_pfn - i * PEER_FAR_STRIDE;
	ask.from = (uintptr_t)numbers;
	ask.to = (uintptr_t)peer->far;
	if (!hypercall(peer->privcmd, CALL_MEMORY_OP, MEMORY_TRANSLATE, (uintptr_t)&ask, 0))
		return;
	check_errno(errno == EOPNOTSUPP, "translate_gpfn_list");
	find_far_by_list(peer, numbers);
}

void peer_open(struct peer *peer)
{
	struct evtchn_interdomain bind = {.domain = PEER_DOMAIN};
	uint64_t end = now_ns() + PATIENCE_MS * 1000000ull;
	int port;

	peer->privcmd = open("/dev/xen/privcmd", O_RDWR);
	check_errno(peer->privcmd >= 0, "/dev/xen/privcmd");
	peer->evtchn = open("/dev/xen/evtchn", O_RDWR);
	check_errno(peer->evtchn >= 0, "/dev/xen/evtchn");
	peer->frames = calloc(FRAMES, sizeof(*peer->frames));
	check_errno(peer->frames != NULL, "calloc");
	find(peer);
	peer->mailbox = map_frames(peer->privcmd, PEER_DOMAIN, peer->frames + PEER_MAILBOX_PFN, 1);
	while (peer->mailbox->magic != PEER_MAGIC)
		if (now_ns() > end)
			fail("the peer's mailbox has the magic %#llx",
			     (unsigned long long)peer->mailbox->magic);
	find_far(peer);
	if (peer->mailbox->domid != PEER_DOMAIN)
		fail("the peer is domain %llu", (unsigned long long)peer->mailbox->domid);
	bind.port = (uint32_t)peer->mailbox->port;
	port = ioctl(peer->evtchn, EVTCHN_BIND_INTERDOMAIN, &bind);
	check_errno(port > 0, "bind_interdomain");
	peer->port = (uint32_t)port;
}

void peer_close(struct peer *peer)
{
	struct evtchn_word word = {peer->port};

	check_errno(!ioctl(peer->evtchn, EVTCHN_UNBIND, &word), "unbind");
	check_errno(!munmap((void *)(uintptr_t)peer->mailbox, PAGE), "munmap of the mailbox");
	free(peer->frames);
	close(peer->evtchn);
	close(peer->privcmd);
}
