/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The probe's side of event channels: calls on ports, and the bits of shared_info.
 *
 * Ports are closed by whoever opened them.  The argument lies on the caller's stack: in
 * the real-mode area, like every stack of the runtime.
 */
#ifndef PROBE_EVENTS_HH
#define PROBE_EVENTS_HH

#include <abi/evtchn.hh>

#include "probe/view.hh"

namespace probe::ev {

using abi::EvtchnOp;

template <class T> s64 op(EvtchnOp op, T &argument)
{
	return xen_call(XenCall::EventChannelOp, static_cast<u64>(op), inline_handle(&argument));
}

/* Those that open a port: @port is its number, or what a failed call left there. */
inline s64 alloc(u16 dom, u16 remote, u32 &port)
{
	abi::EvtchnAllocUnbound a{};

	a.dom.store(dom);
	a.remote_dom.store(remote);
	const s64 result = op(EvtchnOp::AllocUnbound, a);
	port = a.port.load();
	return result;
}
inline s64 bind_interdomain(u16 dom, u32 remote, u32 &port)
{
	abi::EvtchnBindInterdomain a{};

	a.remote_dom.store(dom);
	a.remote_port.store(remote);
	const s64 result = op(EvtchnOp::BindInterdomain, a);
	port = a.local_port.load();
	return result;
}
inline s64 bind_virq(u32 virq, u32 vcpu, u32 &port)
{
	abi::EvtchnBindVirq a{};

	a.virq.store(virq);
	a.vcpu.store(vcpu);
	const s64 result = op(EvtchnOp::BindVirq, a);
	port = a.port.load();
	return result;
}
inline s64 bind_ipi(u32 vcpu, u32 &port)
{
	abi::EvtchnBindIpi a{};

	a.vcpu.store(vcpu);
	const s64 result = op(EvtchnOp::BindIpi, a);
	port = a.port.load();
	return result;
}

/* Those that only name one. */
inline s64 on_port(EvtchnOp what, u32 port)
{
	Be<u32> a{port};

	return op(what, a);
}
inline s64 close(u32 port)
{
	return on_port(EvtchnOp::Close, port);
}
inline s64 send(u32 port)
{
	return on_port(EvtchnOp::Send, port);
}
inline s64 bind_vcpu(u32 port, u32 vcpu)
{
	abi::EvtchnBindVcpu a{};

	a.port.store(port);
	a.vcpu.store(vcpu);
	return op(EvtchnOp::BindVcpu, a);
}

/* shared_info as this vcpu sees it; volatile words, atomically changed */
inline volatile u64 &word(volatile Be<u64> &of)
{
	return reinterpret_cast<volatile u64 &>(of);
}
inline bool pending(u32 port)
{
	return word(shared_info().evtchn_pending[port / 64]) >> port % 64 & 1;
}
inline void clear(u32 port)
{
	__atomic_and_fetch(&word(shared_info().evtchn_pending[port / 64]), ~(u64{1} << port % 64),
			   __ATOMIC_SEQ_CST);
}
inline void mask(u32 port, bool on)
{
	volatile u64 &w = word(shared_info().evtchn_mask[port / 64]);

	if (on)
		__atomic_or_fetch(&w, u64{1} << port % 64, __ATOMIC_SEQ_CST);
	else
		__atomic_and_fetch(&w, ~(u64{1} << port % 64), __ATOMIC_SEQ_CST);
}
inline volatile abi::VcpuInfo &info(u32 vcpu = 0)
{
	return shared_info().vcpu_info[vcpu];
}
inline u64 selector(u32 vcpu = 0)
{
	return word(info(vcpu).evtchn_pending_sel);
}
/* quiet - no event is pending, for vcpu @vcpu */
inline void quiet(u32 vcpu = 0)
{
	scan_events(vcpu);
	word(info(vcpu).evtchn_pending_sel) = 0;
	info(vcpu).evtchn_upcall_pending = 0;
}

} // namespace probe::ev

#endif
