#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Init of dom0: starts Debian's Xen tools, creates the domU of /domu/config,
# serves it a disk and a network, and powers off when it is gone.
#
# The domU's console goes from xenconsoled straight to the second serial port,
# so that it reaches the harness whatever happens here afterwards.

. /guest/lib.sh

LOG=/var/log/xen/console/guest-d1.log
DISK=/tmp/disk.img
CONSOLE=/dev/ttyS1

wait_for_xenstored()
{
	local tries=0
	until xenstore-read / >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { note "RESULT xen-tools FAIL xenstored does not answer"; off; }
		usleep 50000
	done
}

xen_tools()
{
	mount -t xenfs xenfs /proc/xen
	mkdir -p /run/xen /run/xenstored
	[ -c $CONSOLE ] && stty -F $CONSOLE 115200 raw -echo clocal ||
		{ note "RESULT xen-tools FAIL no $CONSOLE for the console of the domU"; off; }
	ln -s $CONSOLE $LOG
	xenstored --pid-file /run/xenstored.pid --priv-domid 0
	wait_for_xenstored
	xen-init-dom0 || note "RESULT xen-tools FAIL xen-init-dom0"
	xenconsoled --log=guest --timestamp=none --pid-file=/run/xenconsoled.pid
	note "STAGE xen-tools"
}

disk()
{
	truncate -s $((2 * DISK_BLOCKS * 4096)) $DISK
	attempt disk-seed pattern write $DISK 0 "$DISK_BLOCKS" "$DOM0_SEED"
	losetup /dev/loop0 $DISK || note "RESULT disk-seed FAIL losetup"
}

# What the domU wrote is there, and what it was not to touch is as it was.
disk_verify()
{
	sync
	pattern check $DISK 0 "$DISK_BLOCKS" "$DOM0_SEED" &&
		pattern check $DISK "$DISK_BLOCKS" "$DISK_BLOCKS" "$DOMU_SEED" &&
		echo "blocks=$((2 * DISK_BLOCKS))"
}

bridge()
{
	brctl addbr xenbr0
	ip addr add 10.0.0.1/24 dev xenbr0
	ip link set xenbr0 up
}

# Ping the domU until it answered, then three times more.
ping_domu()
{
	local tries=0
	until ping -c 1 -W 1 10.0.0.2 >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { echo "no answer from the domU"; return 1; }
		[ -e /tmp/domu-gone ] && { echo "the domU went without an answer"; return 1; }
	done
	ping -c 3 -i 0.1 -W 5 -s 1400 10.0.0.2 >/tmp/ping && echo "replies=3" || tail -n 2 /tmp/ping
}

# Create the domU and stay until it is gone; its end is judged by Xen's reason.
domu()
{
	xl create -F /domu/config 2>&1 | while read -r line; do
		note "xl: $line"
		echo "$line" >>/tmp/xl.log
	done
	touch /tmp/domu-gone
	note "STAGE domu-gone"
	if grep -q 'reason code 0 ' /tmp/xl.log; then
		note "RESULT domu-end ok reason=0"
	else
		note "RESULT domu-end FAIL" $(grep -m 1 'reason code' /tmp/xl.log || tail -n 1 /tmp/xl.log)
	fi
}

# Whether the domU is there and neither shut down nor dying.
domu_lives()
{
	xl list d1 2>/dev/null | awk 'NR == 2 { lives = $5 !~ /[sd]/ } END { exit !lives }'
}

cycle()
{
	disk
	bridge
	[ "$PING" = yes ] && { attempt net ping_domu & }
	[ "$DOM0_WORKLOAD" = yes ] && { workload_steps & }
	domu
	wait
	[ "$PING" = yes ] && attempt disk-verify disk_verify
	[ "$DOM0_WORKLOAD" = yes ] && {
		attempt tracepoints tracepoints
		counters
	}
	attempt dmesg clean_dmesg
}

userspace dom0-userspace
xen_tools
case $MODE in
cycle)
	cycle
	;;
xencomm)
	. /guest/xencomm.sh
	xencomm_answers
	;;
shell-domu)
	disk
	bridge
	xl create -c /domu/config
	if domu_lives; then
		NAME=dom0 shell_here "dom0: 'xl console d1' goes back to the domU, 'poweroff -f' ends, Ctrl-A x kills QEMU."
	fi
	;;
shell-dom0)
	disk
	bridge
	NAME=dom0 shell_here "dom0 $(uname -r): 'xl create -c /domu/config' starts a domU, 'poweroff -f' ends, Ctrl-A x kills QEMU."
	;;
esac
off
