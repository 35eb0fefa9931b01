#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Init of a kernel without Xen below it: loads the KUnit modules, powers off.

. /guest/lib.sh

userspace userspace
note "STAGE workload"
kunit_modules
off
