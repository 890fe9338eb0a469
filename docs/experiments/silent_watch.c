/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.2: a file made by memfd_create can be watched through /proc/self/fd, and with the
 * mask IN_IGNORED alone the watch is accepted but reports nothing. */

#define _GNU_SOURCE
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <unistd.h>

static int fd;

static int bytes_of_events(void)
{
    char buffer[4096];
    ssize_t const size = read(fd, buffer, sizeof buffer);
    return size < 0 ? 0 : (int)size;
}

static void use(int file)
{
    char byte = 'x';
    if (write(file, &byte, 1) != 1 || ftruncate(file, 0) != 0) {
        printf("the file cannot be used\n");
    }
}

int main(void)
{
    char path[64];
    int const first = memfd_create("first", MFD_CLOEXEC);
    int const second = memfd_create("second", MFD_CLOEXEC);
    fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

    snprintf(path, sizeof path, "/proc/self/fd/%d", first);
    printf("silent watch: %d\n", inotify_add_watch(fd, path, IN_IGNORED));
    printf("the same inode again: %d\n", inotify_add_watch(fd, path, IN_IGNORED));
    snprintf(path, sizeof path, "/proc/self/fd/%d", second);
    printf("another inode: %d\n", inotify_add_watch(fd, path, IN_IGNORED));

    use(first);
    printf("events of a silent watch: %d bytes\n", bytes_of_events());
    printf("the watch hears when asked to: %d", inotify_add_watch(fd, path, IN_MODIFY));
    use(second);
    printf(", %d bytes\n", bytes_of_events());
    inotify_rm_watch(fd, 1);
    printf("removing the silent watch: %d bytes\n", bytes_of_events());
    return 0;
}

/* Output:
 * silent watch: 1
 * the same inode again: 1
 * another inode: 2
 * events of a silent watch: 0 bytes
 * the watch hears when asked to: 2, 16 bytes
 * removing the silent watch: 16 bytes
 */
