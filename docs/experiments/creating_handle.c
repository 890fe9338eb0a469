/*
 * Copyright (c) 2026 The asio-inotify authors
 *
 * Distributed under the Boost Software License, Version 1.0. (See accompanying
 * file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
 */

/* Kernel note A.8: of an object that is gone, open_by_handle_at also says that memory is lacking,
 * while another one is being made under its inode number. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/creating_handle.XXXXXX";
static atomic_int over;

static void* make_files(void* unused)
{
    char file[64];
    (void)unused;
    for (int n = 0; !over; ++n) {
        snprintf(file, sizeof file, "%s/other%d", directory, n % 50);
        close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        unlink(file);
    }
    return NULL;
}

/* How often memory was lacking. */
static int look_for_what_is_gone(int rounds)
{
    char file[64];
    int lacking = 0;
    int mount = 0;
    int const at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct file_handle* const handle = calloc(1, sizeof *handle + 128);
    snprintf(file, sizeof file, "%s/file", directory);
    for (int round = 0; round != rounds && lacking == 0; ++round) {
        handle->handle_bytes = 128;
        close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        int const failed = name_to_handle_at(AT_FDCWD, file, handle, &mount, 0);
        unlink(file);
        for (int n = 0; n != 20; ++n) {
            int const fd = open_by_handle_at(at, handle, O_PATH | O_CLOEXEC);
            if (failed != 0 || fd >= 0 || (errno != ESTALE && errno != ENOMEM)) {
                /* No handles here, or they are for CAP_DAC_READ_SEARCH. */
                lacking = -1;
                break;
            }
            lacking += errno == ENOMEM;
        }
    }
    free(handle);
    close(at);
    return lacking;
}

int main(void)
{
    pthread_t thread;
    if (mkdtemp(directory) == NULL) {
        return 1;
    }
    int const alone = look_for_what_is_gone(100);
    pthread_create(&thread, NULL, make_files, NULL);
    int const meanwhile = alone < 0 ? alone : look_for_what_is_gone(100000);
    over = 1;
    pthread_join(thread, NULL);
    rmdir(directory);
    if (alone != 0 || meanwhile <= 0) {
        /* Others make files too, or this filesystem gives no number again so soon. */
        return 77;
    }
    printf("nobody makes files: %s\n", strerror(ESTALE));
    printf("files are made: at times %s\n", strerror(ENOMEM));
    return 0;
}

/* Output:
 * nobody makes files: Stale file handle
 * files are made: at times Cannot allocate memory
 */
