#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

int child_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int child_memory_file(int *file) {
    *file = memfd_create("sweetspot", MFD_CLOEXEC);
    return *file < 0 ? errno : 0;
}

int child_start(
    const char *path, char *const arguments[], char *const environment[], int input, int output, bool inherits_errors,
    pid_t *process) {
    // Copies above 0, 1 and 2, which the actions below overwrite in the child one after the other.
    input = fcntl(input, F_DUPFD_CLOEXEC, 3);
    if (input < 0) return errno;
    output = fcntl(output, F_DUPFD_CLOEXEC, 3);
    if (output < 0) {
        int error = errno;
        close(input);
        return error;
    }
    // glibc's init functions cannot fail.
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);

    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

    int error = posix_spawn_file_actions_adddup2(&actions, input, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (error == 0 && !inherits_errors) error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (error == 0) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);

    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(input);
    close(output);
    return error;
}

int child_set_cpu_limit(pid_t process, uint64_t seconds) {
    struct rlimit limit;
    if (prlimit(process, RLIMIT_CPU, NULL, &limit) != 0) return errno;
    // The hard limit stays where it is: raising it again would need a privilege.
    limit.rlim_cur = limit.rlim_max < seconds ? limit.rlim_max : seconds;
    return prlimit(process, RLIMIT_CPU, &limit, NULL) == 0 ? 0 : errno;
}

void allocator_return_freed_memory(void) {
    // Setting any of these also stops glibc from raising the first threshold whenever a large block is freed.
    mallopt(M_MMAP_THRESHOLD, 32 << 10);
    mallopt(M_TRIM_THRESHOLD, 256 << 10);
    mallopt(M_ARENA_MAX, 2);
}

void allocator_trim(void) { malloc_trim(0); }
