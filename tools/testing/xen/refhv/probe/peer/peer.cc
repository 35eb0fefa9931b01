/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The peer: an unprivileged bare guest that a dom0's test programs talk to (mailbox.h).
 *
 * It fills its data pages, opens a port for dom0 and then serves commands.  It stays with
 * EE off and waits by poll, which needs no upcall.
 */
#include <abi/sched.hh>

#include "probe/events.hh"
#include "probe/grants.hh"
#include "probe/peer/mailbox.h"

namespace probe {

namespace {

constinit GrantTable table{};
u8 *scratch;

volatile peer_mailbox &mailbox()
{
	return *reinterpret_cast<volatile peer_mailbox *>(PEER_MAILBOX_PFN * page_bytes);
}

u64 pfn_of_page(u64 data_page)
{
	return data_page < PEER_DATA_PAGES
		       ? PEER_DATA_PFN + data_page
		       : memory_bytes() / page_bytes - 1 -
				 (data_page - PEER_DATA_PAGES) * PEER_FAR_STRIDE;
}

/* Words of a data page: those in the real-mode area as they are, others by a mapping. */
class Words {
public:
	explicit Words(u64 data_page)
		: number_(static_cast<u32>(data_page)), near_(data_page < PEER_DATA_PAGES),
		  address_(pfn_of_page(data_page) * page_bytes)
	{
		if (!near_)
			view_ = view(frame_number(pfn_of_page(data_page)), place);
	}
	~Words()
	{
		if (!near_)
			(void)drop(view_);
	}
	Words(const Words &) = delete;
	Words &operator=(const Words &) = delete;

	u64 get(u64 word) const { return near_ ? at()[word] : probe::get(view_, word * 8); }
	void set(u64 word, u64 value)
	{
		if (near_)
			at()[word] = value;
		else
			(void)probe::set(view_, word * 8, value);
	}
	void fill()
	{
		for (u32 i = 0; i < PEER_PAGE_WORDS; i++)
			set(i, peer_pattern(number_, i));
	}
	/* check - the first word that is not the pattern's, or PEER_PAGE_WORDS */
	u64 check() const
	{
		u32 i = 0;

		while (i < PEER_PAGE_WORDS && get(i) == peer_pattern(number_, i))
			i++;
		return i;
	}

private:
	static constexpr u32 place = 16;

	volatile u64 *at() const { return reinterpret_cast<volatile u64 *>(address_); }

	u32 number_;
	bool near_;
	u64 address_;
	View view_{};
};

/* copy - a whole page between dom0's grant @ref and a data page; -errno or the status */
s64 copy(u64 data_page, u64 ref, bool in)
{
	auto *op = reinterpret_cast<abi::GrantCopy *>(scratch);
	abi::GrantCopySide own{}, its{};

	*op = {};
	own.u.gmfn.store(frame_number(pfn_of_page(data_page)));
	own.domid.store(domid_self);
	its.u.grant.ref.store(static_cast<u32>(ref));
	its.domid.store(0);
	op->source = in ? its : own;
	op->dest = in ? own : its;
	op->len.store(page_bytes);
	op->flags.store(in ? abi::copy_flag::source_gref : abi::copy_flag::dest_gref);
	op->status.store(99);
	const s64 result = grant_op(GrantOp::Copy, op);

	return result ? result : op->status.load();
}

bool is_ref(u64 ref)
{
	return ref >= PEER_FIRST_REF && ref < PEER_FIRST_REF + PEER_REFS;
}

/* with_ref - the commands about a reference of the peer's */
u64 with_ref(u64 command, u64 data_page, u32 ref, bool readonly)
{
	const u32 flags =
		abi::grant_flag::permit_access | (readonly ? abi::grant_flag::readonly : 0u);
	const u32 now = table.flags(ref);

	if (command == PEER_GRANT)
		table.set(ref, static_cast<u16>(flags), 0,
			  static_cast<u32>(frame_number(pfn_of_page(data_page))));
	if (command == PEER_WITHDRAW)
		table.clear(ref);
	return now;
}

u64 serve(u64 command, u64 first, u64 second, u64 third)
{
	if (command == PEER_INVERT)
		return ~first;
	if (first >= PEER_PAGES)
		return PEER_UNKNOWN;
	switch (command) {
	case PEER_LOOK:
		return Words{first}.get(second % PEER_PAGE_WORDS);
	case PEER_POKE:
		Words{first}.set(second % PEER_PAGE_WORDS, third);
		return third;
	case PEER_CHECK:
		return Words{first}.check();
	case PEER_FILL:
		Words{first}.fill();
		return 0;
	case PEER_GRANT:
	case PEER_FLAGS:
	case PEER_WITHDRAW:
		return is_ref(second) ? with_ref(command, first, static_cast<u32>(second), third)
				      : PEER_UNKNOWN;
	case PEER_COPY_IN:
	case PEER_COPY_OUT:
		return static_cast<u64>(copy(first, second, command == PEER_COPY_IN));
	default:
		return PEER_UNKNOWN;
	}
}

/* wait - until the port is pending, or a second at most */
void wait(abi::SchedPoll *poll, const Be<u32> *ports)
{
	*poll = {};
	poll->ports.store(inline_handle(ports));
	poll->nr_ports.store(1);
	poll->timeout.store(xen_ns() + 1'000'000'000);
	(void)xen_call(XenCall::SchedOp, 3, inline_handle(poll));
}

} // namespace

void probe_main()
{
	volatile peer_mailbox &m = mailbox();
	auto *ports = reinterpret_cast<Be<u32> *>(page());
	auto *poll = reinterpret_cast<abi::SchedPoll *>(page());
	u32 port = 0;

	scratch = page();
	fill(reinterpret_cast<void *>(PEER_MAILBOX_PFN * page_bytes), 0, page_bytes);
	for (u64 i = 0; i < PEER_PAGES; i++)
		Words{i}.fill();
	if (!table.open())
		fail("peer: no grant table");
	if (const s64 result = ev::alloc(domid_self, 0, port))
		fail("peer: no port", static_cast<u64>(-result));
	m.domid = own_domid();
	m.port = port;
	m.last_pfn = memory_bytes() / page_bytes - 1;
	asm volatile("sync" ::: "memory");
	m.magic = PEER_MAGIC;
	ports[0].store(port);
	for (;;) {
		wait(poll, ports);
		if (!ev::pending(port))
			continue;
		ev::quiet();
		ev::clear(port);
		asm volatile("sync" ::: "memory");
		const u64 command = m.command;

		if (command == PEER_NOTHING)
			continue; /* the binding's own event */
		m.answer = serve(command, m.argument[0], m.argument[1], m.argument[2]);
		m.command = PEER_NOTHING;
		asm volatile("sync" ::: "memory");
		m.answered = m.answered + 1;
		asm volatile("sync" ::: "memory");
		(void)ev::send(port);
	}
}

} // namespace probe
