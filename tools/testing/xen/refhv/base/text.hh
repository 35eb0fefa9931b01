/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A piece of text without a terminator, to be taken apart: options, notes of an image.
 */
#ifndef REFHV_TEXT_HH
#define REFHV_TEXT_HH

#include "base/types.hh"

namespace refhv {

struct Text {
	const char *at;
	u64 size;

	[[nodiscard]] bool starts(const char *word) const
	{
		const u64 n = __builtin_strlen(word);

		return size >= n && !__builtin_memcmp(at, word, n);
	}
	[[nodiscard]] bool is(const char *word) const
	{
		return size == __builtin_strlen(word) && starts(word);
	}
	/* take - cut the part before @stop off, or all if there is none */
	Text take(char stop)
	{
		u64 n = 0;

		while (n < size && at[n] != stop)
			n++;
		const Text part{at, n};
		drop(n < size ? n + 1 : n);
		return part;
	}
	void drop(u64 n)
	{
		at += n;
		size -= n;
	}
	/* number - all of it as a decimal or 0x number within [@low, @high], which T holds */
	template <class T>
	[[nodiscard]] bool number(T &value, u64 low = 0, u64 high = all_ones) const
	{
		const bool is_hex = size > 2 && at[0] == '0' && at[1] == 'x';
		u64 sum = 0;

		for (u64 i = is_hex ? 2 : 0; i < size; i++) {
			const u32 c = static_cast<u8>(at[i]);
			const u32 letter = (c | 0x20) - 'a';
			const u64 digit = c - '0' < 10 ? c - '0' : letter < 6 ? letter + 10 : 16;

			if (digit >= (is_hex ? 16 : 10) ||
			    __builtin_mul_overflow(sum, is_hex ? 16ul : 10ul, &sum) ||
			    __builtin_add_overflow(sum, digit, &sum))
				return false;
		}
		value = static_cast<T>(sum);
		return size && sum >= low && sum <= high;
	}
};

} // namespace refhv

#endif
