# SPDX-License-Identifier: GPL-2.0
# dom0's part of `boot dom0-xencomm`: xencomm-info and Xen's own tools answer the same
# questions, and what they print goes to the second serial port.
#
# An answer there is a line "BEGIN name", the text, and "END name status".  A paused domU
# writes nothing to that port.  What may change from one moment to the next is asked of
# Xen's tools before and after.

ANSWERS=/dev/ttyS1

# answer NAME COMMAND…: what it prints to both its outputs, and its status.
answer()
{
	local name=$1 status
	shift
	"$@" >/tmp/answer 2>&1
	status=$?
	{
		echo "BEGIN $name"
		cat /tmp/answer
		# A text may end without a line's end.
		[ -z "$(tail -c 1 /tmp/answer)" ] || echo
		echo "END $name $status"
	} >$ANSWERS
}

# xl_answers WHEN
xl_answers()
{
	answer "xl-info-$1" xl info
	answer "xl-list-$1" xl list
	answer "xl-dmesg-$1" xl dmesg
}

# domU d1 exists, paused before its first instruction.
paused_domu()
{
	xl create -p /domu/config >/tmp/create 2>&1 && echo "id=$(xl domid d1)" || tail -n 1 /tmp/create
}

xencomm_answers()
{
	local scheme
	attempt domu-paused paused_domu
	for scheme in buffer mlock; do
		xl_answers "$scheme-before"
		answer "$scheme" xencomm-info -p -s "$scheme"
		xl_answers "$scheme-after"
		answer "$scheme-plain" xencomm-info -s "$scheme" version physinfo domains
		answer "$scheme-memlist" xencomm-info -p -s "$scheme" -d "$(xl domid d1)" memlist
	done
	# What has no answer here, and how that is said.
	answer any xencomm-info -p version
	answer page xencomm-info -p -s page version
	answer no-domain xencomm-info -p -d 999 memlist
	answer usage xencomm-info -s nothing
	xl destroy d1
	sync
	note "STAGE xencomm"
	attempt dmesg clean_dmesg
}
