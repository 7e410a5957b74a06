#define CATCH_CONFIG_RUNNER
#include "tests/support/catch.h"

// A test asks for more memory than there is; the address sanitizer is to refuse it as the system does.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
