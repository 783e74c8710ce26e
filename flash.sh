#!/bin/sh
# Builds a board's firmware and says how to put it on the board.
#   ./flash.sh [--board NAME]
set -eu
cd "$(dirname "$0")"

board=esp32
while [ $# -gt 0 ]; do
  case "$1" in
    --board)
      [ $# -ge 2 ] || { echo "--board needs a name, e.g. --board esp32" >&2; exit 2; }
      board=$2
      shift 2
      ;;
    *)
      echo "unknown argument \"$1\": expected ./flash.sh [--board NAME]" >&2
      exit 2
      ;;
  esac
done

npm run --silent build -- --board "$board"
cat <<TEXT

To put it on a board that already runs Espruino (replace /dev/ttyUSB0 by its port):

  npx espruino -p /dev/ttyUSB0 -b 115200 --no-ble --config PACKET_UPLOAD=true \\
    --storage firmware:dist/$board/firmware.js --storage .boot0:dist/$board/boot0.js \\
    -e "E.reboot()"

The loader (.boot0) runs at each start and evaluates the Storage file "firmware" from there. The
device's settings are in the Storage file device.json (see README.md); to send them as well, add

    --storage device.json:device.json
TEXT
