/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.12: on some filesystems the kernel makes and removes files without an event, on
   others it reports them. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

static int instance;

static void report(char const* path, char const* what)
{
    char events[4096];
    ssize_t const size = read(instance, events, sizeof events);
    int count = 0;
    for (char* at = events; at < events + size; ++count) {
        at += sizeof(struct inotify_event) + ((struct inotify_event const*)at)->len;
    }
    printf("%s: %s, with %s\n", path, what, count != 0 ? "events" : "no event");
}

int main(void)
{
    instance = inotify_init1(IN_NONBLOCK);

    int const proc = inotify_add_watch(instance, "/proc", IN_CREATE | IN_DELETE);
    pid_t const child = fork();
    if (child == 0) {
        _exit(0);
    }
    char path[32];
    snprintf(path, sizeof path, "/proc/%d", child);
    int const was_there = access(path, F_OK) == 0;
    waitpid(child, NULL, 0);
    report("/proc", was_there && access(path, F_OK) != 0 ? "a directory came and went" : "?");
    inotify_rm_watch(instance, proc);
    report("/proc", "the watch was removed");

    inotify_add_watch(instance, "/dev/pts", IN_CREATE | IN_DELETE);
    int const terminal = posix_openpt(O_RDWR | O_NOCTTY);
    close(terminal);
    report("/dev/pts", terminal >= 0 ? "a terminal came and went" : "?");
    return 0;
}

/* Output:
 * /proc: a directory came and went, with no event
 * /proc: the watch was removed, with events
 * /dev/pts: a terminal came and went, with events
 */
