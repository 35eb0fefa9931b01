/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_WINDOW_SPLICE_H
#define WORKLOAD_WINDOW_SPLICE_H

/* The page at @at: whole in the file, or EFAULT if it is not @there for the kernel. */
void spliced(const unsigned char *at, int there);

#endif
