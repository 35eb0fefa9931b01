/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A cpu for the units: a PACA behind xen_local_paca, MSR, and hypercalls.
 *
 * Each thread is a cpu with a PACA of its own, once it has said be_a_cpu().
 * Hypercalls go to the hypervisor that the test has put up; without one they fail the
 * test and answer H_Hardware, which no unit may take for success.
 */
#ifndef HOST_PPC_FAKE_PACA_HH
#define HOST_PPC_FAKE_PACA_HH

#include <cstring>

#include "paca.hh"

namespace host {

using xen::ppc::s64;
using xen::ppc::u64;
using xen::ppc::u8;

/* What stands behind `sc 1`: r3 to r11 on entry, and what they hold afterwards. */
class Hypervisor {
public:
	virtual ~Hypervisor();
	virtual void trap(u64 *r) = 0;
};

/* Where hypercalls go; several threads may be in them at once. */
extern Hypervisor *hypervisor;

/* How many hypercalls were made since the last reset_cpu(). */
[[nodiscard]] unsigned long traps();

/** be_a_cpu - a new PACA for this thread: translated mode, interrupts on, nothing pending */
void be_a_cpu();

/** reset_cpu - the same, and no hypervisor and no traps counted; for a test's start */
void reset_cpu();

/** paca_get, paca_set - a field of the PACA, by its offset in layout.h */
template <class T> [[nodiscard]] T paca_get(unsigned int offset)
{
	T value;

	std::memcpy(&value, xen_local_paca + offset, sizeof value);
	return value;
}
template <class T> void paca_set(unsigned int offset, T value)
{
	std::memcpy(xen_local_paca + offset, &value, sizeof value);
}

} // namespace host

#endif
