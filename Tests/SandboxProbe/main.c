// Enters the sandbox and makes one system call there: `SandboxProbe pipe|file|free NAME ARGUMENT...`, where `free` stays outside.
// Writes the errno's name, `ok`, or `unknown` for a call this architecture has not.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text) {
    if (write(1, text, strlen(text)) < 0) _exit(74);
}

int main(int count, char **arguments) {
    if (count < 3) return 64;
    int call = seccomp_syscall_resolve_name(arguments[2]);
    if (call < 0) {
        say("unknown");
        return 0;
    }
    long values[6] = {0};
    for (int i = 0; i < 6 && i + 3 < count; i++) values[i] = strtol(arguments[i + 3], NULL, 0);

    struct sandbox_limits limits = {.address_space = 512 << 20, .data = 256 << 20, .cpu_seconds = 10};
    enum sandbox_input input = strcmp(arguments[1], "file") == 0 ? SANDBOX_INPUT_FILE : SANDBOX_INPUT_PIPE;
    const char *step = "";
    if (strcmp(arguments[1], "free") != 0 && sandbox_enter(limits, input, &step) != 0) {
        say(step);
        return 71;
    }
    long result = syscall(call, values[0], values[1], values[2], values[3], values[4], values[5]);
    say(result == -1 ? strerrorname_np(errno) : "ok");
    return 0;
}
