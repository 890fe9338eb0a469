//
// Copyright (c) 2026 The asio-inotify authors
//
// Distributed under the Boost Software License, Version 1.0. (See accompanying
// file LICENSE_1_0.txt or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Choose the watch descriptors, so that they are the indices of a table and no map is needed.
// Counts the events of each path: chosen_numbers PATH...

#include <asio_inotify.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;
using asio_inotify::event_mask;
using asio_inotify::watch_descriptor;

struct entry
{
    std::string path;
    std::size_t events = 0;
};

int main(int argc, char** argv)
try {
    asio::io_context context;
    asio_inotify::inotify in{context};
    in.open();

    // Watch descriptors start at 1. The entry exists before the watch is added, so that no event
    // can arrive before its entry.
    std::vector<entry> table(1);
    for (int i = 1; i < argc; ++i) {
        table.push_back({argv[i]});
        in.add_at(watch_descriptor{i}, table.back().path, event_mask::modify | event_mask::create);
    }
    std::cout << "watching " << table.size() - 1 << " paths" << std::endl;

    asio_inotify::event_buffer<> buffer;
    for (;;) {
        for (auto e : in.read_events(buffer)) {
            if (!e.wd()) { // an overflow has no watch
                std::cout << "events were lost" << std::endl;
            } else if (e.mask() != event_mask::none) {
                auto& hit = table[static_cast<std::size_t>(e.wd().value())];
                std::cout << e.wd().value() << ' ' << hit.path << ' ' << ++hit.events << std::endl;
            }
        }
    }
} catch (std::exception const& e) {
    std::cerr << "chosen_numbers: " << e.what() << '\n';
    return 1;
}
