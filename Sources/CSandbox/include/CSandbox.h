// Starting a child with nothing but its pipes, and what the child gives up before it reads a byte that came from outside.
//
// In C because Glibc's Swift module has none of pipe2, memfd_create, posix_spawn_file_actions_addclosefrom_np, prlimit, RLIMIT_NPROC and
// RLIMIT_MEMLOCK, which are GNU extensions, prctl is variadic, and mallopt and malloc_trim are missing. Every function that can fail returns 0 or an errno.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Makes a pipe whose ends no child inherits.
int child_pipe(int *reading, int *writing);

/// Opens an empty file that is in memory and in no directory. Returns 0 or an errno.
int child_memory_file(int *file);

/// Starts the program at `path` with `input` and `output` as its descriptors 0 and 1, and no other but 2: ours where
/// `inherits_errors`, else /dev/null. Every signal has its default effect there, and it is in a process group of its own, so that
/// a Ctrl-C at the terminal reaches only us.
int child_start(
    const char *path, char *const arguments[], char *const environment[], int input, int output, bool inherits_errors,
    pid_t *process);

/// Moves the soft CPU limit of a process, 0 for this one.
int child_set_cpu_limit(pid_t process, uint64_t seconds);

/// Makes glibc's allocator give freed memory of 32 KiB and more back at once, and keep two heaps instead of one a thread.
void allocator_return_freed_memory(void);

/// Has glibc's allocator give back what is free in all of its heaps now.
void allocator_trim(void);

/// The version of the kernel's Landlock, from 1; 0 where it has none, or it is switched off. sandbox_enter goes without it then.
int sandbox_landlock_version(void);

struct sandbox_limits {
    uint64_t address_space; // bytes mapped in all, shared libraries included (RLIMIT_AS)
    uint64_t data;          // bytes of private writable memory (RLIMIT_DATA)
    uint64_t cpu_seconds;   // SIGXCPU from here on; the parent moves it (RLIMIT_CPU, soft)
};

/// What descriptor 0 is, and so what may be done with it.
enum sandbox_input {
    SANDBOX_INPUT_PIPE, // read
    SANDBOX_INPUT_FILE, // pread and lseek
};

/// Closes every descriptor from 3 on, forbids gaining privileges and being traced, takes away all files and TCP (Landlock, where
/// the kernel has it), and sets the limits; those on open files, file size, processes, core dumps and locked memory become 0.
///
/// Then it takes away the system calls (seccomp). Left are reading 0, writing 1 and 2, private memory that is not executable,
/// time and randomness. Anything else is EPERM; starting programs, looking into processes and changing the kernel end the
/// process. Where a step fails, `failed_step` names it (a string constant).
int sandbox_enter(struct sandbox_limits limits, enum sandbox_input input, const char **failed_step);

#ifdef __cplusplus
}
#endif
