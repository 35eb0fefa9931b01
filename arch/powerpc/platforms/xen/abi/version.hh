/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a hypervisor says of itself: the commands of xen_version and their buffers
 * (Documentation/xen/abi-ppc.rst, "Version and features").
 */
#ifndef XEN_PPC_ABI_VERSION_HH
#define XEN_PPC_ABI_VERSION_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* "Version and features": r4 of xen_version. */
enum class XenVersionOp : u32 {
	Version = 0, /* no argument: major << 16 | minor */
	Extraversion = 1,
	CompileInfo = 2,
	Capabilities = 3,
	Changeset = 4,
	PlatformParameters = 5,
	GetFeatures = 6,
	Pagesize = 7, /* no argument: bytes */
	GuestHandle = 8,
	Commandline = 9, /* younger than the ABI: refused */
};

/* Bits of submap 0.  Both modes of a ppc domain are told apart by one of them. */
namespace feature {
inline constexpr unsigned int writable_page_tables = 0;
inline constexpr unsigned int writable_descriptor_tables = 1;
inline constexpr unsigned int auto_translated_physmap = 2;
inline constexpr unsigned int supervisor_mode_kernel = 3;
inline constexpr unsigned int pae_pgdir_above_4gb = 4;
} // namespace feature

inline constexpr u32 nr_submaps = 1;

/* r4 and the end of r5 of vm_assist; type 3 shows as feature::pae_pgdir_above_4gb. */
enum class VmAssistCommand : u32 { Enable = 0, Disable = 1 };
inline constexpr u32 max_vm_assist_type = 3;

/* Text, ended by a zero. */
struct ExtraVersion {
	char text[16];
};
static_assert(wire<ExtraVersion, 16>);

/* Texts, each ended by a zero. */
struct CompileInfo {
	char compiler[64], compile_by[16];
	char compile_domain[32], compile_date[32];
};
static_assert(wire<CompileInfo, 144>);
static_assert(offsetof(CompileInfo, compiler) == 0 && offsetof(CompileInfo, compile_by) == 64 &&
	      offsetof(CompileInfo, compile_domain) == 80 &&
	      offsetof(CompileInfo, compile_date) == 112);

/* Text: the kinds of guest taken, each followed by a blank. */
struct CapabilitiesInfo {
	char text[1024];
};
static_assert(wire<CapabilitiesInfo, 1024>);

/* Text, ended by a zero. */
struct ChangesetInfo {
	char text[64];
};
static_assert(wire<ChangesetInfo, 64>);

/* XenVersionOp::PlatformParameters */
struct PlatformParameters {
	Be<u64> virt_start; /* always 0 */
};
static_assert(wire<PlatformParameters, 8>);

/* XenVersionOp::GetFeatures */
struct FeatureInfo {
	Be<u32> submap_idx;
	Be<u32> submap; /* out; bits of feature:: */
};
static_assert(wire<FeatureInfo, 8>);
static_assert(offsetof(FeatureInfo, submap_idx) == 0 && offsetof(FeatureInfo, submap) == 4);

/* The 16 bytes that the builder named the domain by. */
struct DomainHandle {
	u8 bytes[16];
};
static_assert(wire<DomainHandle, 16>);

} // namespace xen::ppc

#endif
