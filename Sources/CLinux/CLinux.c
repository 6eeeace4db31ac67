#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int liuhen_fallocate(int descriptor, int64_t offset, int64_t count) {
    int result;
    do {
        result = fallocate(descriptor, 0, offset, count);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : -errno;
}

int liuhen_start_writeback(int descriptor, int64_t offset, int64_t count) {
    return sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE) == 0 ? 0 : -errno;
}

int liuhen_open_direct(int descriptor) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int opened = open(path, O_WRONLY | O_DIRECT | O_CLOEXEC);
    return opened >= 0 ? opened : -errno;
}

int liuhen_lock_file(int descriptor) {
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno;
}

int liuhen_memory_file(void) {
    int descriptor = memfd_create("liuhen", MFD_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}

int liuhen_unnamed_file(const char *directory) {
    int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return descriptor >= 0 ? descriptor : -errno;
}

int liuhen_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno;
}

int liuhen_has_ended(pid_t child) {
    siginfo_t info = {.si_pid = 0};
    if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return -errno;
    return info.si_pid == child;
}
