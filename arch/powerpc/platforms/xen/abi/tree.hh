/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names in the device tree that concern Xen: the node /xen, its children, its properties.
 *
 * Cells are big-endian; a pair is two u64.  Features are announced here and never below
 * /rtas (Documentation/xen/abi-ppc.rst, "Device tree").
 */
#ifndef XEN_PPC_ABI_TREE_HH
#define XEN_PPC_ABI_TREE_HH

#include "wire.hh"

namespace xen::ppc {

namespace tree {
/* Nodes. */
inline constexpr char node[] = "xen";
inline constexpr char node_path[] = "/xen";
inline constexpr char console[] = "console"; /* children of node */
inline constexpr char store[] = "store";

/* Properties of /xen. */
inline constexpr char reg[] = "reg";			       /* u32 domain, domU: u64, u64 0 */
inline constexpr char version[] = "version";		       /* dom0: string */
inline constexpr char compatible[] = "compatible";	       /* domU: string */
inline constexpr char shared_info[] = "shared-info";	       /* pair: address, bytes */
inline constexpr char reserved[] = "reserved";		       /* pairs: address, bytes */
inline constexpr char privileged[] = "privileged";	       /* empty */
inline constexpr char initdomain[] = "initdomain";	       /* empty */
inline constexpr char power_control[] = "power-control";       /* empty */
inline constexpr char foreign_map[] = "foreign-map";	       /* pair: log2 first frame, pages */
inline constexpr char p2m_table[] = "p2m-table";	       /* pair: address, bytes */
inline constexpr char p2m_format[] = "p2m-format";	       /* u32 version, u32 entry order */
inline constexpr char p2m_entries[] = "p2m-entries";	       /* u64 */
inline constexpr char p2m_contig_order[] = "p2m-contig-order"; /* u32 log2 pages */
inline constexpr char max_mfn[] = "max-mfn";		       /* u64, exclusive */
inline constexpr char io_hole[] = "io-hole";		       /* pair: first frame, pages */
inline constexpr char mfn_flag[] = "mfn-flag";		       /* u64: a bit of frame numbers */
inline constexpr char features[] = "features";		       /* list of strings */
inline constexpr char start_time[] = "start-time"; /* u64 s since 1970, when built; dom0 */
inline constexpr char interrupts[] = "interrupts"; /* of console, store: a port */

/* Strings of features: what the historical hypervisor did not have. */
inline constexpr char feature_multicall[] = "multicall";
inline constexpr char feature_bulk_remove[] = "bulk-remove";
inline constexpr char feature_atomic_hpt[] = "atomic-hpt"; /* no race in H_ENTER, H_PROTECT */
inline constexpr char feature_pp0_kept[] = "pp0-kept";	   /* kernel read-only pages work */
inline constexpr char feature_xencomm_area[] = "xencomm-area";
inline constexpr char feature_xencomm_area_multi[] = "xencomm-area-multi";

/* What the builders write into compatible, and the start of version. */
inline constexpr char compatible_prefix[] = "Xen-3.0";
inline constexpr char version_prefix[] = "Xen-";
} // namespace tree

} // namespace xen::ppc

#endif
