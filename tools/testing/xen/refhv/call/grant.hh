/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Grant tables: a domain's own (4 frames of 512 entries) and what it has mapped of others.
 *
 * Invariants: an active mapping holds one reference on its frame and one pin on its entry.
 * GTF_reading stands in an entry exactly while it has pins, GTF_writing while it has
 * writable ones.  The entry lies in memory that its owner writes at any time: flags and
 * domain are one atomic word, the frame is read once, after the flags say it is used.
 */
#ifndef REFHV_GRANT_HH
#define REFHV_GRANT_HH

#include <abi/grant.hh>

#include "base/types.hh"
#include "mm/xencomm.hh"

namespace refhv {

struct Domain;

using xen::ppc::nr_grant_frames;
using xen::ppc::nr_grants;
inline constexpr u32 nr_mappings = 512; /* maptrack */

struct Mapping {
	u64 host_addr; /* window address (direct: cookie) it was mapped by; meaningful if active */
	u32 ref;
	DomId granter;
	bool active, read_only, host, device;
	Mfn frame;
};

struct Grants {
	Mfn frames; /* nr_grant_frames contiguous frames, type Shared */
	u16 readers[nr_grants], writers[nr_grants]; /* active pins by others on each own entry */
	Mapping mapping[nr_mappings];
};

namespace grant {

[[nodiscard]] s64 init(Domain &dom); /* 0 or -ENOMEM */

/* window_mapping - @dom's active host mapping at window slot @slot, or null (translated mode) */
[[nodiscard]] const Mapping *window_mapping(const Domain &dom, u32 slot);
/* mapping_of - @dom's active mapping of @frame, if @write one that allows writing; null: none */
[[nodiscard]] const Mapping *mapping_of(const Domain &dom, Mfn frame, bool write);

/* pin - use entry @ref of @granter, which must name @user, if @write for writing: its @frame */
[[nodiscard]] xen::ppc::GrantStatus pin(Domain &granter, u32 ref, const Domain &user, bool write,
					Mfn &frame);
void unpin(Domain &granter, u32 ref, bool write); /* the end of a successful pin */

[[nodiscard]] xen::ppc::GrantStatus copy(Memory &mem, xen::ppc::GrantCopy &op);

} // namespace grant

} // namespace refhv

#endif
