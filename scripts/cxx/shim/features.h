/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libstdc++'s <bits/os_defines.h> asks the C library for its features.  A
 * freestanding unit has no C library: this answers for it.
 */
#ifndef XEN_CXX_SHIM_FEATURES_H
#define XEN_CXX_SHIM_FEATURES_H

#define __GLIBC_PREREQ(major, minor) 0

#endif
