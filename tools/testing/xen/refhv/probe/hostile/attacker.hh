/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One vcpu's share of the hostile calls: its random numbers, its memory, its account.
 *
 * Invariant that keeps the probe itself alive: a call that is obeyed can only write to
 * this memory, to frames above the real-mode area, or to nothing.  So every argument block
 * and every list is written afresh from words that are safe() before a call may read it,
 * and no handle points to memory that holds anything else.
 */
#ifndef HOSTILE_ATTACKER_HH
#define HOSTILE_ATTACKER_HH

#include "probe/view.hh"

namespace probe::hostile {

inline constexpr u64 canary_high = 0xca9a2e5f; /* upper half of each word of refhv's canary */
inline constexpr u64 list_words = 512;
inline constexpr u64 virt_base = 0x7f0000000000;

/* What every attacker knows of the domain; read once, since OF is for one vcpu at a time. */
struct Facts {
	u64 ram_end, window, window_pages, slots, first_high, high_pages;
	u64 memory_low, memory_high; /* addresses of the RMA, as calls take them */
	u16 self;
	bool direct;
};
extern constinit Facts facts;
void learn();

/* How the arguments of the next call are handed over. */
enum class Form : u8 { Inline, Descriptor, Area };

class Attacker {
public:
	void prepare(u64 seed); /* takes its pages; vcpu 0 only */

	/* run - @count calls; progress, if asked for, with a line every 100000 */
	void run(u64 count, bool progress);

	u64 calls = 0, refused = 0, obeyed = 0, leaks = 0;

private:
	/* numbers.cc: values of a kind, mostly plausible */
	bool chance(u64 of_100) { return random_.below(100) < of_100; }
	template <u64 n> u64 pick(const u64 (&from)[n]) { return from[random_.below(n)]; }
	u64 small() { return random_.below(9); }
	u64 safe(u64 address); /* @address, moved to own memory if it lies in the RMA */
	u64 any_frame();
	u64 frame();	   /* a frame number that may be written to, or that is none */
	u64 odd_word();	   /* an extreme or a random word, safe as an address */
	u64 odd_address(); /* an address that is not to be used */
	u64 domain();
	u64 port();
	u64 slot();

	/* handles.cc */
	u64 handle(u64 *at, u64 bytes); /* @at lies in block_, list_, out_ or area_ */
	u64 descriptor(const u64 *at, u64 bytes);
	u64 area_pointer(const u64 *at);
	u64 bad_handle();
	void break_area();

	/* calls.cc */
	void one();
	void start_block();
	void fill_list();
	u64 issue(u32 number, u64 a, u64 b = 0, u64 c = 0);
	void check(const Regs &regs);
	void memory();
	void reservation(u64 op, u64 *block);
	void grants();
	void grant_copy(u64 *block, u64 count);
	void events();
	void version();
	void vcpus_and_time();
	void control();
	void physdev();
	void multicall();
	void noise();
	void papr_call();

	Random random_{};
	Form form_ = Form::Inline;
	u64 *block_ = nullptr; /* argument: one page, or the first of the area */
	u64 *list_ = nullptr;  /* list_words, then a page of all ones */
	u64 *out_ = nullptr;
	u64 *plain_ = nullptr, *plain_list_ = nullptr, *plain_out_ = nullptr;
	u64 *area_ = nullptr; /* four pages */
	u64 *descriptors_ = nullptr;
	u64 next_descriptor_ = 0;
	u32 ports_[8]{};
	u64 last_host_ = 0, last_bus_ = 0, last_handle_ = 0;
};

} // namespace probe::hostile

#endif
