// The steps of sandbox_enter that have a file of their own. Each returns 0, or an errno and names itself in `failed_step`.
#pragma once

#include "CSandbox.h"

/// Takes away every file that is not open, TCP, and what else Landlock knows; nothing on a kernel without Landlock.
int restrict_files(const char **failed_step);

/// From here on only memory, time, randomness and the descriptors 0, 1 and 2 are left.
int restrict_calls(enum sandbox_input input, const char **failed_step);
