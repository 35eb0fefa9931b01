# SPDX-License-Identifier: GPL-2.0
# Shell library of the guests' init scripts (busybox ash).
#
# What the harness reads goes to /dev/kmsg, where each write is one record:
# lines written to a console may be torn by the kernel's and Xen's own.
#   STAGE name
#   RESULT name ok figures… | RESULT name FAIL reason
#   COUNTER file name value

export PATH=/xen-tools:/usr/bin:/usr/sbin:/bin:/sbin HOME=/root

# userspace STAGE: make the usual mounts, read this run's parameters, load the
# modules of the list and announce the stage.
userspace()
{
	mount -t devtmpfs dev /dev
	mount -t proc proc /proc
	mount -t sysfs sys /sys
	mount -t tmpfs tmp /tmp
	mount -t tmpfs run /run
	mkdir -p /dev/pts /run/lock
	mount -t devpts pts /dev/pts
	ln -sf /proc/self/fd /dev/fd
	ln -sf /proc/self/fd/0 /dev/stdin
	ln -sf /proc/self/fd/1 /dev/stdout
	ln -sf /proc/self/fd/2 /dev/stderr
	exec </dev/console >/dev/console 2>&1
	entropy
	. /parameters
	note "STAGE $1"
	while read -r module; do
		insmod "/modules/$module" || note "RESULT modules FAIL insmod $module"
	done </modules/list
}

# note TEXT: one line for the harness.
note()
{
	echo "$*" >/dev/kmsg
}

# attempt NAME COMMAND…: a RESULT by the command's exit status; what it prints
# (one line) is the figures or the reason.
attempt()
{
	local name=$1 text
	shift
	if text=$("$@" 2>&1); then
		note "RESULT $name ok $text"
	else
		note "RESULT $name FAIL" $text
	fi
}

# workload_steps: the steps of the workload program, each with its own RESULT.
workload_steps()
{
	local step
	for step in processes memory pipes threads signals timers clock cpus; do
		workload $step >/dev/kmsg
	done
}

# tracepoints: both multicall tracepoints fire while a small program is forked.
tracepoints()
{
	local events=/sys/kernel/tracing/events/xen trace=/sys/kernel/tracing/trace
	local event seen total=0
	mount -t tracefs trace /sys/kernel/tracing || { echo "no tracefs"; return 1; }
	for event in xen_mc_flush xen_mc_entry; do
		[ -e $events/$event ] || { echo "no event $event"; return 1; }
		echo 1 >$events/$event/enable
	done
	/bin/busybox true
	sh -c '/bin/busybox true; true'
	for event in xen_mc_flush xen_mc_entry; do
		echo 0 >$events/$event/enable
		seen=$(grep -c " $event:" $trace)
		[ "$seen" -gt 0 ] || { echo "event $event never seen"; return 1; }
		total=$((total + seen))
	done
	echo "n=$total"
}

# counters: every line of the port's debugfs files as COUNTER lines.
counters()
{
	local file name value
	mount -t debugfs debug /sys/kernel/debug || return
	for file in /sys/kernel/debug/xen/cxx/*; do
		[ -f "$file" ] || continue
		while read -r name value; do
			note "COUNTER ${file##*/} $name $value"
		done <"$file"
	done
}

# clean_dmesg: nothing in the kernel's log that a healthy kernel does not say.
# The trace after a read of MSR 0xc0010055 is forgiven: see verdict.py.
clean_dmesg()
{
	local bad
	bad=$(dmesg | awk '
		/RESULT / { next }
		/unchecked MSR access error: RDMSR from 0xc0010055 / { forgiven = 1; next }
		forgiven && /Call Trace:/ { forgiven = 0; next }
		/BUG: |kernel BUG at|WARNING: CPU|Oops|Call Trace:|multicall\(s\) failed/ ||
		/of a multicall failed|refused to halt|broken invariant/ ||
		/unchecked MSR access|general protection|segfault at|unable to handle/ ||
		/soft lockup|rcu_.*stall/ { print; exit }')
	[ -z "$bad" ] || { echo "$bad"; return 1; }
	echo "lines=$(dmesg | wc -l)"
}

# console_lines: lines through the tty layer; the harness counts what arrives whole.
console_lines()
{
	local n=0
	while [ $n -lt 16 ]; do
		n=$((n + 1))
		echo "TTY $n of 16 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 end"
	done
}

# kunit_modules: run the suites in the modules of /kunit, in the list's order.
kunit_modules()
{
	local module
	while read -r module; do
		insmod "/kunit/$module" || note "RESULT kunit FAIL insmod $module"
	done </kunit/list
	note "RESULT kunit ok modules=$(wc -l </kunit/list)"
}

# shell_here TEXT…: an interactive shell on the console after a line of advice.
shell_here()
{
	note "STAGE shell"
	sleep 0.3
	echo
	echo "$*"
	PS1="${NAME:-guest}# " setsid cttyhack sh
}

# off: power off at once.  No init system is there to do it in order.
off()
{
	sync
	poweroff -f
	sleep 60
}
