/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Comparing a declaration of ours with one of Xen's: what differs is a compile error.
 */
#ifndef XEN_TESTING_ABI_SAME_HH
#define XEN_TESTING_ABI_SAME_HH

#include <cstddef>
#include <utility>

/* Structures: size, and offset and size of each member. */
#define SAME_SIZE(ours, theirs) static_assert(sizeof(ours) == sizeof(theirs))
#define SAME_MEMBER(ours, mine, theirs, its)                                                       \
	static_assert(offsetof(ours, mine) == offsetof(struct theirs, its) &&                      \
		      sizeof(std::declval<ours>().mine) == sizeof(std::declval<theirs>().its))

/* Numbers. */
#define SAME(ours, theirs) static_assert(static_cast<unsigned long>(ours) == (theirs))
#define SAME_SIGNED(ours, theirs) static_assert(static_cast<long>(ours) == (theirs))

#endif
