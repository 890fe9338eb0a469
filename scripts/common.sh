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
        all) echo clang "libclang-rt-$clang-dev" lld liburing-dev ;;
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
    (cd "$project" && cmake --preset "$preset" "${launcher[@]}" \
        ${ASIO_INOTIFY_TEST_BATCH:+"-DASIO_INOTIFY_TEST_BATCH=$ASIO_INOTIFY_TEST_BATCH"} "$@") >&2
}

# build PRESET [ARG...]
build() {
    local preset=$1
    shift
    (cd "$project" && cmake --build --preset "$preset" "$@") >&2
}

# The mirror of Debian that this machine uses.
debian_mirror() {
    local found
    found=$(sed -n 's/^URIs: *\([^ ]*\/debian\/\{0,1\}\)\( .*\)\{0,1\}$/\1/p
        s/^deb *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\/debian\/\{0,1\}\) .*/\2/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
    printf '%s\n' "${found:-http://deb.debian.org/debian}"
}

# fetch_packages SUITE FOLDER PACKAGE: unpack a package of Debian, and what it depends on, into
# FOLDER/root. Nothing is installed: apt works on lists and a cache of its own, below FOLDER.
fetch_packages() {
    local suite=$1 folder=$2 package=$3 keyring names
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    command -v apt-get >/dev/null || die "no apt-get to fetch $package with"
    [ -f "$keyring" ] || die "no keys of Debian's archive: install debian-archive-keyring"
    mkdir -p "$folder"/{lists,archives/partial,packages,root}
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$(debian_mirror)" "$suite" \
        >"$folder/sources.list"
    local own=(
        -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$folder/lists" -o Dir::State::status=/dev/null
        -o "Dir::Cache=$folder" -o APT::Get::List-Cleanup=0 -o "APT::Sandbox::User=$(id -un)"
        -o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=20)
    apt-get -qq "${own[@]}" update >&2 || die "apt-get could not read the list of $suite"
    names=$(apt-cache "${own[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts \
        --no-breaks --no-replaces --no-enhances "$package" | sed -n '/^[a-z0-9]/p' | sort -u)
    # shellcheck disable=SC2086
    (cd "$folder/packages" && apt-get -qq "${own[@]}" download $names >&2) ||
        die "apt-get could not download $package"
    local file
    for file in "$folder"/packages/*.deb; do
        dpkg -x "$file" "$folder/root"
    done
}
