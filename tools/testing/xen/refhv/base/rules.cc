/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names and counts of the rules.  The names stand in the order of the enum: a rule's
 * number is its place there, from one.  Under the hypervisor lock.
 */
#include "base/rules.hh"

#include "base/print.hh"
#include "dom/domain.hh"

namespace refhv {

namespace {

constexpr u64 nr_rules = static_cast<u64>(Rule::Count);
constexpr u64 printed = 5; /* messages of one rule by one domain; later ones are only counted */

constexpr const char *name[] = {
	"frame-out-of-range", "frame-not-owned",   "large-page-unchecked", "foreign-not-granted",
	"write-not-granted",  "io-attributes",	   "ram-attributes",	   "shared-frame-use",
	"xencomm-magic",      "xencomm-alignment", "xencomm-frame",	   "xencomm-area",
	"rma-freed",	      "frame-referenced",  "grant-still-mapped",   "grant-frame",
	"ee-without-ri",      "pteg-race",	   "slot-out-of-range",	   "dangerous-call",
	"user-hypercall",     "facility-use",	   "reserved-page-write",  "port-not-owned",
	"debug-address",      "tce-range",	   "vcpu-context"};
static_assert(sizeof(name) / sizeof(name[0]) == nr_rules, "one name for each rule");

constinit u64 count[nr_rules][max_domains] = {};

/* print_rule - "refhv: V01 frame-out-of-range: " */
void print_rule(Rule rule)
{
	const u64 place = static_cast<u64>(rule), number = place + 1;

	print("refhv: V", number / 10, number % 10, " ", name[place], ": ");
}

} // namespace

void violation(Rule rule, const Domain &who, const char *reason, u64 value)
{
	u64 &n = count[static_cast<u64>(rule)][&who - domains];

	if (++n > printed)
		return;
	print_rule(rule);
	print("domain ", who.id.raw(), ": ", reason, " (", hex(value), ")",
	      n == printed ? "; further ones only counted\n" : "\n");
}

u64 violations(Rule rule)
{
	u64 sum = 0;

	for (const u64 n : count[static_cast<u64>(rule)])
		sum += n;
	return sum;
}

void print_rules()
{
	u64 sum = 0;

	for (u64 i = 0; i < nr_rules; i++) {
		const u64 n = violations(Rule{static_cast<u8>(i)});

		sum += n;
		if (!n)
			continue;
		print_rule(Rule{static_cast<u8>(i)});
		print(n, "\n");
	}
	print("refhv: violations: ", sum, "\n");
}

void reset_rules()
{
	__builtin_memset(count, 0, sizeof(count));
}

} // namespace refhv
