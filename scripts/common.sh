# shellcheck shell=bash
# Sourced by the other scripts: finds the project, and installs what a task needs.

set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# True if Boost's headers are there and new enough, however they came.
have_boost() {
    local version
    version=$(sed -n 's/^#define BOOST_VERSION \([0-9]*\).*/\1/p' \
        /usr/include/boost/version.hpp /usr/local/include/boost/version.hpp 2>/dev/null | head -n 1)
    [ "${version:-0}" -ge 108100 ]
}

# The versions in the names of packages. Debian 12 has Boost 1.74 as its default and 1.81
# beside it; Ubuntu 24.04 has 1.83 as its default.
# shellcheck disable=SC1091
case "$(. /etc/os-release 2>/dev/null && printf '%s-%s' "${ID:-}" "${VERSION_ID:-}")" in
    debian-12) boost=1.81 clang=14 ;;
    *) boost=1.83 clang=18 ;;
esac

# The packages of each task, in Debian's and Ubuntu's names.
packages_for() {
    case $1 in
        tool)
            echo g++ cmake ninja-build libcli11-dev nlohmann-json3-dev
            have_boost || echo "libboost$boost-dev"
            ;;
        test) echo "libboost-test$boost-dev" "libboost-context$boost-dev" python3 inotify-tools doxygen ;;
        all) echo clang "libclang-rt-$clang-dev" liburing-dev ;;
        bench) echo libbenchmark-dev valgrind python3 strace ;;
        tidy) echo clang clang-tidy ;;
        *) die "no packages are known for '$1'" ;;
    esac
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }

# need TASK...: install the packages of the tasks that are missing, saying which.
need() {
    local missing=() package task
    if ! command -v dpkg-query >/dev/null; then
        say "this is no Debian or Ubuntu: making do with what is installed"
        return
    fi
    for task in "$@"; do
        for package in $(packages_for "$task"); do
            installed "$package" || missing+=("$package")
        done
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "not root, and no sudo: install these packages first"
        as_root=(sudo)
    fi
    # --no-remove: another Boost's development package conflicts, and is not ours to take away.
    "${as_root[@]}" apt-get update -qq >&2 || say "apt-get update failed, trying with the old lists"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-remove \
        --no-install-recommends "${missing[@]}" >&2 </dev/null ||
        die "apt-get could not install ${missing[*]}"
}

# configure PRESET [ARG...]: once; CMake itself notices when its files change.
configure() {
    local preset=$1
    shift
    [ -f "$project/build/$preset/build.ninja" ] && return
    local launcher=()
    command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    (cd "$project" && cmake --preset "$preset" "${launcher[@]}" "$@") >&2
}

# build PRESET [ARG...]
build() {
    local preset=$1
    shift
    (cd "$project" && cmake --build --preset "$preset" "$@") >&2
}
