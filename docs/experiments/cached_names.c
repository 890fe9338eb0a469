/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.11: inotify_add_watch takes longer the more names in the directory the kernel has
 * in its cache, also if nothing has them: those that were looked for in vain. The times go to the
 * standard error. Arguments: another directory than /tmp; anything, to have files for all names. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum
{
    rounds = 21
};

static int instance;
static char directory[64];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(void const* a, void const* b)
{
    double const first = *(double const*)a;
    double const second = *(double const*)b;
    return (first > second) - (first < second);
}

/* The medians, in nanoseconds. */
static double time_add(uint32_t mask, double* removal)
{
    double adds[rounds];
    double removals[rounds];
    for (int n = 0; n != rounds; ++n) {
        double const start = now();
        int const wd = inotify_add_watch(instance, directory, mask);
        double const added = now();
        inotify_rm_watch(instance, wd);
        adds[n] = added - start;
        removals[n] = now() - added;
    }
    qsort(adds, rounds, sizeof *adds, compare);
    qsort(removals, rounds, sizeof *removals, compare);
    *removal = removals[rounds / 2];
    return adds[rounds / 2];
}

static double measure(int names, double without)
{
    double removal = 0;
    double const alone = time_add(IN_DELETE_SELF | IN_MOVE_SELF, &removal);
    double const add = time_add(IN_ALL_EVENTS, &removal);
    fprintf(stderr, "%6d names: add %.0f ns, removal %.0f ns", names, add, removal);
    if (without != 0) {
        fprintf(stderr, ", %.0f ns more for each name", (add - without) / names);
    }
    fprintf(stderr, "; add for events of the directory itself %.0f ns\n", alone);
    return add;
}

static char const* answer(int is_so)
{
    return is_so ? "yes" : "no";
}

int main(int count, char** arguments)
{
    static int const sizes[] = {0, 1000, 100000};
    char const* const place = count > 1 ? arguments[1] : "/tmp";
    char path[96];
    double add[3];
    struct stat status;
    struct statfs filesystem;
    int made = 0;
    int files = 0;
    snprintf(directory, sizeof directory, "%s/cachedXXXXXX", place);
    instance = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (statfs(place, &filesystem) != 0 ||
        ((uint32_t)filesystem.f_type == TMPFS_MAGIC && count <= 2) || instance < 0 ||
        mkdtemp(directory) == NULL) {
        /* What tmpfs does not have, it does not look for twice either. */
        return 77;
    }
    for (int step = 0; step != 3; ++step) {
        for (; made != sizes[step]; ++made) {
            snprintf(path, sizeof path, "%s/%d", directory, made);
            if (step == 1 || count > 2) {
                close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
                files = made + 1;
            }
            stat(path, &status);
        }
        add[step] = measure(made, step == 0 ? 0 : add[0]);
    }
    fputs("if another instance watches it:\n", stderr);
    inotify_add_watch(inotify_init1(IN_CLOEXEC), directory, IN_ALL_EVENTS);
    measure(made, add[0]);
    while (files != 0) {
        snprintf(path, sizeof path, "%s/%d", directory, --files);
        unlink(path);
    }
    rmdir(directory);
    printf("longer with 1000 names: %s\n", answer(add[1] > 2 * add[0]));
    printf("longer with 100000 names: %s\n", answer(add[2] > 20 * add[1]));
    return 0;
}

/* Output:
 * longer with 1000 names: yes
 * longer with 100000 names: yes
 */
