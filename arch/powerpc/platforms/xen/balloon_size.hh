/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sizes as people write them, and in sections.
 */
#ifndef ARCH_POWERPC_XEN_BALLOON_SIZE_HH
#define ARCH_POWERPC_XEN_BALLOON_SIZE_HH

#include <xen/core/result.hh>

#include <abi/wire.hh>

#include "balloon.hh"

namespace xen::ppc {

inline constexpr u64 page_kb = page_size / 1024;
inline constexpr u64 section_kb = section_pages.raw() * page_kb;

/**
 * sections_out - how many sections leave for a target
 * @kb: the target
 * @all_kb: what the domain has when it has everything
 * @most: sections that may leave
 *
 * Return: so many that never more than @kb stays, within the limit.
 */
[[nodiscard]] constexpr u64 sections_out(u64 kb, u64 all_kb, u64 most) noexcept
{
	if (kb >= all_kb)
		return 0;

	const u64 out = (all_kb - kb + section_kb - 1) / section_kb;

	return out < most ? out : most;
}

namespace detail {

constexpr unsigned int no_digit = 255;

[[nodiscard]] constexpr unsigned int digit_of(char character) noexcept
{
	const char small = static_cast<char>(character | 0x20);

	if (character >= '0' && character <= '9')
		return static_cast<unsigned int>(character - '0');
	return small >= 'a' && small <= 'f' ? static_cast<unsigned int>(small - 'a') + 10
					    : no_digit;
}

/* Of the number that begins at @text, which is moved behind what says so. */
[[nodiscard]] constexpr unsigned int base_of(const char *&text) noexcept
{
	if (text[0] != '0')
		return 10;
	if ((text[1] | 0x20) != 'x' || digit_of(text[2]) == no_digit)
		return 8;
	text += 2;
	return 16;
}

/* How far a suffix shifts; 0: it is none. */
[[nodiscard]] constexpr unsigned int shift_of_suffix(char character) noexcept
{
	constexpr char suffixes[] = "kmgtpe";

	for (unsigned int i = 0; suffixes[i] != 0; ++i)
		if ((character | 0x20) == suffixes[i])
			return 10 * (i + 1);
	return 0;
}

[[nodiscard]] constexpr bool is_space(char character) noexcept
{
	return character == ' ' || (character >= '\t' && character <= '\r');
}

} // namespace detail

/**
 * bytes_of - a size as it is written to sysfs
 * @text: a number as C has it, perhaps one of the suffixes K, M, G, T, P, E, perhaps white space
 *
 * What Linux's memparse() takes; but that one forgets the upper bits of a size that does not
 * fit, and would make nothing of "16E".
 *
 * Return: the bytes; EINVAL if the text is anything else, ERANGE if they do not fit 64 bits.
 */
[[nodiscard]] constexpr Result<u64> bytes_of(const char *text) noexcept
{
	constexpr u64 most = ~u64{0};
	const unsigned int base = detail::base_of(text);
	bool fits = true;
	u64 value = 0;

	if (detail::digit_of(*text) >= base)
		return err::inval;
	for (unsigned int digit; (digit = detail::digit_of(*text)) < base; ++text) {
		fits = fits && value <= (most - digit) / base;
		value = value * base + digit;
	}

	const unsigned int shift = detail::shift_of_suffix(*text);

	if (shift != 0)
		++text;
	while (detail::is_space(*text))
		++text;
	if (*text != 0)
		return err::inval;
	if (!fits || value > most >> shift)
		return err::range;
	return value << shift;
}

} // namespace xen::ppc

#endif
