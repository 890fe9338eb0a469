//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How long does it take from replacing a file to the watcher's answer, compared with a bare epoll
// loop that does only what is necessary: watch the new file and stat it?

#include "support/paired.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/stopwatch.hpp"
#include "support/system.hpp"

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>

#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using bench::check;

struct options
{
    int pairs = 25;
    int repeats = 3;
    int block = 300;
    int core = -1;
    double bound = 1.3;
    bool check = false;
};

// Answers when the file has been replaced.
using watcher = void (*)(std::string const& path, int answers);

void answer(int answers)
{
    check(::eventfd_write(answers, 1), "eventfd_write");
}

void bare(std::string const& path, int answers)
{
    constexpr std::uint32_t file_mask = IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
    auto const directory = std::filesystem::path(path).parent_path();
    auto const name = std::filesystem::path(path).filename().string();
    auto const instance = bench::make_instance();
    bench::unique_fd const epoll{check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")};
    epoll_event event{};
    event.events = EPOLLIN;
    check(::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, instance.get(), &event), "epoll_ctl");
    int const of_directory = check(::inotify_add_watch(instance.get(), directory.c_str(),
                                                       IN_CREATE | IN_DELETE | IN_MOVE | IN_ATTRIB |
                                                           IN_DELETE_SELF | IN_MOVE_SELF),
                                   "inotify_add_watch");
    check(::inotify_add_watch(instance.get(), path.c_str(), file_mask), "inotify_add_watch");
    asio_inotify::event_buffer<> buffer;
    answer(answers);
    for (;;) {
        epoll_event ready[128];
        if (::epoll_wait(epoll.get(), ready, 128, -1) < 0) {
            continue;
        }
        auto const size = check(::read(instance.get(), buffer.data(), buffer.size()), "read");
        bool replaced = false;
        for (auto const e :
             asio_inotify::event_batch(buffer.data(), static_cast<std::size_t>(size))) {
            replaced = replaced || (e.wd().value() == of_directory && e.name() == name);
        }
        if (replaced) {
            check(::inotify_add_watch(instance.get(), path.c_str(), file_mask),
                  "inotify_add_watch");
            struct stat status = {};
            check(::lstat(path.c_str(), &status), "lstat");
            answer(answers);
        }
    }
}

template <class Executor>
struct wait_again
{
    asio_inotify::basic_file_watcher<Executor>& files;
    int answers;

    void operator()(boost::system::error_code ec, asio_inotify::file_change_batch const& batch)
    {
        if (ec || batch.size() != 1) {
            throw boost::system::system_error(ec, "async_wait");
        }
        answer(answers);
        files.async_receive(*this);
    }
};

template <class Executor>
void library(std::string const& path, int answers)
{
    boost::asio::io_context context(1);
    asio_inotify::basic_file_watcher<Executor> files(context);
    files.open();
    files.add(path);
    files.async_receive(wait_again<Executor>{files, answers});
    answer(answers);
    context.run();
}

// A watcher in a separate process, and the file that it watches.
class watcher_process
{
public:
    watcher_process(watcher run, std::filesystem::path const& directory)
        : file_(directory / "watched/file")
        , spare_(directory / "spare")
        , answers_(check(::eventfd(0, EFD_CLOEXEC), "eventfd"))
    {
        std::filesystem::create_directories(file_.parent_path());
        bench::make_file(file_);
        pid_ = check(::fork(), "fork");
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            try {
                // Sleeps until there is something to answer.
                bench::undisturbed const measured;
                run(file_.string(), answers_.get());
            } catch (std::exception const& e) {
                std::fprintf(stderr, "watcher: %s\n", e.what());
            }
            std::_Exit(1);
        }
        wait_for_answer();
    }

    watcher_process(watcher_process const&) = delete;
    watcher_process& operator=(watcher_process const&) = delete;

    ~watcher_process()
    {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    // The time does not include creating the new files, in an unwatched directory.
    double replacements(int count) const
    {
        double seconds = 0;
        for (int i = 0; i != count; ++i) {
            bench::make_file(spare_);
            bench::undisturbed const measuring;
            bench::stopwatch const watch;
            check(::rename(spare_.c_str(), file_.c_str()), "rename");
            wait_for_answer();
            seconds += watch.seconds();
        }
        return seconds;
    }

private:
    void wait_for_answer() const
    {
        eventfd_t count = 0;
        check(::eventfd_read(answers_.get(), &count), "eventfd_read");
    }

    std::filesystem::path file_;
    std::filesystem::path spare_;
    bench::unique_fd answers_;
    pid_t pid_ = -1;
};

int run(options const& o)
{
    bench::report report("file_replace");
    report.parameter("pairs", o.pairs);
    report.parameter("repeats", o.repeats);
    report.parameter("undisturbed", bench::undisturbed().granted());
    report.parameter("block", o.block);
    report.parameter("core", bench::pin_to_core(o.core));
    std::vector<double> bare_times;
    auto const compare = [&](watcher candidate, std::string const& name) {
        bench::temporary_directory const one;
        bench::temporary_directory const other;
        watcher_process const baseline(bare, one.path());
        watcher_process const own(candidate, other.path());
        auto const times = bench::run_paired(
            o.pairs, o.repeats, [&] { return baseline.replacements(o.block); },
            [&] { return own.replacements(o.block); });
        report.at_most(name + " / bare", "ratio", bench::spread_of(times.ratios), o.bound);
        for (auto const seconds : times.baseline) {
            bare_times.push_back(seconds / o.block * 1e6);
        }
    };
    compare(library<boost::asio::io_context::executor_type>, "callback");
    compare(library<boost::asio::any_io_executor>, "callback_any");
    report.figure("bare", "us", bench::spread_of(bare_times));
    return report.finish(o.check);
}

} // namespace

int main(int argc, char** argv)
{
    options o;
    CLI::App app("From the replacement of a file to the answer, side by side with a bare epoll "
                 "loop.");
    bench::add_pairing_options(app, o);
    app.add_option("--block", o.block, "replacements in a block")
        ->check(CLI::Range(1, 10000000))
        ->capture_default_str();
    bench::add_core_option(app, o);
    app.add_option("--bound", o.bound, "most that the library may take, as a ratio")
        ->capture_default_str();
    app.add_flag("--check", o.check, "exit with 1 if a bound is missed");
    return bench::parse_and_run(app, argc, argv, "bench_file_replace", [&] { return run(o); });
}
