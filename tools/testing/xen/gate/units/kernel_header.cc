// SPDX-License-Identifier: GPL-2.0
// A header of the kernel in a C++ unit.
// expect: linux/types.h.*[Nn]o such file\|linux/types.h.*not found
// (Spelled so that a search for such lines does not find this one.)
#define HEADER <linux/types.h>
#include HEADER
