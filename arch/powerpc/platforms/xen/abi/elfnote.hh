/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notes by which a kernel image tells the builder what it is.
 *
 * The head of a note is three big-endian u32, name size, descriptor size and type; name
 * and descriptor follow, each padded to four bytes (Documentation/xen/abi-ppc.rst,
 * "Domain start").
 */
#ifndef XEN_PPC_ABI_ELFNOTE_HH
#define XEN_PPC_ABI_ELFNOTE_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* The head of a note; sizes without their padding, the name's with its zero. */
struct NoteHead {
	Be<u32> namesz;
	Be<u32> descsz;
	Be<u32> type;
};
static_assert(wire<NoteHead, 12>);
static_assert(offsetof(NoteHead, namesz) == 0 && offsetof(NoteHead, descsz) == 4 &&
	      offsetof(NoteHead, type) == 8);

inline constexpr char note_owner[] = "Xen";

/* Types of notes of owner Xen. */
enum class Note : u32 {
	Info = 0,
	Entry = 1, /* u64 virtual address */
	HypercallPage = 2,
	VirtBase = 3,	  /* u64 virtual address of guest-physical 0 */
	PaddrOffset = 4,  /* u64 subtracted from p_paddr */
	XenVersion = 5,	  /* string */
	GuestOs = 6,	  /* string */
	GuestVersion = 7, /* string */
	Loader = 8,	  /* string */
	PaeMode = 9,	  /* string */
	Features = 10,	  /* string */
	BsdSymtab = 11,
	HvStartLow = 12,
};

inline constexpr char loader_generic[] = "generic";
inline constexpr char guest_os_linux[] = "linux";
inline constexpr char xen_version_3[] = "xen-3.0";

/*
 * The older form: a section of this name with one string "NAME=value,NAME=value".  It is
 * read where an image has no notes.
 */
inline constexpr char guest_section[] = "__xen_guest";

/* The note of our own, which every older parser skips (p2m-rma.rst, "Negotiation"). */
inline constexpr char ppc_note_owner[] = "XenPPC";
inline constexpr u32 ppc_note_modes = 1; /* type; the descriptor is one u32 */
namespace ppc_mode {
inline constexpr u32 translated = 1 << 0;
inline constexpr u32 direct = 1 << 1;
} // namespace ppc_mode

} // namespace xen::ppc

#endif
