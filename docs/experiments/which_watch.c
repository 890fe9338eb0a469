/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.3: adding nothing but IN_IGNORED to the mask of a watch, with IN_MASK_ADD, tells the
 * number of the watch that is on what a path names, and changes neither mask nor flags. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <unistd.h>

static int fd;

/* The masks of the watches, as the kernel shows them. */
static void show_masks(void)
{
    char path[64];
    char line[512];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    FILE* const file = fopen(path, "re");
    if (file == NULL) {
        exit(1);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        int wd = 0;
        char const* const mask = strstr(line, "mask:");
        if (sscanf(line, "inotify wd:%x", (unsigned*)&wd) == 1 && mask != NULL) {
            printf(" %d has %.*s", wd, (int)strcspn(mask, " "), mask);
        }
    }
    printf("\n");
    fclose(file);
}

int main(void)
{
    char path[64];
    int const first = memfd_create("first", MFD_CLOEXEC);
    int const second = memfd_create("second", MFD_CLOEXEC);
    fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

    snprintf(path, sizeof path, "/proc/self/fd/%d", first);
    printf("watch: %d\n", inotify_add_watch(fd, path, IN_MODIFY));
    printf("before:");
    show_masks();
    printf("asked: %d\n", inotify_add_watch(fd, path, IN_MASK_ADD | IN_IGNORED));
    printf("after:");
    show_masks();
    snprintf(path, sizeof path, "/proc/self/fd/%d", second);
    printf("asked of what is not watched, it makes a watch: %d\n",
           inotify_add_watch(fd, path, IN_MASK_ADD | IN_IGNORED));
    return 0;
}

/* Output:
 * watch: 1
 * before: 1 has mask:2
 * asked: 1
 * after: 1 has mask:2
 * asked of what is not watched, it makes a watch: 2
 */
