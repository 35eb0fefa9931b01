/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event channels: the operations of event_channel_op and what they take.
 *
 * A structure is written back, whole, only after success and only where it has something
 * to say (Documentation/xen/abi-ppc.rst, "Events").
 */
#ifndef XEN_PPC_ABI_EVTCHN_HH
#define XEN_PPC_ABI_EVTCHN_HH

#include <cstddef>

#include "wire.hh"

namespace xen::ppc {

/* "Events": r4 of event_channel_op. */
enum class EvtchnOp : u32 {
	BindInterdomain = 0,
	BindVirq = 1,
	BindPirq = 2,
	Close = 3,
	Send = 4,
	Status = 5,
	AllocUnbound = 6,
	BindIpi = 7,
	BindVcpu = 8,
	Unmask = 9,
	Reset = 10,
};

/* "Events": virtual interrupts; Timer, Debug and Xenoprof are each vcpu's own. */
enum class Virq : u32 {
	Timer = 0, /* never raised on ppc */
	Debug = 1,
	Console = 2, /* bytes wait for console_io */
	DomExc = 3,  /* a domain stopped */
	Tbuf = 4,
	Debugger = 6,
	Xenoprof = 7,
	ConRing = 8,
	Arch0 = 16, /* Arch0 to Arch0 + 7 */
};

inline constexpr u32 nr_virqs = 24;
inline constexpr u32 nr_pirqs = 256;

/* "Events": what a port is. */
enum class EvtchnState : u32 {
	Closed = 0,
	Unbound = 1,
	Interdomain = 2,
	Pirq = 3,
	Virq = 4,
	Ipi = 5,
};

/* A port of dom that remote_dom may bind to. */
struct EvtchnAllocUnbound {
	Be<u16> dom;
	Be<u16> remote_dom;
	Be<u32> port; /* out */
};
static_assert(wire<EvtchnAllocUnbound, 8>);
static_assert(offsetof(EvtchnAllocUnbound, dom) == 0 &&
	      offsetof(EvtchnAllocUnbound, remote_dom) == 2 &&
	      offsetof(EvtchnAllocUnbound, port) == 4);

/* The other end of remote_port. */
struct EvtchnBindInterdomain {
	Be<u16> remote_dom;
	Be<u16> pad;
	Be<u32> remote_port;
	Be<u32> local_port; /* out; already pending once */
};
static_assert(wire<EvtchnBindInterdomain, 12>);
static_assert(offsetof(EvtchnBindInterdomain, remote_dom) == 0 &&
	      offsetof(EvtchnBindInterdomain, remote_port) == 4 &&
	      offsetof(EvtchnBindInterdomain, local_port) == 8);

/* A port for a virtual interrupt. */
struct EvtchnBindVirq {
	Be<u32> virq; /* Virq */
	Be<u32> vcpu;
	Be<u32> port; /* out */
};
static_assert(wire<EvtchnBindVirq, 12>);
static_assert(offsetof(EvtchnBindVirq, virq) == 0 && offsetof(EvtchnBindVirq, vcpu) == 4 &&
	      offsetof(EvtchnBindVirq, port) == 8);

inline constexpr u32 bind_pirq_will_share = 1;

/* A port for a physical interrupt. */
struct EvtchnBindPirq {
	Be<u32> pirq;
	Be<u32> flags;
	Be<u32> port; /* out */
};
static_assert(wire<EvtchnBindPirq, 12>);
static_assert(offsetof(EvtchnBindPirq, pirq) == 0 && offsetof(EvtchnBindPirq, flags) == 4 &&
	      offsetof(EvtchnBindPirq, port) == 8);

/* A port by which vcpus of one domain signal one of them. */
struct EvtchnBindIpi {
	Be<u32> vcpu;
	Be<u32> port; /* out */
};
static_assert(wire<EvtchnBindIpi, 8>);
static_assert(offsetof(EvtchnBindIpi, vcpu) == 0 && offsetof(EvtchnBindIpi, port) == 4);

/* EvtchnOp::Close */
struct EvtchnClose {
	Be<u32> port;
};
static_assert(wire<EvtchnClose, 4>);

/* EvtchnOp::Send */
struct EvtchnSend {
	Be<u32> port;
};
static_assert(wire<EvtchnSend, 4>);

/* Whom an unbound or interdomain port of EvtchnStatus talks to. */
struct EvtchnPeer {
	Be<u16> dom;
	Be<u16> pad;
	Be<u32> port; /* interdomain only */
};
static_assert(wire<EvtchnPeer, 8>);
static_assert(offsetof(EvtchnPeer, dom) == 0 && offsetof(EvtchnPeer, port) == 4);

/* What raises a port of EvtchnStatus. */
struct EvtchnSource {
	Be<u32> number; /* pirq or virq */
	Be<u32> pad;
};
static_assert(wire<EvtchnSource, 8>);

/* EvtchnOp::Status: the state decides which member of u means anything. */
struct EvtchnStatus {
	Be<u16> dom;
	Be<u16> pad;
	Be<u32> port;
	Be<u32> status; /* out; EvtchnState */
	Be<u32> vcpu;	/* out; the one notified */
	union {
		EvtchnPeer peer;
		EvtchnSource source;
	} u; /* out */
};
static_assert(wire<EvtchnStatus, 24>);
static_assert(offsetof(EvtchnStatus, dom) == 0 && offsetof(EvtchnStatus, port) == 4 &&
	      offsetof(EvtchnStatus, status) == 8 && offsetof(EvtchnStatus, vcpu) == 12 &&
	      offsetof(EvtchnStatus, u) == 16);

/* The vcpu that a port notifies from now on. */
struct EvtchnBindVcpu {
	Be<u32> port;
	Be<u32> vcpu;
};
static_assert(wire<EvtchnBindVcpu, 8>);
static_assert(offsetof(EvtchnBindVcpu, port) == 0 && offsetof(EvtchnBindVcpu, vcpu) == 4);

/* EvtchnOp::Unmask */
struct EvtchnUnmask {
	Be<u32> port;
};
static_assert(wire<EvtchnUnmask, 4>);

/* EvtchnOp::Reset: close every port of a domain. */
struct EvtchnReset {
	Be<u16> dom;
};
static_assert(wire<EvtchnReset, 2>);

} // namespace xen::ppc

#endif
