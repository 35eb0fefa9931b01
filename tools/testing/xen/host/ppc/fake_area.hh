/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What areas stand on: a process with memory, pages, and a Xen that follows area handles.
 *
 * The process's memory are pieces at addresses of the test's choice; pages of an area that
 * are mapped there are part of it, and read-only if the mapping was sealed.  Xen reads
 * header and argument as the ABI's text says, byte by byte; a handle or a header that is
 * wrong fails the test.  Kernel memory's machine addresses differ from its addresses.
 */
#ifndef HOST_PPC_FAKE_AREA_HH
#define HOST_PPC_FAKE_AREA_HH

#include <functional>
#include <map>
#include <vector>

#include "area_glue.h"
#include "fake_calls.hh"

namespace host {

inline constexpr u64 machine_offset = u64{1} << 52; /* between addresses and the machine's */

/* The kernel and the process around one area; k-th calls count from 0. */
struct Process {
	static constexpr unsigned int never = ~0U;

	std::map<u64, std::vector<u8>> memory; /* by address */
	std::map<u64, u8 *> mapped;	       /* pages of areas, by address */
	bool sealed = false;		       /* the mapping under way */
	std::vector<bool> seals;	       /* of each inserted page */
	const void *who = &who;		       /* the address space */
	std::map<const void *, int> held;
	unsigned int live_pages = 0, fail_page = never, fail_insert = never;
	int insert_error = -12;
	bool killed = false, narrow = false, locked = false;
	u64 unwritable = ~u64{0}; /* copies to this address and above fail */
	std::function<void()> on_page = [] {
	};

	/** at - bytes at a user's address, or null */
	u8 *at(u64 address, u64 bytes);
};
extern Process process;

/** reset_area - a new process, no area anywhere, a hypervisor with areas of many pages */
void reset_area();

/* An area as Xen finds it behind a handle. */
class SeenArea {
public:
	/** SeenArea - follow @handle; a handle of anything else fails the test */
	explicit SeenArea(u64 handle);

	u8 *argument() const { return argument_; }
	u64 virt_base() const { return virt_base_; }
	u64 pages() const { return pages_.size(); }
	u8 *page(u64 number) const { return pages_.at(number); }

	/** data - where a pointer leads; one that does not lead into data pages fails */
	std::vector<u8 *> data(u64 pointer, u64 bytes) const;

	/** read_be - a number of the argument */
	u64 read_be(u64 at, unsigned int bytes) const;
	void write_be(u64 at, unsigned int bytes, u64 value) const;

private:
	std::vector<u8 *> pages_;
	u8 *argument_ = nullptr;
	u64 virt_base_ = 0;
};

} // namespace host

#endif
