/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.10: behind the last entry of a listing stands a place that is behind no other one,
 * "." has the inode of the directory, and no call gives a name twice, also while another process
 * renames. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    buffer_size = 32 * 1024,
    most_files = 5000,
    rounds = 30
};

struct record
{
    uint64_t inode;
    int64_t next;
    uint16_t size;
    unsigned char type;
    char name[];
};

static _Alignas(8) char buffer[buffer_size];
static unsigned char seen[most_files];

static void in_this(char* path, char const* directory, char prefix, int n)
{
    sprintf(path, "%s/%c%d", directory, prefix, n);
}

/* How many names that consist of a letter and a number one call has given twice. */
static int count_twice(long size)
{
    int twice = 0;
    memset(seen, 0, sizeof seen);
    for (long at = 0; at < size;) {
        struct record const* const entry = (struct record const*)(void*)(buffer + at);
        int const n = atoi(entry->name + 1);
        int const bit = entry->name[0] == 'a' ? 1 : 2;
        if (entry->name[0] != '.') {
            twice += (seen[n] & bit) != 0;
            seen[n] |= (unsigned char)bit;
        }
        at += entry->size;
    }
    return twice;
}

/* The place behind the last entry; 0 if it is behind another one as well. */
static int64_t find_end(char const* directory, int* has_own_inode)
{
    struct stat status;
    int64_t end = 0;
    int64_t before = 0;
    int const fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fstat(fd, &status);
    long size = 0;
    for (int pass = 0; pass != 2; ++pass) {
        lseek(fd, 0, SEEK_SET);
        while ((size = syscall(SYS_getdents64, fd, buffer, (size_t)buffer_size)) > 0) {
            for (long at = 0; at < size;) {
                struct record const* const entry = (struct record const*)(void*)(buffer + at);
                at += entry->size;
                if (strcmp(entry->name, ".") == 0) {
                    *has_own_inode &= entry->inode == status.st_ino;
                }
                if (pass == 0) {
                    end = entry->next;
                } else {
                    before += entry->next == end;
                }
            }
        }
    }
    close(fd);
    return before == 1 ? end : 0;
}

static pid_t rename_files(char const* directory)
{
    pid_t const child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    for (int n = 0; child == 0; n = (n + 7) % most_files) {
        char from[64];
        char to[64];
        in_this(from, directory, 'a', n);
        in_this(to, directory, 'b', n);
        if (rename(from, to) != 0) {
            rename(to, from);
        }
    }
    return child;
}

static int look_at(char const* what, char const* place, uint32_t type)
{
    char directory[64];
    char path[80];
    struct statfs filesystem;
    int has_own_inode = 1;
    int64_t last_end = 0;
    int twice = 0;
    snprintf(directory, sizeof directory, "%s/listingXXXXXX", place);
    if (statfs(place, &filesystem) != 0 || (uint32_t)filesystem.f_type != type ||
        mkdtemp(directory) == NULL) {
        return 77;
    }
    printf("%s:", what);
    for (int made = 0; made <= most_files; ++made) {
        if (made == 0 || made == 1 || made == 3 || made == 200 || made == most_files) {
            int64_t const end = find_end(directory, &has_own_inode);
            if (end != last_end || end == 0) {
                printf(" %#llx", (unsigned long long)end);
            }
            last_end = end;
        }
        if (made != most_files) {
            in_this(path, directory, 'a', made);
            close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        }
    }
    printf("\n\".\" has the inode: %s\n", has_own_inode ? "yes" : "no");

    pid_t const child = rename_files(directory);
    for (int round = 0; round != rounds; ++round) {
        int const fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        long size = 0;
        while ((size = syscall(SYS_getdents64, fd, buffer, (size_t)buffer_size)) > 0) {
            twice += count_twice(size);
        }
        close(fd);
    }
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    printf("names twice in one call: %d\n", twice);
    for (int n = 0; n != most_files; ++n) {
        in_this(path, directory, 'a', n);
        unlink(path);
        in_this(path, directory, 'b', n);
        unlink(path);
    }
    rmdir(directory);
    return 0;
}

int main(int count, char** arguments)
{
    struct utsname system;
    int major = 0;
    int minor = 0;
    uname(&system);
    sscanf(system.release, "%d.%d", &major, &minor);
    if (major * 1000 + minor < 6014) {
        /* tmpfs has another place for the end, or none. */
        return 77;
    }
    int const on_disk =
        look_at("ext4", count > 1 ? arguments[1] : "/tmp", (uint32_t)EXT4_SUPER_MAGIC);
    return on_disk != 0 ? on_disk : look_at("tmpfs", "/dev/shm", (uint32_t)TMPFS_MAGIC);
}

/* Output:
 * ext4: 0x7fffffffffffffff
 * "." has the inode: yes
 * names twice in one call: 0
 * tmpfs: 0x7fffffff
 * "." has the inode: yes
 * names twice in one call: 0
 */
