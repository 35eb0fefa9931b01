/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building domains before the first guest instruction.
 *
 * plan_domain() decides all numbers and touches nothing; build_domain() does what the
 * plan says.
 */
#ifndef REFHV_BUILD_HH
#define REFHV_BUILD_HH

#include "dom/domain.hh"
#include "dom/elf.hh"

namespace refhv {

/* A range of machine memory that holds an image. */
struct Blob {
	MachAddr at;
	u64 bytes; /* 0: none */
};

struct BuildRequest {
	DomId id;
	Blob kernel, initrd;
	const char *command_line;
	u64 mem_mb, rma_mb;
	u32 first_cpu, vcpus;
	bool privileged;
	Mode mode;
	Start start;
};

/* Where everything lies: guest-physical addresses and bytes. */
struct Plan {
	bool direct;
	u64 rma_bytes, mem_bytes; /* the latter with the former, without any hole */
	u64 pfns;		  /* highest pfn + 1 */
	u32 hpt_log2;
	u64 initrd;		/* 0: none */
	u64 table, table_bytes; /* direct: the guest's p2m */
	const char *note;	/* what the request did not get, or null */
};

/* The tree of a flat start, guest-physical. */
inline constexpr u64 flat_tree = 0x02100000, tree_room = 0x20000;

/* plan_domain - null, or why there can be no such domain (one clause) */
[[nodiscard]] const char *plan_domain(const BuildRequest &request, const Image &image, Plan &plan);

/* extent_pfn - first pfn of 16 MB extent @i above the RMA: direct mode leaves 2 to 4 GB out */
[[nodiscard]] constexpr u64 extent_pfn(const Plan &plan, u64 i)
{
	const u64 pfn = (plan.rma_bytes >> page_shift) + i * large_pages;

	return plan.direct && pfn >= io_hole_first ? pfn + io_hole_pages : pfn;
}

/* build_domain - null, or why it cannot be started (one clause); nothing runs yet */
[[nodiscard]] const char *build_domain(const BuildRequest &request);

} // namespace refhv

#endif
