#!/bin/sh
# run.sh PROGRAM SCRATCH CORPUS [OPTION...]: the kept corpus, then new inputs. The seed is printed ("INFO: Seed:").
# The fuzzer adds to its first directory, which therefore is SCRATCH.
set -eu
runs=100000
seconds=5
if [ -n "${ASIO_INOTIFY_LONG_RUN:-}" ]; then
    runs=-1
    seconds=600
fi
program=$1 scratch=$2 corpus=$3
shift 3
exec "$program" -runs=$runs -max_total_time=$seconds -max_len=4096 -timeout=5 \
    ${ASIO_INOTIFY_SEED:+-seed="$ASIO_INOTIFY_SEED"} -artifact_prefix="$scratch/" "$@" \
    "$scratch" "$corpus"
