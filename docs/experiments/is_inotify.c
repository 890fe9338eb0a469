/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.1: an added watch with an empty path tells whether a descriptor is an inotify
 * instance, and changes nothing. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void ask(char const* what, int fd)
{
    int const wd = inotify_add_watch(fd, "", IN_MODIFY);
    printf("%s: %s\n", what,
           wd >= 0           ? "a watch"
           : errno == ENOENT ? "ENOENT"
           : errno == EINVAL ? "EINVAL"
           : errno == EBADF  ? "EBADF"
                             : "something else");
}

int main(void)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return 1;
    }
    int const instance = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    ask("inotify instance", instance);
    ask("pipe", ends[0]);
    ask("directory", open("/", O_RDONLY | O_DIRECTORY));
    ask("eventfd", eventfd(0, 0));
    ask("O_PATH descriptor", open("/", O_PATH));
    ask("-1", -1);

    int queued = -1;
    ioctl(instance, FIONREAD, &queued);
    printf("next number: %d, bytes queued: %d\n", inotify_add_watch(instance, "/", IN_MODIFY),
           queued);
    return 0;
}

/* Output:
 * inotify instance: ENOENT
 * pipe: EINVAL
 * directory: EINVAL
 * eventfd: EINVAL
 * O_PATH descriptor: EBADF
 * -1: EBADF
 * next number: 1, bytes queued: 0
 */
