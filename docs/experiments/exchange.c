/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.7: when an entry of a watched directory is exchanged with one from elsewhere, the
   last event can be that of the entry that left, although there is one by its name. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static int instance;

static void exchange(char const* one, char const* other)
{
    char events[4096];
    renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
    ssize_t const size = read(instance, events, sizeof events);
    printf("exchange of %s and %s:", one, other);
    for (char* at = events; at < events + size;) {
        struct inotify_event const* event = (struct inotify_event const*)at;
        printf(" %s %s,", event->mask == IN_MOVED_FROM ? "MOVED_FROM" : "MOVED_TO", event->name);
        at += sizeof *event + event->len;
    }
    printf(" and x %s\n", access("in/x", F_OK) == 0 ? "exists" : "is gone");
}

int main(void)
{
    char directory[] = "/tmp/exchangeXXXXXX";
    if (mkdtemp(directory) == NULL || chdir(directory) != 0) {
        return 1;
    }
    mkdir("in", 0700);
    mkdir("out", 0700);
    close(open("in/x", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    close(open("out/y", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    instance = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    inotify_add_watch(instance, "in", IN_MOVE);
    exchange("in/x", "out/y");
    exchange("out/y", "in/x");
    unlink("in/x");
    unlink("out/y");
    rmdir("in");
    rmdir("out");
    rmdir(directory);
    return 0;
}

/* Output:
 * exchange of in/x and out/y: MOVED_FROM x, MOVED_TO x, and x exists
 * exchange of out/y and in/x: MOVED_TO x, MOVED_FROM x, and x exists
 */
