#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Init of the domU: runs what /parameters asks for (MODE workload, kunit, shell)
# and powers off.  The disk is /dev/xvda, the network eth0 (10.0.0.2).
# A step that /parameters names in BREAK is made to fail, so that the harness
# can be seen to notice.

. /guest/lib.sh

disk_read()
{
	pattern check /dev/xvda 0 "$DISK_BLOCKS" "$DOM0_SEED" && echo "blocks=$DISK_BLOCKS"
}

disk_write()
{
	pattern write /dev/xvda "$DISK_BLOCKS" "$DISK_BLOCKS" "$DOMU_SEED" &&
		pattern check /dev/xvda "$DISK_BLOCKS" "$DISK_BLOCKS" "$DOMU_SEED" &&
		echo "blocks=$DISK_BLOCKS"
}

# How many echo requests this guest was sent, from the kernel's own statistics.
echo_requests()
{
	awk '/^Icmp:/ { if (!column) { for (i = 1; i <= NF; i++) if ($i == "InEchos") column = i }
			else print $column }' /proc/net/snmp
}

# Ping dom0, then wait until dom0 has pinged us.
network()
{
	local tries=0
	ip addr add 10.0.0.2/24 dev eth0 && ip link set eth0 up || return 1
	until ping -c 1 -W 1 10.0.0.1 >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 20 ] || { echo "no answer from dom0"; return 1; }
	done
	ping -c 3 -i 0.1 -W 5 -s 1400 10.0.0.1 >/tmp/ping || { tail -n 2 /tmp/ping; return 1; }
	tries=0
	until [ "$(echo_requests)" -ge 3 ]; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { echo "dom0 never pinged us"; return 1; }
		sleep 0.1
	done
	echo "replies=3 requests=$(echo_requests)"
}

userspace domu-userspace
case $MODE in
workload)
	note "STAGE workload"
	case $BREAK in
	processes) rm /bin/workload ;;
	disk-read) DOM0_SEED=0 ;;
	crash) echo c >/proc/sysrq-trigger ;;
	warning) echo "WARNING: CPU: 0 PID: 1 at nowhere" >/dev/kmsg ;;
	hang) while :; do sleep 1; done ;;
	segfault) sh -c 'kill -SEGV $$' ; note "traps: sh[1] general protection fault ip:0 sp:0" ;;
	esac
	console_lines
	workload_steps
	attempt disk-read disk_read
	attempt disk-write disk_write
	[ "$BREAK" = net ] || attempt net network
	attempt tracepoints tracepoints
	counters
	attempt dmesg clean_dmesg
	;;
kunit)
	note "STAGE workload"
	kunit_modules
	counters
	;;
shell)
	NAME=domU shell_here "domU $(uname -r): 'poweroff -f' ends, Ctrl-] leaves for dom0, Ctrl-A x kills QEMU."
	;;
esac
off
