/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What refhv's fuzz targets share: bytes taken off an input, and how a target stops.
 */
#ifndef REFHV_FUZZ_PROGRAM_HH
#define REFHV_FUZZ_PROGRAM_HH

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace fuzz {

/* The rest of an input; behind its end everything is zero. */
class Bytes {
public:
	Bytes(const std::uint8_t *data, std::size_t size) : at_(data), left_(size) {}

	[[nodiscard]] bool empty() const { return left_ == 0; }
	std::uint8_t byte()
	{
		if (left_ == 0)
			return 0;
		--left_;
		return *at_++;
	}
	std::uint64_t number(unsigned int bytes = 8)
	{
		std::uint64_t value = 0;

		while (bytes--)
			value = value << 8 | byte();
		return value;
	}

private:
	const std::uint8_t *at_;
	std::size_t left_;
};

/* must - stop the run unless @holds, which refhv promises whatever a guest does */
inline void must(bool holds, const char *what, std::uint64_t value = 0)
{
	if (holds)
		return;
	std::fprintf(stderr, "broken promise: %s (0x%llx)\n", what,
		     static_cast<unsigned long long>(value));
	std::abort();
}

} // namespace fuzz

#endif
