#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static int fail(const char **failed_step, const char *step) {
    *failed_step = step;
    return errno;
}

int sandbox_enter(struct sandbox_limits limits, enum sandbox_input input, const char **failed_step) {
    if (close_range(3, ~0U, 0) != 0) return fail(failed_step, "close_range");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail(failed_step, "PR_SET_NO_NEW_PRIVS");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return fail(failed_step, "PR_SET_DUMPABLE");

    // Before the limits, as its rule set takes a descriptor.
    int error = restrict_files(failed_step);
    if (error != 0) return error;

    const struct { __rlimit_resource_t resource; rlim_t limit; const char *name; } hard[] = {
        {RLIMIT_AS, limits.address_space, "RLIMIT_AS"},
        {RLIMIT_DATA, limits.data, "RLIMIT_DATA"},
        {RLIMIT_FSIZE, 0, "RLIMIT_FSIZE"},
        {RLIMIT_NPROC, 0, "RLIMIT_NPROC"},
        {RLIMIT_CORE, 0, "RLIMIT_CORE"},
        {RLIMIT_MEMLOCK, 0, "RLIMIT_MEMLOCK"},
        {RLIMIT_NOFILE, 0, "RLIMIT_NOFILE"},
    };
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++) {
        // What is stricter already stays: only a privileged process could raise it.
        struct rlimit old;
        if (getrlimit(hard[i].resource, &old) != 0) return fail(failed_step, hard[i].name);
        rlim_t limit = old.rlim_max < hard[i].limit ? old.rlim_max : hard[i].limit;
        if (setrlimit(hard[i].resource, &(struct rlimit){limit, limit}) != 0) return fail(failed_step, hard[i].name);
    }
    error = child_set_cpu_limit(0, limits.cpu_seconds);
    if (error != 0) {
        *failed_step = "RLIMIT_CPU";
        return error;
    }
    return restrict_calls(input, failed_step);
}
