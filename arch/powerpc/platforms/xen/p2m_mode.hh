/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who keeps the p2m, by the hypervisor's own word.
 */
#ifndef ARCH_POWERPC_XEN_P2M_MODE_HH
#define ARCH_POWERPC_XEN_P2M_MODE_HH

namespace xen::ppc {

/**
 * p2m_check_mode - does the hypervisor think of this domain what the tree says?
 *
 * A contradiction is refused, by a message that names both sides.  A hypervisor that does
 * not answer is reported; then the tree is believed.
 *
 * Context: real mode, boot cpu, after p2m_read() and before the first allocation.
 */
void p2m_check_mode() noexcept;

} // namespace xen::ppc

#endif
