/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.5: an object can be opened by its handle without an event for those who watch the
 * directory by which the filesystem is named: the working directory of a thread of its own. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char directory[] = "/tmp/quiet_handle.XXXXXX";
static char file[64];
static struct file_handle* handle;

static void* by_working_directory(void* unused)
{
    (void)unused;
    int const at = open(directory, O_PATH | O_CLOEXEC);
    if (unshare(CLONE_FS) == 0 && fchdir(at) == 0) {
        int const fd = open_by_handle_at(AT_FDCWD, handle, O_PATH | O_CLOEXEC);
        if (fd < 0) {
            /* Handles are for CAP_DAC_READ_SEARCH. */
            unlink(file);
            rmdir(directory);
            exit(77);
        }
        printf("by the working directory: opened\n");
        close(fd);
    }
    close(at);
    return NULL;
}

static int queued(int instance)
{
    int size = 0;
    ioctl(instance, FIONREAD, &size);
    return size;
}

int main(void)
{
    char before[256];
    char after[256];
    int mount = 0;
    if (mkdtemp(directory) == NULL) {
        return 1;
    }
    snprintf(file, sizeof file, "%s/file", directory);
    close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    handle = calloc(1, sizeof *handle + 128);
    handle->handle_bytes = 128;
    if (name_to_handle_at(AT_FDCWD, file, handle, &mount, 0) != 0) {
        unlink(file);
        rmdir(directory);
        return 77;
    }
    int const instance = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    inotify_add_watch(instance, directory, IN_ALL_EVENTS);
    pthread_t thread;
    char const* const where = getcwd(before, sizeof before);
    pthread_create(&thread, NULL, by_working_directory, NULL);
    pthread_join(thread, NULL);
    printf("bytes of events: %d\n", queued(instance));
    printf("the process is where it was: %s\n",
           strcmp(where, getcwd(after, sizeof after)) == 0 ? "yes" : "no");

    int const at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const fd = open_by_handle_at(at, handle, O_PATH | O_CLOEXEC);
    printf("by an open directory: %s\n", fd >= 0 ? "opened" : strerror(errno));
    close(fd);
    close(at);
    printf("bytes of events: %s\n", queued(instance) > 0 ? "some" : "0");
    int const path = open(directory, O_PATH | O_CLOEXEC);
    int const by_path = open_by_handle_at(path, handle, O_PATH | O_CLOEXEC);
    printf("by an O_PATH descriptor: %s\n", by_path >= 0 ? "opened" : strerror(errno));
    close(path);
    unlink(file);
    rmdir(directory);
    return 0;
}

/* Output:
 * by the working directory: opened
 * bytes of events: 0
 * the process is where it was: yes
 * by an open directory: opened
 * bytes of events: some
 * by an O_PATH descriptor: Bad file descriptor
 */
