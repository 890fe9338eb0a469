/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.6: which event utimensat(2) makes depends on which of the two times it sets. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int instance;

static void set_times(char const* which, int file, long access, long modification)
{
    struct timespec const times[2] = {{1, access}, {1, modification}};
    struct inotify_event event = {0};
    futimens(file, times);
    if (read(instance, &event, sizeof event) != (ssize_t)sizeof event) {
        event.mask = 0;
    }
    printf("%s: %s\n", which,
           event.mask == IN_ATTRIB   ? "IN_ATTRIB"
           : event.mask == IN_MODIFY ? "IN_MODIFY"
           : event.mask == IN_ACCESS ? "IN_ACCESS"
                                     : "another");
}

int main(void)
{
    char path[64];
    int const file = memfd_create("times", MFD_CLOEXEC);
    instance = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    inotify_add_watch(instance, path, IN_ALL_EVENTS);
    set_times("both times", file, 0, 0);
    set_times("modification only", file, UTIME_OMIT, 0);
    set_times("access only", file, 0, UTIME_OMIT);
    return 0;
}

/* Output:
 * both times: IN_ATTRIB
 * modification only: IN_MODIFY
 * access only: IN_ACCESS
 */
