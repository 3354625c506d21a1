// Notes, for a process tree, what it does to the files under UNSYNCED_ROOT and what it syncs, with what was there before, so that
// unsynced.py can take back what a power cut would: everything that was not synced.
//
// With UNSYNCED_DEAF it does not see that files are synced, but for SQLite's and keys (a start refuses a key that is not whole): a server
// that never syncs them.
//
// Preloaded. Every file that is written keeps a second name in UNSYNCED_JOURNAL, by its inode's number.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root, *journal;
static int records = -1, deaf;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int begin(void) {
    if (records >= 0) return 1;
    root = getenv("UNSYNCED_ROOT");
    journal = getenv("UNSYNCED_JOURNAL");
    deaf = getenv("UNSYNCED_DEAF") != 0;
    if (!root || !journal) return 0;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/records", journal);
    records = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    return records >= 0;
}

static int inside(const char *path) {
    return begin() && path && strncmp(path, root, strlen(root)) == 0 && !strstr(path, ".sqlite-shm");
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t count = readlink(link, path, PATH_MAX - 1);
    if (count <= 0) return 0;
    path[count] = 0;
    return inside(path);
}

// kind, inode, two numbers, two texts or bytes with their lengths before them.
static void note(char kind, uint64_t inode, uint64_t a, uint64_t b, const void *x, uint64_t nx, const void *y, uint64_t ny) {
    uint64_t head[6] = {(uint64_t)kind, inode, a, b, nx, ny};
    struct iovec parts[3] = {{head, sizeof head}, {(void *)x, nx}, {(void *)y, ny}};
    if (REAL(writev)(records, parts, 3) < 0) abort();
}

static uint64_t inode_of(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 ? status.st_ino : 0;
}

static uint64_t parent_of(const char *path) {
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) *slash = 0;
    return inode_of(folder);
}

static void keep(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode)) return;
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s/%llu", journal, (unsigned long long)status.st_ino);
    (void)!REAL(link)(path, name);
}

static void note_name(char kind, const char *path, const char *other) {
    note(kind, inode_of(path), parent_of(path), other ? parent_of(other) : 0, path, strlen(path), other, other ? strlen(other) : 0);
}

// What is about to be written over, and the size before.
static void note_write(int fd, off_t offset, size_t count) {
    struct stat status;
    char path[PATH_MAX];
    if (!path_of(fd, path) || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return;
    keep(path);
    size_t old = offset < status.st_size ? (size_t)(status.st_size - offset) : 0;
    if (old > count) old = count;
    char *bytes = malloc(old + 1);
    int reading = old ? REAL(open)(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t got = reading >= 0 ? pread(reading, bytes, old, offset) : 0;
    if (reading >= 0) close(reading);
    note('W', status.st_ino, (uint64_t)offset, (uint64_t)status.st_size, bytes, got > 0 ? (uint64_t)got : 0, 0, 0);
    free(bytes);
}

#define WRITER(type, name, parameters, arguments, offset, count)                                                                  \
    type name parameters {                                                                                                        \
        pthread_mutex_lock(&lock);                                                                                                \
        if (begin()) note_write(fd, offset, count);                                                                               \
        type result = REAL(name) arguments;                                                                                       \
        int error = errno;                                                                                                        \
        pthread_mutex_unlock(&lock);                                                                                              \
        errno = error;                                                                                                            \
        return result;                                                                                                            \
    }

WRITER(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count), lseek(fd, 0, SEEK_CUR), count)
WRITER(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t offset), (fd, bytes, count, offset), offset, count)
WRITER(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t offset), (fd, bytes, count, offset), offset, count)

static void note_cut(int fd, off_t length) {
    struct stat status;
    if (fstat(fd, &status) == 0 && length < status.st_size) note_write(fd, length, (size_t)(status.st_size - length));
    else note_write(fd, length, 0);
}

#define CUTTER(name, type)                                                                                                        \
    int name(int fd, type length) {                                                                                               \
        pthread_mutex_lock(&lock);                                                                                                \
        if (begin()) note_cut(fd, length);                                                                                        \
        int result = REAL(name)(fd, length);                                                                                      \
        int error = errno;                                                                                                        \
        pthread_mutex_unlock(&lock);                                                                                              \
        errno = error;                                                                                                            \
        return result;                                                                                                            \
    }
CUTTER(ftruncate, off_t)
CUTTER(ftruncate64, off64_t)

#define SYNCER(name)                                                                                                              \
    int name(int fd) {                                                                                                            \
        int result = REAL(name)(fd);                                                                                              \
        int error = errno;                                                                                                        \
        char path[PATH_MAX];                                                                                                      \
        struct stat status;                                                                                                       \
        pthread_mutex_lock(&lock);                                                                                                \
        if (result == 0 && begin() && path_of(fd, path) && fstat(fd, &status) == 0                               \
            && !(deaf && S_ISREG(status.st_mode) && !strstr(path, "sqlite") && !strstr(path, "/keys/")))                        \
            note('S', status.st_ino, 0, 0, 0, 0, 0, 0);    \
        pthread_mutex_unlock(&lock);                                                                                              \
        errno = error;                                                                                                            \
        return result;                                                                                                            \
    }
SYNCER(fsync)
SYNCER(fdatasync)

static int opened(int fd, const char *path, int flags, int was) {
    if (fd >= 0 && (flags & O_CREAT) && !was) {
        keep(path);
        note_name('C', path, 0);
    }
    return fd;
}

#define OPENER(name)                                                                                                              \
    int name(const char *path, int flags, ...) {                                                                                  \
        va_list rest;                                                                                                             \
        va_start(rest, flags);                                                                                                    \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                                   \
        va_end(rest);                                                                                                             \
        if (!(flags & (O_CREAT | O_TRUNC)) || !inside(path)) return REAL(name)(path, flags, mode);                                \
        pthread_mutex_lock(&lock);                                                                                                \
        int was = access(path, F_OK) == 0;                                                                                        \
        if (was && (flags & O_TRUNC)) abort();                                                                                    \
        int result = opened(REAL(name)(path, flags, mode), path, flags, was);                                                     \
        int error = errno;                                                                                                        \
        pthread_mutex_unlock(&lock);                                                                                              \
        errno = error;                                                                                                            \
        return result;                                                                                                            \
    }
OPENER(open)
OPENER(open64)

int mkdir(const char *path, mode_t mode) {
    if (!inside(path)) return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&lock);
    int result = REAL(mkdir)(path, mode);
    int error = errno;
    if (result == 0) note_name('M', path, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int unlink(const char *path) {
    if (!inside(path)) return REAL(unlink)(path);
    pthread_mutex_lock(&lock);
    keep(path);
    if (inode_of(path)) note_name('U', path, 0);
    int result = REAL(unlink)(path);
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int link(const char *from, const char *to) {
    if (!inside(to)) return REAL(link)(from, to);
    pthread_mutex_lock(&lock);
    int result = REAL(link)(from, to);
    int error = errno;
    if (result == 0) note_name('L', to, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int rename(const char *from, const char *to) {
    if (!inside(to)) return REAL(rename)(from, to);
    pthread_mutex_lock(&lock);
    keep(from);
    keep(to);
    uint64_t old = inode_of(to);
    note('R', inode_of(from), parent_of(to), old, from, strlen(from), to, strlen(to));
    int result = REAL(rename)(from, to);
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}
