#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# gate.sh OBJECT - refuses an object that is not hermetic C++.
#
# Run by scripts/Makefile.cxx behind every compilation of a .cc, on every
# architecture.  Refused are: dynamic initialisers and destructors; guard
# variables; vtables and type information; thread_local; exception tables; the C++
# and libgcc runtimes; exported symbols (EXPORT_SYMBOL belongs to the glue); and
# every undefined symbol that gate.allow does not name.  Frames above 1 KiB are refused by the compiler itself, by flag.
#
# Environment: NM, READELF of the target, as Kbuild has them (words: a command and
# its options); ALLOW, a list that stands in for gate.allow.  Exit status 1, with one
# line for each finding on standard error, if the object is refused or cannot be read.
set -u
object=$1
allow=${ALLOW:-$(dirname "$0")/gate.allow}
nm=${NM:-nm} readelf=${READELF:-readelf}
demangle=cat
command -v c++filt >/dev/null && demangle=c++filt

# shellcheck disable=SC2086 # words
symbols=$($nm "$object") && sections=$($readelf -SW "$object") || {
	echo "$object: error: the gate cannot read it with '$nm' and '$readelf'" >&2
	exit 1
}

findings()
{
	# ppc64's ELFv1 names the code of foo ".foo".
	echo "$symbols" | sed 's/^[0-9a-fA-F]* *//' | awk -v allow="$allow" '
	BEGIN {
		while ((getline line < allow) > 0) {
			sub(/[ \t]*#.*/, "", line)
			if (line != "")
				allowed = allowed (allowed == "" ? "" : "|") line
		}
		allowed = "^(" allowed ")$"
	}
	{ type = $1; name = $2; sub(/^\./, "", name) }
	name ~ /^_GLOBAL__(sub_)?[ID]_/ || name ~ /__static_initialization_and_destruction/ ||
	name ~ /^__cxx_global_(var_init|array_dtor)/ { print "dynamic initialiser or destructor: " name; next }
	name ~ /^_ZGV/			{ print "guard variable of a function-local static: " name; next }
	name ~ /^_ZT[VTIS]/		{ print "vtable or type information: " name; next }
	name ~ /^_ZT[WH]/		{ print "thread_local: " name; next }
	name ~ /^__(ksymtab|kcrctab)_/	{ print "EXPORT_SYMBOL in C++: " name; next }
	# Weak undefined symbols ("w", "v") are undefined all the same.
	type ~ /^[Uwv]$/ && name ~ /^_Zn[wa]|^_Zd[la]/ { print "operator new or delete: " name; next }
	type ~ /^[Uwv]$/ && name ~ /^(__cxa_|__gxx_|_Unwind_|__dso_handle|atexit|abort)/ { print "C++ runtime: " name; next }
	type ~ /^[Uwv]$/ && name !~ allowed	{ print "undefined symbol that gate.allow does not name: " name }
	' | sort -u

	echo "$sections" |
		grep -oE ' \.(preinit_array|gcc_except_table|eh_frame|tbss|tdata|ctors|dtors)[^ ]*' |
		sort -u | sed 's/^ /section: /'

	# Sanitizers and GCOV have entries of their own in .init_array; without them
	# nobody may have one.
	echo "$symbols" | grep -qE '__(a|t|m|ub|h)san_|__gcov_|llvm_gcov_' ||
		echo "$sections" | grep -oE ' \.(init|fini)_array[^ ]*' | sort -u | sed 's/^ /section: /'
}

found=$(findings)
[ -z "$found" ] && exit 0
{
	echo "$object: error: not hermetic C++:"
	printf '%s\n' "$found" | sed 's/^/    /' | "$demangle"
} >&2
exit 1
