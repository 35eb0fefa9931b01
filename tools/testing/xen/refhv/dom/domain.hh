/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A domain and its vcpus: the state that all units share, each part owned by its unit.
 *
 * Domains and vcpus live in one static array and are never moved; vcpu v of a domain is
 * pinned to core first_cpu + v for good, so that no context is ever switched.
 */
#ifndef REFHV_DOMAIN_HH
#define REFHV_DOMAIN_HH

#include <abi/shared_info.hh>

#include "base/options.hh"
#include "base/phys.hh"
#include "base/types.hh"
#include "call/grant.hh"
#include "ev/evtchn.hh"
#include "ev/time.hh"
#include "machine/regs.hh"
#include "mm/hpt.hh"
#include "mm/p2m.hh"
#include "mm/tce.hh"

namespace refhv {

struct Domain;

enum class Poll : u8 { No, Waiting };

struct Vcpu {
	Regs regs; /* first: start.S finds a core's registers by HSPRG0 */
	Domain *dom;
	VcpuId id;
	u32 cpu;
	bool initialised; /* has a context */
	bool online;	  /* VCPUOP_up */
	bool blocked;	  /* SCHEDOP_block or poll */
	bool entered;	  /* its core has entered it once */
	Poll poll;
	u16 poll_count;
	u16 poll_port[128];
	u64 poll_deadline; /* Xen ns, 0: none */
	bool dec_saved;	   /* dec holds the guest's DEC while refhv runs */
	s64 dec;
	Timer timer;
	u64 virq_port[nr_virqs]; /* ports of its per-vcpu VIRQs, 0: none */
	u64 calls[64];		 /* Xen calls by number */
	u64 papr_calls[0x1d8 / 4];
	u64 waited;   /* events whose delivery had to wait for HDEC or the ticker */
	bool waiting; /* one is waiting now */
	u64 state_ns[4], state_since; /* runstate: running, runnable, blocked, offline; Xen ns */
	u32 state;
	s64 pteg; /* race=hpt: PTEG in which this vcpu is at work, -1: none */
};

struct Domain {
	DomId id;
	bool present, privileged, direct, shut_down;
	u8 shutdown_reason;
	u32 first_cpu, nr_vcpus;
	Vcpu vcpu[max_vcpus];
	MachAddr rma;
	u64 rma_bytes;
	MachAddr shared_info_at; /* in the RMA's last page */
	u64 tot_pages, max_pages;
	P2m p2m;
	Hpt hpt;
	Tce tce;
	Events events;
	Grants grants;
	MachAddr tree; /* flat tree served by the OF client interface; 0: none */
};

extern constinit Domain domains[max_domains];

[[nodiscard]] Domain *find_domain(DomId id); /* null: none present with that number */
[[nodiscard]] Domain *
target_domain(Domain &caller, DomId id); /* DOMID_SELF or privileged about others; null else */
[[nodiscard]] inline xen::ppc::SharedInfo *shared_info(const Domain &dom)
{
	return phys<xen::ppc::SharedInfo>(dom.shared_info_at);
}
/* shut_down - @dom stops for good: reason as in sched.h; dom0's end is the machine's */
void shut_down(Domain &dom, u8 reason);
/* crash - @dom did what cannot be answered: one line, then shut_down(crash) */
void crash(Domain &dom, const char *why, u64 value);
/* check_reserved - look at the words of @dom's shared_info that nobody may write (V23) */
void check_reserved(Domain &dom);

/*
 * Option canary: memory that no guest has business with carries a pattern from before the
 * first guest instruction, and must still carry it at the end.
 */
namespace canary {

/* plant - fill every free frame, and what the builder left empty of unprivileged domains */
void plant();
/*
 * verify - look at what is left of it and recount all references; prints one line
 *
 * Return: false if a frame was written to or a count is wrong.  True without the option.
 */
[[nodiscard]] bool verify();

} // namespace canary

} // namespace refhv

#endif
