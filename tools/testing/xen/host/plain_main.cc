// SPDX-License-Identifier: GPL-2.0
/*
 * The table of cases without a framework, for machines that have none: the
 * big-endian run under QEMU.  With a directory as argument it writes each case's
 * input bytes there instead, as seeds for the fuzzer.
 */
#include <cstdio>
#include <string>

#include "cases.h"

namespace {

struct Run {
	std::string name;
	unsigned int failures;
};

void report(void *cookie, const xen_case_failure *failure)
{
	Run &run = *static_cast<Run *>(cookie);

	++run.failures;
	std::printf("FAILED %s: %s:%u: %s", run.name.c_str(), failure->file, failure->line,
		    failure->what);
	if (failure->has_values)
		std::printf(" (%#llx, %#llx)", failure->left, failure->right);
	std::printf("\n");
}

std::string name_of(unsigned int suite, unsigned int index)
{
	return std::string(xen_cases_suite_name(suite)) + "." + xen_cases_name(suite, index);
}

int write_seeds(const std::string &folder)
{
	unsigned int written = 0;

	for (unsigned int suite = 0; suite < xen_cases_suites(); ++suite) {
		for (unsigned int index = 0; index < xen_cases_count(suite); ++index) {
			unsigned long size = 0;
			const unsigned char *seed = xen_cases_seed(suite, index, &size);

			if (seed == nullptr)
				continue;

			const std::string path = folder + "/" + name_of(suite, index);
			std::FILE *file = std::fopen(path.c_str(), "wb");
			const bool done =
				file != nullptr && std::fwrite(seed, 1, size, file) == size;

			if (file == nullptr || std::fclose(file) != 0 || !done) {
				std::perror(path.c_str());
				return 1;
			}
			++written;
		}
	}
	std::printf("%u seeds written to %s\n", written, folder.c_str());
	return written > 0 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
	unsigned int passed = 0;
	unsigned int failed = 0;

	/* What was said before a crash is seen. */
	std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
	if (argc > 1)
		return write_seeds(argv[1]);
	for (unsigned int suite = 0; suite < xen_cases_suites(); ++suite) {
		for (unsigned int index = 0; index < xen_cases_count(suite); ++index) {
			Run run{name_of(suite, index), 0};

			if (xen_cases_run(suite, index, report, &run) == 0) {
				std::printf("FAILED %s: checks nothing\n", run.name.c_str());
				++run.failures;
			}
			run.failures == 0 ? ++passed : ++failed;
		}
	}
	std::printf("%u passed, %u failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
