/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one place where a machine address becomes a pointer.
 *
 * refhv runs in real mode, so that on the machine it is the same number; host tests give
 * machine memory a base.  A caller has validated the address: nothing is checked here.
 */
#ifndef REFHV_PHYS_HH
#define REFHV_PHYS_HH

#include "base/types.hh"

namespace refhv {

#ifdef REFHV_HOST
extern u8 *host_ram; /* machine address 0 of the test's machine */
extern u64 host_ram_bytes;
[[nodiscard]] u8 *host_pointer(u64 address); /* aborts the test outside of host_ram */
#endif

/* phys - machine address @at as a pointer to T */
template <class T = u8> [[nodiscard]] inline T *phys(MachAddr at)
{
#ifdef REFHV_HOST
	return reinterpret_cast<T *>(host_pointer(at.raw()));
#else
	return reinterpret_cast<T *>(at.raw());
#endif
}

/* phys - first byte of machine frame @frame */
template <class T = u8> [[nodiscard]] inline T *phys(Mfn frame)
{
	return phys<T>(MachAddr{frame.raw() << page_shift});
}

} // namespace refhv

#endif
