#!/bin/sh
# Builds a board's firmware, puts it on the board, shows what the board says: ./flash.sh --help
set -eu
root=$(cd "$(dirname "$0")" && pwd)
exec node --import "$root/node_modules/tsx/dist/loader.mjs" "$root/host/cli/flash.ts" "$@"
