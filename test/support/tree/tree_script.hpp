//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#ifndef ASIO_INOTIFY_TEST_SUPPORT_TREE_TREE_SCRIPT_HPP
#define ASIO_INOTIFY_TEST_SUPPORT_TREE_TREE_SCRIPT_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace test {

/// A change of a tree, or a point at which the watcher runs.
struct tree_operation
{
    enum class kind
    {
        make,
        make_all,
        write,
        unlink,
        remove_directory,
        remove_all,
        move,
        exchange,
        link,
        change_mode,
        // Of the one who watches: a part of what there is to do, or all.
        glance,
        look
    };

    kind what = kind::look;
    std::string path{};
    std::string other{};

    /// As a line of a shell script, as far as there is a command for it.
    [[nodiscard]] std::string text() const
    {
        static constexpr char const* names[] = {"mkdir",        "mkdir -p", "echo x >>", "rm",
                                                "rmdir",        "rm -r",    "mv -T",     "exchange",
                                                "ln -s ../out", "chmod",    "# glance",  "# look"};
        auto line = std::string(names[static_cast<std::size_t>(what)]);
        for (auto const* const argument : {&path, &other}) {
            line += argument->empty() ? "" : " " + *argument;
        }
        return line;
    }

    /// Do it, if it is possible; it need not be.
    void perform(std::filesystem::path const& base) const
    {
        auto const one = (base / path).native();
        auto const two = (base / other).native();
        std::error_code ignored;
        switch (what) {
        case kind::make:
            ::mkdir(one.c_str(), 0755);
            break;
        case kind::make_all:
            std::filesystem::create_directories(one, ignored);
            break;
        case kind::write:
            if (int const fd = ::open(one.c_str(),
                                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
                fd >= 0) {
                static_cast<void>(!::write(fd, "x", 1));
                ::close(fd);
            }
            break;
        case kind::unlink:
            ::unlink(one.c_str());
            break;
        case kind::remove_directory:
            ::rmdir(one.c_str());
            break;
        case kind::remove_all:
            std::filesystem::remove_all(one, ignored);
            break;
        case kind::move:
            ::rename(one.c_str(), two.c_str());
            break;
        case kind::exchange:
            ::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, two.c_str(), RENAME_EXCHANGE);
            break;
        case kind::link:
            static_cast<void>(!::symlink("../out", one.c_str()));
            break;
        case kind::change_mode:
            // Of a link it would be the outside.
            ::fchmodat(AT_FDCWD, one.c_str(), 0700, AT_SYMLINK_NOFOLLOW);
            break;
        case kind::glance:
        case kind::look:
            break;
        }
    }
};

using tree_script = std::vector<tree_operation>;

/// Operations at random, on a few names so that they meet; some beside the tree, and over its edge.
class tree_operations
{
public:
    explicit tree_operations(std::uint64_t seed)
        : random_(seed)
    {}

    [[nodiscard]] std::size_t below(std::size_t bound)
    {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
    }

    [[nodiscard]] tree_operation next()
    {
        using kind = tree_operation::kind;
        static std::vector<std::pair<kind, std::size_t>> const shares = {
            {kind::make, 25},       {kind::write, 25},     {kind::move, 24},
            {kind::unlink, 9},      {kind::exchange, 4},   {kind::remove_directory, 5},
            {kind::make_all, 3},    {kind::remove_all, 1}, {kind::link, 1},
            {kind::change_mode, 3},
        };
        auto at = below(100);
        auto share = shares.begin();
        while (at >= share->second) {
            at -= share->second;
            ++share;
        }
        bool const two = share->first == kind::move || share->first == kind::exchange;
        return {share->first, path(), two ? path() : std::string()};
    }

private:
    [[nodiscard]] std::string path()
    {
        std::string text = below(10) == 0 ? "out" : "in";
        for (auto depth = 1 + below(4); depth != 0; --depth) {
            text += '/';
            text += "abcdef"[below(6)];
        }
        return text;
    }

    std::mt19937_64 random_;
};

/// The shortest script that still has a property, as far as leaving parts out leads there.
template <class Property>
tree_script shrink(tree_script script, Property has_it, std::chrono::seconds limit)
{
    auto const end = std::chrono::steady_clock::now() + limit;
    for (auto part = script.size() / 2; part != 0;) {
        bool shorter = false;
        for (std::size_t at = 0; at < script.size() && std::chrono::steady_clock::now() < end;) {
            auto rest = script;
            auto const from = rest.begin() + static_cast<std::ptrdiff_t>(at);
            auto const size = std::min(part, script.size() - at);
            rest.erase(from, from + static_cast<std::ptrdiff_t>(size));
            if (has_it(rest)) {
                script = std::move(rest);
                shorter = true;
            } else {
                at += part;
            }
        }
        part = shorter && part == 1 ? 1 : part / 2;
    }
    return script;
}

} // namespace test

#endif
