/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process, and the pages behind it and behind the kernel, for hypercalls of user space.
 *
 * All pages lie in one arena whose addresses are guest-physical ones, too.  In a direct
 * domain each has a machine frame of its own, and frames do not follow each other as pages
 * do, unless a test asks for it.  Pages that are nobody's are poison to AddressSanitizer.
 * The process may be hostile: at every service that the kernel asks for, something can be
 * done to its memory first.
 */
#ifndef HOST_PPC_FAKE_USER_HH
#define HOST_PPC_FAKE_USER_HH

#include <functional>
#include <map>
#include <span>
#include <vector>

#include "fake_calls.hh"

namespace host {

/* How a page of the process's is mapped. */
struct Mapping {
	bool write = true;
	bool io = false;       /* by a driver: cannot be pinned */
	bool own = true;       /* it is this domain's memory, as far as its p2m says */
	bool straight = false; /* pages follow each other here and in the machine */
	bool row = false;      /* here only */
	bool kernel = false;   /* it is the kernel's own memory */
};

/* A hypercall that the log has heard of. */
struct PassedOver {
	u64 call, op;
	int error;
};

class User {
public:
	/** User - a process without memory in a domain of this kind; the one the kernel sees */
	explicit User(bool direct);
	~User();
	User(const User &) = delete;
	User &operator=(const User &) = delete;

	void map(u64 address, unsigned int pages, Mapping how = {});
	void unmap(u64 address, unsigned int pages);

	/** put, get - the process's own accesses, which must not fail */
	void put(u64 address, std::span<const u8> data);
	std::vector<u8> get(u64 address, std::size_t bytes);
	template <class T> void store(u64 address, const T &value)
	{
		put(address, {reinterpret_cast<const u8 *>(&value), sizeof value});
	}
	template <class T> T load(u64 address)
	{
		T value;

		std::memcpy(static_cast<void *>(&value), get(address, sizeof value).data(),
			    sizeof value);
		return value;
	}

	/**
	 * machine - a page as a hypercall names it
	 *
	 * Null if it is not the domain's, or neither the kernel's nor held for this call.
	 */
	u8 *machine(u64 address, bool write);

	/* References to pages of the process; pages of the kernel that were not given back. */
	unsigned int held() const { return held_; }
	unsigned int kernel_pages() const { return kernel_pages_; }

	/* Before each service: what the process, or another, does meanwhile. */
	std::function<void()> meanwhile = [] {
	};
	bool compat = false;
	unsigned int pin_at_once = ~0U; /* pages of one call */
	int pin_error = 0;
	int allocations_left = -1; /* negative: as many as anybody wants */
	int pauses_left = -1;
	unsigned int most_held = 0;
	std::vector<PassedOver> passed_over;

	/* One page of the arena. */
	struct Page {
		bool kernel = false;
		Mapping how;
		unsigned int maps = 0, pins = 0, gets = 0, writers = 0;
	};
	/* For the services. */
	Page *mapped(u64 address);
	u8 *memory(u64 address);
	u32 allocate(bool after, bool straight = false);
	void settle(Page &page);
	void hold(unsigned int &count, Page &page, bool write);
	void let_go(unsigned int &count, Page &page, bool write);
	void *kernel_page();
	void free_kernel_page(void *at);
	static u8 *at(const Page &page);

private:
	/* What the translation was before. */
	struct Before {
		bool direct;
		xen::ppc::P2mTable table;
		u64 ram_end, linear_limit, linear_offset;
	};

	Before before_;
	std::map<u64, u32> mapped_; /* by page number, in the arena */
	std::vector<u32> used_;
	unsigned int held_ = 0, kernel_pages_ = 0;
	u32 next_ = 0;
	u32 frame_ = 0, straight_frame_ = 0;
};

/* The one that the kernel's services mean. */
extern User *user;

} // namespace host

#endif
