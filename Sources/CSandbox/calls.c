#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#if !__has_include(<seccomp.h>)
#error "sweetspot needs libseccomp-dev (make deps installs it): without it the codecs would not be jailed"
#endif
#include <seccomp.h>

// What no part of a codec has a use for: only an attacker asks for it.
static const int fatal[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
    SCMP_SYS(bpf), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load), SCMP_SYS(io_uring_setup),
};

// brk and futex without conditions: glibc crashes where they fail with an errno.
static const int harmless[] = {
    SCMP_SYS(munmap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(getrandom),
    SCMP_SYS(gettid), SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

static int allow_on(scmp_filter_ctx filter, int call, int descriptor) {
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A0_32(SCMP_CMP_EQ, descriptor));
}

static int allow_memory(scmp_filter_ctx filter) {
    int error = seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
        SCMP_A2_32(SCMP_CMP_MASKED_EQ, ~(uint32_t)(PROT_READ | PROT_WRITE), 0),
        SCMP_A3_32(SCMP_CMP_MASKED_EQ, MAP_TYPE | MAP_ANONYMOUS, MAP_PRIVATE | MAP_ANONYMOUS));
    if (error != 0) return error;
    return seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(mremap), 1, SCMP_A3_32(SCMP_CMP_EQ, MREMAP_MAYMOVE));
}

static int allow_input(scmp_filter_ctx filter, enum sandbox_input input) {
    if (input == SANDBOX_INPUT_PIPE) return allow_on(filter, SCMP_SYS(read), 0);
    int error = allow_on(filter, SCMP_SYS(pread64), 0);
    return error != 0 ? error : allow_on(filter, SCMP_SYS(lseek), 0);
}

static int allow_output(scmp_filter_ctx filter) {
    // 2 for the last words of the C library and the Swift runtime.
    for (int descriptor = 1; descriptor <= 2; descriptor++) {
        int error = allow_on(filter, SCMP_SYS(write), descriptor);
        if (error == 0) error = allow_on(filter, SCMP_SYS(writev), descriptor);
        if (error != 0) return error;
    }
    return 0;
}

int restrict_calls(enum sandbox_input input, const char **failed_step) {
    *failed_step = "seccomp";
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) return ENOMEM;
    // A call by another architecture's numbers.
    int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    for (size_t i = 0; error == 0 && i < sizeof fatal / sizeof fatal[0]; i++) {
        error = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, fatal[i], 0);
    }
    for (size_t i = 0; error == 0 && i < sizeof harmless / sizeof harmless[0]; i++) {
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, harmless[i], 0);
    }
    if (error == 0) error = allow_memory(filter);
    if (error == 0) error = allow_input(filter, input);
    if (error == 0) error = allow_output(filter);
    if (error == 0) error = seccomp_load(filter);
    seccomp_release(filter);
    // libseccomp gives errnos below zero.
    return -error;
}
