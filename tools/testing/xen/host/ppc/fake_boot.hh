/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What boot.cc would have read from a device tree, to be set by a test.
 *
 * boot() here is weak: a test of boot.cc itself links with the real one.
 */
#ifndef HOST_PPC_FAKE_BOOT_HH
#define HOST_PPC_FAKE_BOOT_HH

#include "boot.hh"

namespace host {

extern xen::ppc::Boot boot_facts;

/** announce - one more feature of the hypervisor */
void announce(xen::ppc::Feature feature);

/** reset_boot - dom0 on a historical hypervisor: no features, its window, 256 MB */
void reset_boot();

} // namespace host

#endif
