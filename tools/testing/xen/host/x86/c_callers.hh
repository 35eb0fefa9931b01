/* SPDX-License-Identifier: GPL-2.0 */
/* Using the batch as Linux's C callers do. */
#ifndef HOST_X86_C_CALLERS_HH
#define HOST_X86_C_CALLERS_HH

#include <cstddef>
#include <vector>

#include "fixture.hh"

extern "C" {
/* Two callers whose return addresses are known (entry.S). */
multicall_space queue_here(std::size_t bytes);
multicall_space queue_there(std::size_t bytes);
extern const char queued_here[];
extern const char queued_there[];
}

namespace host {

constexpr unsigned long number(xen::Hypercall call)
{
	return xen::number_of(call);
}

/* A hypercall with arguments that tell it from all others. */
inline xen::MulticallEntry *queue(unsigned long tag,
				  xen::Hypercall op = xen::Hypercall::StackSwitch,
				  multicall_space (*caller)(std::size_t) = queue_here)
{
	xen::MulticallEntry *const entry = caller(0).mc;

	entry->op = number(op);
	for (unsigned long i = 0; i < 5; ++i)
		entry->args[i] = tag + i;
	return entry;
}

inline void expect_arguments(const Call &call, unsigned long tag)
{
	for (unsigned long i = 0; i < 5; ++i)
		EXPECT_EQ(call.args[i], tag + i) << "argument " << i;
}

/* A callback that notes its number, and the state of the world as it runs. */
struct Note {
	int number;
	bool masked;
	std::size_t calls_before;
};
inline std::vector<Note> notes;

inline void note(void *data)
{
	notes.push_back({static_cast<int>(reinterpret_cast<std::intptr_t>(data)), mask_byte() != 0,
			 fake.calls.size()});
}

inline void *numbered(int number)
{
	return reinterpret_cast<void *>(static_cast<std::intptr_t>(number));
}

class Multicall : public Unit {
protected:
	void SetUp() override
	{
		Unit::SetUp();
		notes.clear();
	}
};

} // namespace host

#endif
