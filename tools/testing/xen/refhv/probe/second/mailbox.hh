/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page by which the second domain and dom0's facts talk: what is shared, what may be
 * asked, what an unprivileged domain was told.
 *
 * It lies at a guest-physical address that both know; dom0 finds its machine frame by
 * getmemlist.  The second domain owns every word but command and argument; a word is
 * read again only after an event.
 */
#ifndef PROBE_MAILBOX_HH
#define PROBE_MAILBOX_HH

#include "probe/guest.hh"

namespace probe::second {

inline constexpr u64 mailbox_pfn = 0x1000; /* 16 MB: in the RMA, above the image and its tree */
inline constexpr u64 magic = 0x5365636f6e642100; /* "Second!" */
inline constexpr u64 pattern_rw = 0x7277727772777277, pattern_ro = 0x726f726f726f726f;
inline constexpr u32 ref_rw = 8, ref_ro = 9, ref_other = 10; /* ref_other is for domain 2 only */

enum class Command : u64 {
	Nothing,
	Invert,	  /* answer: the argument inverted */
	Look,	  /* answer: word 1 of the read-write page */
	Flags,	  /* answer: flags of both grants, read-write one above */
	Withdraw, /* both grants end; answer: flags that were still set */
	Stop,	  /* the domain powers off */
};

/* What an unprivileged domain is refused, and how: one row for each in results. */
inline constexpr const char *trial_names[] = {
	"console_write",
	"sysctl",
	"domctl",
	"grant_map",
	"grant_unmap",
	"grant_setup_of_dom0",
	"grant_query_of_dom0",
	"enter_io",
	"enter_machine_frame",
	"enter_window",
	"enter_own_shared_info",
	"status_of_dom0",
	"alloc_for_dom0",
	"reset_of_dom0",
	"reservation_of_dom0",
	"translate_of_dom0",
	"decrease_of_dom0",
	"populate_order_1",
	"remote_shutdown",
	"bind_pirq",
	"apic_read",
	"alloc_irq_vector",
	"rtas",
	"nmi",
	"bind_virq_console",
	"put_tce_machine_frame",
	"own_reservation",
	"copy_frame_of_dom0",
};
inline constexpr u32 nr_trials = sizeof(trial_names) / sizeof(trial_names[0]);

struct Mailbox {
	u64 magic; /* last of all at the start */
	u64 domid;
	u64 port;
	u64 pfn_rw, pfn_ro;
	u64 entry_r3, entry_msr, entry_r5;
	u64 command, argument; /* dom0's */
	u64 answer;
	u64 answered; /* commands, so far */
	u64 result[nr_trials];
};
static_assert(sizeof(Mailbox) <= page_bytes);

} // namespace probe::second

#endif
