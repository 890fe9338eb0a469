/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.9: while a directory is renamed or exchanged, nothing else is told of entries of
   the two parents; and that it has moved, the directory tells before the next of those events.
   Processes make files in both parents and elsewhere meanwhile. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    rounds = 50000
};

static pid_t disturb(char const* path)
{
    pid_t const child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    while (child == 0) {
        close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        unlink(path);
    }
    return child;
}

int main(void)
{
    char directory[] = "/tmp/lockedXXXXXX";
    if (mkdtemp(directory) == NULL || chdir(directory) != 0) {
        return 1;
    }
    mkdir("one", 0700);
    mkdir("other", 0700);
    mkdir("elsewhere", 0700);
    mkdir("one/a", 0700);
    mkdir("other/b", 0700);
    int const instance = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    unsigned const entries = IN_CREATE | IN_DELETE | IN_MOVE;
    int const one = inotify_add_watch(instance, "one", entries);
    int const other = inotify_add_watch(instance, "other", entries);
    inotify_add_watch(instance, "elsewhere", entries);
    int const moved[] = {inotify_add_watch(instance, "one/a", IN_MOVE_SELF),
                         inotify_add_watch(instance, "other/b", IN_MOVE_SELF)};
    pid_t const children[] = {disturb("one/x"), disturb("other/x"), disturb("elsewhere/x")};
    /* Six events are expected in this order, of the two parents and the two directories. */
    unsigned wrong = 0;
    unsigned between = 0;
    unsigned seen = 0;
    for (int i = 0; i < rounds; ++i) {
        static char events[1 << 20];
        renameat2(AT_FDCWD, "one/a", AT_FDCWD, "other/b", RENAME_EXCHANGE);
        ssize_t const size = read(instance, events, sizeof events);
        int step = 0;
        for (char* at = events; at < events + size;) {
            struct inotify_event const* event = (struct inotify_event const*)at;
            at += sizeof *event + event->len;
            unsigned const mask = event->mask & ~IN_ISDIR;
            if (event->mask & IN_Q_OVERFLOW) {
                step = -1;
                break;
            }
            if (mask == IN_MOVE_SELF) {
                /* Of what was at one/a before this exchange, then of the other one. */
                wrong += step == 2 || step == 5 ? event->wd != moved[(i + step / 5) % 2] : 1;
                ++step;
            } else if (mask & IN_MOVE) {
                int const wd = step == 0 || step == 4 ? one : other;
                wrong += event->wd != wd || step == 2 || step == 5;
                ++step;
            } else if (step > 0 && step < 6) {
                between += event->wd != one && event->wd != other;
                wrong += event->wd == one || event->wd == other;
            }
        }
        seen += step == 6;
    }
    for (int i = 0; i < 3; ++i) {
        if (children[i] > 0) {
            kill(children[i], SIGKILL);
            waitpid(children[i], NULL, 0);
        }
    }
    printf("%s exchanges seen, %s in another order, events of elsewhere between: %s\n",
           seen > rounds / 2 ? "most" : "few", wrong == 0 ? "none" : "some",
           between != 0 ? "some" : "none");
    char const* const files[] = {"one/x", "other/x", "elsewhere/x"};
    char const* const directories[] = {"one/a", "other/b", "one", "other", "elsewhere", directory};
    for (int i = 0; i < 3; ++i) {
        unlink(files[i]);
    }
    for (int i = 0; i < 6; ++i) {
        rmdir(directories[i]);
    }
    return 0;
}

/* Output:
 * most exchanges seen, none in another order, events of elsewhere between: some
 */
