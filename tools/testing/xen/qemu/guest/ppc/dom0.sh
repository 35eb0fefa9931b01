#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Init of a dom0 on Xen/PPC.  What it is to do stands on the kernel's command line:
#
#	xentest.mode=workload|quick|shell	quick leaves the long steps out
#	xentest.end=poweroff|reboot|panic	how it ends
#	xentest.now=SECONDS			the time of day, for the clock to be compared with
#	xentest.keys=N				lines that are typed at the console meanwhile

. /guest/lib.sh

MODE=workload END=poweroff NOW=0 KEYS=0
ALPHABET=abcdefghijklmnopqrstuvwxyz-0123456789

read_command_line()
{
	local word
	for word in $(cat /proc/cmdline); do
		case $word in
		xentest.mode=*)	MODE=${word#*=} ;;
		xentest.end=*)	END=${word#*=} ;;
		xentest.now=*)	NOW=${word#*=} ;;
		xentest.keys=*)	KEYS=${word#*=} ;;
		esac
	done
}

# What the kernel says it runs on.
on_xen()
{
	local type
	type=$(cat /sys/hypervisor/type 2>&1) && [ "$type" = xen ] || { echo "not Xen: $type"; return 1; }
	echo "version=$(cat /sys/hypervisor/version/major).$(cat /sys/hypervisor/version/minor)$(cat /sys/hypervisor/version/extra)"
}

memory_size()
{
	awk '/^MemTotal:/ { print "total_kb=" $2 }' /proc/meminfo
}

# The clock came from the hypervisor's start time, or it is set from here; either way it
# can be set to another time and reads back as that.
wallclock()
{
	local have source=tree
	have=$(date +%s)
	if [ "$have" -lt 1577836800 ]; then
		source=user
		date -s "@$NOW" >/dev/null || { echo "the clock cannot be set"; return 1; }
		have=$(date +%s)
	fi
	have=$((have - NOW))
	[ $have -ge -60 ] && [ $have -le 600 ] ||
		{ echo "the clock is $have s away from the harness (source $source)"; return 1; }
	date -s "@$((NOW + 1000000))" >/dev/null || { echo "the clock cannot be set"; return 1; }
	set -- $(($(date +%s) - NOW - 1000000))
	date -s "@$((NOW + have))" >/dev/null
	[ "$1" -ge 0 ] && [ "$1" -le 60 ] || { echo "a clock that was set reads $1 s more"; return 1; }
	echo "source=$source offset_s=$have"
}

# Lines typed at the console arrive whole and in order, whatever else goes on.
typed()
{
	local n=0 line
	while [ $n -lt "$KEYS" ]; do
		n=$((n + 1))
		read -r -t 60 line || { echo "line $n of $KEYS did not come"; return 1; }
		[ "$line" = "KEY $n $ALPHABET" ] || { echo "line $n is '$line'"; return 1; }
	done
	echo "lines=$n"
}

steps()
{
	local step
	for step in "$@"; do
		workload "$step" >/dev/kmsg
	done
}

workload_mode()
{
	[ "$KEYS" = 0 ] || { stty -echo; attempt console-input typed </dev/console & }
	note "STAGE workload"
	attempt xen on_xen
	attempt memory-size memory_size
	attempt wallclock wallclock
	console_lines
	case $MODE in
	quick)	steps processes memory pipes threads signals clock cpus interrupts evtchn grants privcmd ;;
	*)	steps processes memory pipes threads signals timers clock cpus interrupts evtchn grants \
			privcmd area accuracy ;;
	esac
	wait
	counters
	attempt dmesg clean_dmesg
}

the_end()
{
	note "STAGE end $END"
	sync
	case $END in
	reboot)	reboot -f ;;
	panic)	echo c >/proc/sysrq-trigger ;;
	*)	poweroff -f ;;
	esac
	sleep 60
}

userspace dom0-userspace
read_command_line
case $MODE in
shell)
	NAME=dom0 shell_here "dom0 $(uname -r) on Xen/PPC: 'workload STEP', 'poweroff -f' ends, Ctrl-A x kills QEMU."
	;;
*)
	workload_mode
	;;
esac
the_end
