#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// Of <linux/landlock.h>, which in Debian 12 knows the first version only.
struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

enum { RULESET_VERSION = 1 };

static long create_ruleset(const struct ruleset *rules, size_t size, uint32_t flags) {
    return syscall(SYS_landlock_create_ruleset, rules, size, flags);
}

int sandbox_landlock_version(void) {
    long version = create_ruleset(NULL, 0, RULESET_VERSION);
    return version < 1 ? 0 : (int)version;
}

int restrict_files(const char **failed_step) {
    long version = create_ruleset(NULL, 0, RULESET_VERSION);
    // Kernels before 5.13, and those that were built or started without it.
    if (version < 0 && (errno == ENOSYS || errno == EOPNOTSUPP)) return 0;
    *failed_step = "Landlock";
    if (version < 1) return version < 0 ? errno : EINVAL;

    // All rights the kernel knows are to be granted by a rule, and there is none.
    struct ruleset rules = {.files = (1 << 13) - 1};
    if (version >= 2) rules.files |= 1 << 13; // linking and renaming into another folder
    if (version >= 3) rules.files |= 1 << 14; // truncating
    if (version >= 4) rules.network = 3;      // TCP: bind, connect
    if (version >= 5) rules.files |= 1 << 15; // ioctl on devices
    if (version >= 6) rules.scopes = 3;       // abstract Unix sockets and signals, beyond this process

    int descriptor = (int)create_ruleset(&rules, sizeof rules, 0);
    if (descriptor < 0) return errno;
    int error = syscall(SYS_landlock_restrict_self, descriptor, 0) == 0 ? 0 : errno;
    close(descriptor);
    return error;
}
