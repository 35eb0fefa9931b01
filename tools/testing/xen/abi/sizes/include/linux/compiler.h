/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel's headers lose when they are installed for programs. */
#define __user
