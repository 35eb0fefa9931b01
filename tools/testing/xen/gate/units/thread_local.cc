// SPDX-License-Identifier: GPL-2.0
// Thread-local storage.
// expect: thread_local\|section: .tbss\|section: .tdata\|TLS\|__tls_get_addr\|__emutls
extern "C" int *xen_gate_thread() noexcept;

namespace {
thread_local int mine;
} // namespace

int *xen_gate_thread() noexcept
{
	return &mine;
}
