#
# Copyright (c) 2026 The asio-inotify authors
#
# Distributed under the Boost Software License, Version 1.0. (See accompanying
# file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
#

"""What the kernel refuses."""

import ctypes
import json
import os
import platform
import resource
import struct

import support

libc = ctypes.CDLL(None, use_errno=True)

WATCHES = ("the user's limit of watches is reached; see /proc/sys/fs/inotify/max_user_watches, "
           "in a user namespace also /proc/sys/user/max_inotify_watches, and inotify(7)")
INSTANCES = ("the user's limit of inotify instances is reached; see "
             "/proc/sys/fs/inotify/max_user_instances, in a user namespace also "
             "/proc/sys/user/max_inotify_instances, and inotify(7)")


def probe(change):
    """True if a function succeeds in a child of its own."""
    child = os.fork()
    if child == 0:
        try:
            change()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


class Permission(support.TestCase):
    def test_unreadable(self):
        directory = self.make_directory("secret")
        user = {}
        if os.geteuid() == 0:
            os.chmod(self.directory, 0o755)
            user = {"user": 65534, "group": 65534, "extra_groups": []}
            if not os.access(support.PROGRAM, os.X_OK) or not self.reachable(user):
                support.skip("another user cannot execute the program here")
        os.chmod(directory, 0)
        self.assert_refused(support.run(directory, **user),
                            f"cannot watch: {directory}: Permission denied")
        os.chmod(directory, 0o755)

    def reachable(self, user):
        try:
            return support.run("--version", **user).returncode == 0
        except PermissionError:
            return False


class Namespace(support.TestCase):
    """Limits of a user namespace, so that the machine's are left alone."""

    def limit(self, name, value):
        def change():
            if libc.unshare(0x10000000) != 0:
                raise OSError("no user namespace")
            with open("/proc/sys/user/max_inotify_" + name, "w", encoding="ascii") as file:
                file.write(str(value))
        if not probe(change):
            support.skip("user namespaces cannot be made here")
        return change

    def test_watches(self):
        change = self.limit("watches", 5)
        paths = [self.make_directory(str(index)) for index in range(6)]
        self.assertEqual(support.run("-t", "0.01", *paths[:5], preexec_fn=change).returncode, 2)
        for numbers in ((), ("--wd", "7")):
            self.assert_refused(
                support.run(*numbers, *paths, preexec_fn=change),
                f"cannot watch: {paths[5]}: {WATCHES}")

    def test_watches_of_a_tree(self):
        change = self.limit("watches", 4)
        # The root takes one more, to see that it comes back.
        for name in ("a", "b", "c", "d", "e"):
            self.make_directory(name)
        result = support.run("-rj", "-t", "0.05", self.directory, preexec_fn=change)
        self.assertEqual((result.returncode, result.stderr), (2, b""))
        ready, *lines = map(json.loads, result.stdout.splitlines())
        self.assertEqual(ready["watches"] + len(lines), 6)
        for line in lines:
            self.assertEqual(list(line), ["change", "type", "path", "error"])
            self.assertEqual((line["change"], line["type"], line["error"]),
                             ("uncovered", "dir", WATCHES))
        result = support.run("-r", "-t", "0.05", self.directory, preexec_fn=change)
        self.assertIn(f": {WATCHES}\n".encode(), result.stdout)
        change = self.limit("watches", 0)
        self.assert_refused(
            support.run("-r", self.directory, preexec_fn=change),
            f"cannot watch: {self.directory}: {WATCHES}")

    def test_watches_of_files(self):
        self.assert_refused(
            support.run("-f", self.directory + "/x", preexec_fn=self.limit("watches", 0)),
            f"cannot watch: {self.directory}/x: {WATCHES}")

    def test_instances(self):
        change = self.limit("instances", 0)
        for mode in ((), ("-r",), ("-f",)):
            self.assert_refused(support.run(*mode, self.directory, preexec_fn=change),
                                f"cannot start: inotify: {INSTANCES}")

    def test_descriptors(self):
        # With some number of descriptors the others can be made, and the instance cannot.
        for mode in ((), ("-r",), ("-f",)):
            errors = {support.run(*mode, "-t", "0.01", self.directory,
                                  preexec_fn=lambda most=most: resource.setrlimit(
                                      resource.RLIMIT_NOFILE, (most, most))).stderr
                      for most in range(4, 16)}
            self.assertIn(b"asio-watch: cannot start: inotify: Too many open files; "
                          b"see ulimit -n (RLIMIT_NOFILE)\n", errors)


class WithoutProc(support.TestCase):
    """The error is about /proc, and not about the watched path."""

    def test_message(self):
        def change():
            if libc.unshare(0x10000000 | 0x00020000) != 0:
                raise OSError("no user and mount namespace")
            # Recursively private, so that the mount is seen by no other process.
            if (libc.mount(b"none", b"/", None, 0x44000, None) != 0 or
                    libc.mount(b"none", b"/proc", b"tmpfs", 0, None) != 0):
                raise OSError("nothing can be mounted over /proc")
        if not probe(change):
            support.skip("nothing can be mounted over /proc here")
        for mode in (("-r",), ("-f",)):
            self.assert_refused(support.run(*mode, self.directory, preexec_fn=change),
                                "cannot start: inotify: /proc is not mounted")


class OldKernel(support.TestCase):
    """A kernel without INOTIFY_IOC_SETNEXTWD, played by a filter for system calls."""

    def without_ioctl(self):
        try:
            number = {"x86_64": 16, "aarch64": 29}[platform.machine()]
        except KeyError:
            support.skip("the numbers of this machine's system calls are not known here")
        # ioctl with this request: ENOTTY. Everything else is let through.
        program = b"".join(struct.pack("=HBBI", *step) for step in (
            (0x20, 0, 0, 0), (0x15, 0, 3, number), (0x20, 0, 0, 24), (0x15, 0, 1, 0x40044900),
            (0x06, 0, 0, 0x00050000 | 25), (0x06, 0, 0, 0x7fff0000)))
        steps = ctypes.create_string_buffer(program)
        header = struct.pack("@HP", len(program) // 8, ctypes.addressof(steps))

        def change():
            steps  # pylint: disable=pointless-statement
            if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, header, 0, 0) != 0:
                raise OSError("no filter")
        if not probe(change):
            support.skip("system calls cannot be filtered here")
        return change

    def test_chosen_numbers(self):
        self.assert_refused(
            support.run("--wd", "7", self.directory, preexec_fn=self.without_ioctl()),
            f"cannot watch: {self.directory}: this kernel does not let watch descriptors be chosen"
            "; --wd needs Linux 4.17, built with checkpoint/restore")

    def test_everything_else(self):
        result = support.run("-t", "0.01", self.directory, preexec_fn=self.without_ioctl())
        self.assertEqual((result.returncode, result.stderr), (2, b""))

    def test_restore(self):
        # Numbers that the kernel gives by itself come back, others do not.
        directories = [self.make_directory(name) for name in ("a", "b", "c")]
        file = self.path("snapshot")
        for first, lines in (
                ("1", []),
                ("7", [b'{"restore":"failed","wd":%d,"path":"%s"}' % (7 + at, path.encode())
                       for at, path in enumerate(directories)])):
            support.run("-t", "0.01", "--wd", first, "--save", file, *directories)
            result = support.run("-j", "-t", "0.01", "--restore", file, "/",
                                 preexec_fn=self.without_ioctl())
            self.assertEqual((result.returncode, result.stderr), (2, b""))
            watches = 1 if lines else 4
            self.assertEqual(result.stdout.splitlines(),
                             [*lines, b'{"ready":true,"watches":%d}' % watches])
