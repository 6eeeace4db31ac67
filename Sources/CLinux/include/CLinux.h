#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/types.h>

// Linux calls that Swift's Glibc module does not show. Those below return 0, or a descriptor, or minus errno.

/// fallocate(2), mode 0: blocks for the range are there afterwards, and the file is at least that long.
int liuhen_fallocate(int descriptor, int64_t offset, int64_t count);

/// sync_file_range(2) with SYNC_FILE_RANGE_WRITE: starts write-back and waits for nothing. A hint, no durability.
int liuhen_start_writeback(int descriptor, int64_t offset, int64_t count);

/// open(2) with O_DIRECT of the file that `descriptor` has open, for writing past the page cache; closed on exec.
int liuhen_open_direct(int descriptor);

/// flock(2), exclusive, not waiting. The lock ends with the descriptor.
int liuhen_lock_file(int descriptor);

/// memfd_create(2): a file in memory without a name, closed on exec.
int liuhen_memory_file(void);

/// open(2) with O_TMPFILE: a file in `directory` without a name, closed on exec.
int liuhen_unnamed_file(const char *directory);

/// pipe2(2): the reading and the writing end, both closed on exec.
int liuhen_pipe(int ends[2]);

/// Whether the child has ended, without reaping it: 1, 0, or minus errno.
int liuhen_has_ended(pid_t child);

/// How many arenas the allocator has at most, once it is bound.
enum { LIUHEN_ARENAS = 2 };

/// mallopt(3): keeps the allocator's freed memory within bounds; for the first line of a program that runs for months.
/// By itself it gives each of up to eight threads for each processor an arena of its own, which keeps what was freed in
/// it; and it raises by itself the size from which on memory is given back at once. Returns 0, or -1 when refused.
int liuhen_bound_memory(void);

/// malloc_trim(3): gives freed pages of all arenas back to the system. Takes some milliseconds; others that allocate
/// meanwhile wait for a part of them.
void liuhen_give_back_memory(void);

/// How many arenas there are; -1 if the allocator does not say.
int liuhen_count_arenas(void);

// Of SQLite, which whoever calls the function below links.
extern int sqlite3_config(int option, ...);

/// sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0): SQLite counts its memory no more, and so takes no lock of the whole process
/// for each allocation. Only before the first database is opened. Returns 0, or SQLite's code when it is too late.
static inline int liuhen_sqlite_counts_no_memory(void) {
    return sqlite3_config(9, 0);
}

/// What keeps a child within bounds. 0 means no limit of that kind.
struct liuhen_confinement {
    uint64_t address_space;     // RLIMIT_AS, bytes
    uint64_t cpu_seconds;       // RLIMIT_CPU
    uint32_t start_milliseconds;  // until the program runs, at most twice as long in all; below 2^31
    const char *const *readable;  // paths it may read and execute beneath, ended by NULL; NULL: no Landlock
};

/// Bits of what was reached: no network of its own namespace; Landlock on files; Landlock on TCP.
enum { LIUHEN_NO_NETWORK = 1, LIUHEN_LANDLOCK_FILES = 2, LIUHEN_LANDLOCK_TCP = 4 };

/// Starts `path` in a session of its own with exactly the three descriptors as 0, 1, 2 and no other open, unable to
/// write files, to gain privileges, or to outlive the calling thread. Returns the process id (also the group's), or
/// minus errno when it could not be started, -ETIMEDOUT (and nothing of it is left) when it did not start in time. `reached` gets the bits above.
int liuhen_spawn(
    const char *path, char *const argv[], char *const envp[], int in, int out, int err,
    const struct liuhen_confinement *confinement, int32_t *reached);

#endif
