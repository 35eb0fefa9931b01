#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# Init of a dom0 on Xen/PPC.  What it is to do stands on the kernel's command line:
#
#	xentest.mode=workload|quick|peer|shell	quick leaves the long steps out; peer: what a
#						second domain is needed for
#	xentest.end=poweroff|reboot|panic	how it ends
#	xentest.now=SECONDS			the time of day, for the clock to be compared with
#	xentest.balloon=N			rounds of memory given back and got again
#	xentest.keys=N				lines that are typed at the console meanwhile

. /guest/lib.sh

MODE=workload END=poweroff NOW=0 KEYS=0 BALLOON=0
ALPHABET=abcdefghijklmnopqrstuvwxyz-0123456789

read_command_line()
{
	local word
	for word in $(cat /proc/cmdline); do
		case $word in
		xentest.mode=*)	MODE=${word#*=} ;;
		xentest.end=*)	END=${word#*=} ;;
		xentest.now=*)	NOW=${word#*=} ;;
		xentest.balloon=*) BALLOON=${word#*=} ;;
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

# Announced by the hypervisor?
has()
{
	grep -q "$1" /proc/device-tree/xen/features 2>/dev/null
}

# The 32-bit build of a program gets the same answers as the 64-bit one, and they are good.
twins()
{
	local wanted
	twin $1 >/tmp/twin64 2>&1
	twin32 $1 >/tmp/twin32 2>&1
	cmp -s /tmp/twin64 /tmp/twin32 || {
		echo "64 bits, then 32: $(diff -U 0 /tmp/twin64 /tmp/twin32 | grep '^[-+][^-+]' | head -2 | tr '\n' ' ')"
		return 1
	}
	shift
	# The hypervisor of 2007 lets nobody map own grants.
	has . && set -- "granted byte 0x5a" "$@"
	for wanted in "getdomaininfolist: 0" "domain 0: " "a kernel address: Bad address" \
		"not mapped: Bad address" "bind_unbound_port: 1" "unbind: 0" "alloc_gref: 0" "$@"; do
		grep -q "^$wanted" /tmp/twin64 ||
			{ echo "no line '$wanted', but '$(grep -m 1 "^${wanted%%:*}" /tmp/twin64)'"; return 1; }
	done
	echo "lines=$(wc -l </tmp/twin64)"
}

# A step of the workload by its 32-bit build.
narrow()
{
	local text
	text=$(workload32 "$1")
	echo "${text#RESULT $1 * }"
	case $text in "RESULT $1 ok"*) return 0 ;; esac
	return 1
}

# Areas of /dev/xen/xencomm, where the hypervisor has them.
areas()
{
	has xencomm-area || return 0
	steps xencomm-area xencomm-hostile
	attempt xencomm-area-32 narrow xencomm-area
	attempt xencomm-hostile-32 narrow xencomm-hostile
}

# Own grants mapped, where the hypervisor lets us: the one of 2007 lets nobody.
window()
{
	has . || return 0
	steps window
	attempt window-32 narrow window
}

# What libxencomm's tool prints is the same by areas and by /dev/xen/hypercall, and what was
# written to the console is in the hypervisor's ring.
tool()
{
	local scheme schemes=buffer words=.
	# refhv keeps there what dom0 writes as well.
	if has . || grep -q refhv /sys/hypervisor/version/extra; then
		words="tool $$ looks for this line"
		note "$words"
	fi
	has xencomm-area && schemes="page buffer"
	for scheme in $schemes; do
		xencomm-info -p -s $scheme -n 4096 version physinfo domains memlist >/tmp/whole ||
			{ echo "scheme $scheme: status $?"; return 1; }
		# What goes on between two calls.
		grep -v -e '^tool\.' -e '\.cpu_time=' -e '\.state=' /tmp/whole >/tmp/$scheme
		xencomm-info -p -s $scheme console >/tmp/ring ||
			{ echo "scheme $scheme, console: status $?"; return 1; }
		grep -q "$words" /tmp/ring ||
			{ echo "scheme $scheme: no '$words' in the console ring"; return 1; }
	done
	[ "$schemes" = buffer ] || cmp -s /tmp/page /tmp/buffer || {
		echo "page, then buffer: $(diff -U 0 /tmp/page /tmp/buffer | grep '^[-+][^-+]' | head -2 | tr '\n' ' ')"
		return 1
	}
	echo "schemes=$(echo $schemes | wc -w) lines=$(wc -l </tmp/buffer)" \
		"domains=$(sed -n 's/^domains.count=//p' /tmp/buffer)" \
		"pages=$(sed -n 's/^domains.0.total_pages=//p' /tmp/buffer)" \
		"vcpus=$(sed -n 's/^domains.0.vcpus=//p' /tmp/buffer)" \
		"frames=$(sed -n 's/^memlist.frames=//p' /tmp/buffer)"
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
	quick)	steps processes memory pipes threads signals clock cpus interrupts evtchn grants \
			privcmd bad-calls ;;
	*)	steps processes memory pipes threads signals timers clock cpus interrupts evtchn grants \
			privcmd bad-calls area accuracy ;;
	esac
	window
	areas
	attempt twins twins loop
	attempt tool tool
	[ "$BALLOON" = 0 ] || workload balloon "$BALLOON" >/dev/kmsg
	wait
	counters
	attempt dmesg clean_dmesg
}

peer_mode()
{
	note "STAGE workload"
	attempt xen on_xen
	attempt memory-size memory_size
	console_lines
	steps cpus foreign peer-grants bad-calls
	# In a translated domain a number that is its own can mean nothing else.
	[ ! -e /proc/device-tree/xen/p2m-table ] || steps same-number
	areas
	attempt twins twins peer "frames 4116, " "mmapbatch 1" "mmapbatch 2" \
		"frame 0: changed 0, error 0, word 0x7065657200000064" "frame 2: changed 1, error 1" \
		"frame 2: changed 0, error -"
	attempt tool tool
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
peer)
	peer_mode
	;;
*)
	workload_mode
	;;
esac
the_end
