#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The Landlock part of the kernel's interface (Documentation/userspace-api/landlock.rst), written out because
// Debian 12's headers know only its first version.
struct ruleset { uint64_t files; uint64_t tcp; };
struct __attribute__((packed)) beneath { uint64_t allowed; int32_t parent; };
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, RULE_BENEATH = 1 };
enum { EXECUTE = 1 << 0, READ_FILE = 1 << 2, READ_DIRECTORY = 1 << 3 };

static void limit(int resource, uint64_t value) {
    struct rlimit both = {.rlim_cur = value, .rlim_max = value};
    setrlimit(resource, &both);
}

// Everything the kernel's version can forbid is forbidden; reading and executing beneath the given paths is let.
static int32_t restrict_files(const char *const *readable) {
    long version = syscall(CREATE_RULESET, NULL, 0, 1);
    if (version < 1) return 0;
    struct ruleset ruleset = {
        .files = version >= 3 ? (1 << 15) - 1 : version == 2 ? (1 << 14) - 1 : (1 << 13) - 1,
        .tcp = version >= 4 ? 3 : 0};
    size_t size = version >= 4 ? sizeof ruleset : offsetof(struct ruleset, tcp);
    int rules = (int)syscall(CREATE_RULESET, &ruleset, size, 0);
    if (rules < 0) return 0;
    for (; *readable; readable++) {
        struct beneath rule = {.allowed = EXECUTE | READ_FILE, .parent = open(*readable, O_PATH | O_CLOEXEC)};
        if (rule.parent < 0) continue;
        struct stat status;
        if (fstat(rule.parent, &status) == 0 && S_ISDIR(status.st_mode)) rule.allowed |= READ_DIRECTORY;
        syscall(ADD_RULE, rules, RULE_BENEATH, &rule, 0);
        close(rule.parent);
    }
    int failed = syscall(RESTRICT_SELF, rules, 0) != 0;
    close(rules);
    if (failed) return 0;
    return version >= 4 ? LIUHEN_LANDLOCK_FILES | LIUHEN_LANDLOCK_TCP : LIUHEN_LANDLOCK_FILES;
}

// Runs between fork and exec of a program with many threads: system calls only, no allocation, no locks.
static void become(
    const char *path, char *const argv[], char *const envp[], const int descriptors[3],
    const struct liuhen_confinement *confinement, pid_t parent, int report
) {
    int32_t answer[2] = {0, 0};
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    // Above 2 first: a descriptor that is already 0, 1 or 2 must not be overwritten before it is copied.
    int copies[3];
    for (int index = 0; index < 3; index++) copies[index] = fcntl(descriptors[index], F_DUPFD_CLOEXEC, 10);
    int reporting = fcntl(report, F_DUPFD_CLOEXEC, 10);
    for (int index = 0; index < 3; index++) dup2(copies[index], index);
    dup2(reporting, 3);
    fcntl(3, F_SETFD, FD_CLOEXEC);
    syscall(SYS_close_range, 4, ~0U, 0);

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);

    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    if (confinement->address_space) limit(RLIMIT_AS, confinement->address_space);
    if (confinement->cpu_seconds) limit(RLIMIT_CPU, confinement->cpu_seconds);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    // A network namespace has no interface but its own loopback, which is down. Without privilege it needs a user
    // namespace of its own, and some kernels forbid those: then Landlock and the allow-list of protocols remain.
    if (unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) answer[0] |= LIUHEN_NO_NETWORK;
    if (confinement->readable) answer[0] |= restrict_files(confinement->readable);
    if (write(3, &answer[0], sizeof answer[0]) != sizeof answer[0]) _exit(127);
    // A program file that somebody has open for writing cannot be started: one that is just being upgraded, or one
    // whose descriptor another child of this process still holds between its own fork and exec. Both soon pass.
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    for (int attempt = 0; attempt < 50; attempt++) {
        execve(path, argv, envp);
        answer[1] = errno;
        if (errno != ETXTBSY) break;
        nanosleep(&pause, NULL);
    }
    if (write(3, &answer[1], sizeof answer[1]) != sizeof answer[1]) _exit(126);
    _exit(127);
}

int liuhen_spawn(
    const char *path, char *const argv[], char *const envp[], int in, int out, int err,
    const struct liuhen_confinement *confinement, int32_t *reached
) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    int descriptors[3] = {in, out, err};
    pid_t parent = getpid();
    // No signal handler of the server may run in the child before exec.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) become(path, argv, envp, descriptors, confinement, parent, report[1]);
    int failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (child < 0) {
        close(report[0]);
        return -failure;
    }
    int32_t answer[2] = {0, 0};
    size_t received = 0;
    int waited = 0;
    // What the child does until then takes milliseconds, unless a library that stands in for the system's own calls holds a
    // lock that a thread of the parent had at the fork: that thread is not there to give it back.
    struct pollfd told = {.fd = report[0], .events = POLLIN};
    while (received < sizeof answer) {
        waited = poll(&told, 1, confinement->start_milliseconds ? (int)confinement->start_milliseconds : -1);
        if (waited == 0) break;
        if (waited < 0 && errno == EINTR) continue;
        ssize_t count = read(report[0], (char *)answer + received, sizeof answer - received);
        if (count > 0) received += (size_t)count;
        else if (count == 0 || errno != EINTR) break;
    }
    close(report[0]);
    *reached = answer[0];
    if (waited == 0) {
        kill(child, SIGKILL);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return -ETIMEDOUT;
    }
    if (received == sizeof answer || received < sizeof answer[0]) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return received == sizeof answer ? -answer[1] : -EIO;
    }
    return child;
}
