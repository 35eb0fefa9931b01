/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The OF client interface of dom0 (ABI 2.2): a stub at 32 MB that traps to refhv.
 *
 * The stub is one private hypercall that refhv serves only when it comes from the stub's
 * own address; services, limits and failures are those of the historical firmware.
 */
#ifndef REFHV_FIRMWARE_HH
#define REFHV_FIRMWARE_HH

#include <optional>

#include "dom/domain.hh"

namespace refhv::firmware {

inline constexpr u64 entry = 0x02000000; /* guest-physical: r5 at start */
inline constexpr u64 call_number =
	0xf0f0; /* r3 of the private trap: not a PAPR token, not a Xen call */

void install(Domain &dom);		      /* write stub and header words at 32 MB */
[[nodiscard]] bool is_call(const Vcpu &vcpu); /* the trap just taken came from the stub */
void call(Vcpu &vcpu); /* serve the client call whose block is at r4 (stub moves r3) */

/* An instance's handle: one for each package.  A package is a node's place, from 1, depth first. */
inline constexpr u32 instance = 0x10000;
inline constexpr u32 failed = 0xffffffff;

/* One call, and the services' way to the guest's memory: firmware_services.cc's. */
struct Client {
	static constexpr u32 most_cells = 10; /* of arguments */

	Domain &dom;
	void *fdt;
	char service[32] = {};
	u32 nr_args = 0, nr_returns = 0;
	u32 arg[most_cells] = {};
	int node = 0;			/* what the first argument names */
	std::optional<u32> answer = {}; /* the service's result: none has two */

	bool give(u32 value)
	{
		answer = value;
		return true;
	}
	/* memory - pointer to guest-physical [@at, @at + @bytes), null if that leaves the RMA */
	[[nodiscard]] u8 *memory(u64 at, u64 bytes) const
	{
		return at < dom.rma_bytes && bytes <= dom.rma_bytes - at ? phys(dom.rma + at)
									 : nullptr;
	}
	[[nodiscard]] bool read_cell(u64 at, u32 &value) const;
	/* read_string - false if it has no end within @room bytes */
	[[nodiscard]] bool read_string(u64 at, char *into, u64 room) const;
	[[nodiscard]] bool write(u64 at, const void *data, u64 bytes) const;
};

/* serve - run client.service; false: the call fails */
[[nodiscard]] bool serve(Client &client);
void forget_claims();

} // namespace refhv::firmware

#endif
