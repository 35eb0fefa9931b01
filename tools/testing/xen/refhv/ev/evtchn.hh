/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event channels of a domain, and how an event gets to a vcpu (ABI 5).
 *
 * raise() sets the channel bit, then the selector bit, then the upcall byte, each once:
 * a bit that is already set or a masked channel ends the chain.  Delivery is upcall.cc's.
 *
 * Invariants, under the hypervisor lock: both ends of an interdomain channel name each
 * other; port 0 is reserved; a virq_port or pirq_port names a port of the same domain in
 * the fitting state.
 */
#ifndef REFHV_EVTCHN_HH
#define REFHV_EVTCHN_HH

#include <abi/evtchn.hh>
#include <abi/shared_info.hh>

#include "base/types.hh"
#include "mm/xencomm.hh"

namespace refhv {

struct Domain;
struct Vcpu;

enum class PortState : u8 { Free, Reserved, Unbound, Interdomain, Pirq, Virq, Ipi };

struct Channel {
	PortState state;
	u8 vcpu;	 /* notified vcpu of this domain */
	DomId remote;	 /* Unbound: who may bind; Interdomain: peer */
	u16 remote_port; /* Interdomain: peer's port; Pirq, Virq: its number */
};

inline constexpr u32 nr_ports = xen::ppc::nr_ports;
inline constexpr u32 nr_virqs = xen::ppc::nr_virqs;
inline constexpr u32 nr_pirqs = xen::ppc::nr_pirqs;
inline constexpr u32 virq_debug = u32(xen::ppc::Virq::Debug);
inline constexpr u32 virq_console = u32(xen::ppc::Virq::Console);
inline constexpr u16 domid_self = 0x7ff0; /* in an argument: the caller */

struct Events {
	Channel channel[nr_ports];
	u16 pirq_port[nr_pirqs]; /* port bound to a physical interrupt, 0: none */
};

namespace evtchn {

void init(Domain &dom); /* no channels; ticker and accounting of all its vcpus start anew */
/* op - event_channel_op; 0 or -errno (ABI 5.2) */
[[nodiscard]] s64 op(Memory &mem, Vcpu &caller, u32 command, u64 arg);
/* close - end the channel of @port; 0 or -EINVAL.  A peer's end becomes unbound. */
[[nodiscard]] s64 close(Domain &dom, u32 port);
void close_all(Domain &dom);			     /* reset, and the end of a domain */
void raise(Domain &dom, Port port);		     /* make @port pending and notify its vcpu */
void raise_virq(Domain &dom, u32 virq, VcpuId vcpu); /* if bound; @vcpu: per-vcpu VIRQs only */
void raise_pirq(u32 pirq);			     /* to the domain that bound it, if any */
void unmask(Domain &dom, Port port);		     /* clear the mask bit; notify if pending */
[[nodiscard]] bool pending(const Domain &dom, Port port);
[[nodiscard]] bool is_global(u32 virq);
/* virq_port - where the port of @virq (below nr_virqs) is kept; a global one's is vcpu 0's */
[[nodiscard]] u64 &virq_port(Domain &dom, u32 virq, u32 vcpu);

} // namespace evtchn

} // namespace refhv

#endif
