#!/bin/sh
# Builds a board's firmware and says how to put it on the board.
#   ./flash.sh [--board NAME]
set -eu
cd "$(dirname "$0")"
exec node --import tsx host/cli/flash.ts "$@"
