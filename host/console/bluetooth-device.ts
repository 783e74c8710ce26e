/**
 * A simulated Bluetooth device: `navigator.bluetooth` of a page, with the Nordic UART service whose
 * bytes go to a virtual board's console and come from it, 20 at a time as without a larger MTU. For
 * screenshots and tests.
 * @module
 */
import type { Page } from "playwright-core";
import type { PoweredBoard } from "../board/index.ts";

export interface BluetoothDevice {
  /** What the person does with the browser's chooser from now on. */
  chooser: "choose" | "cancel";
  /** All bytes that the page has sent, over all connections. */
  sent: string;
  /** Called with each piece that the page sends; true: the device goes out of reach. */
  isOutOfReach: (piece: string) => boolean;
}

/** Puts a board within reach of a page; restarting the board ends the connection, as on an ESP32. */
export async function advertise(page: Page, board: PoweredBoard): Promise<BluetoothDevice> {
  const device: BluetoothDevice = { chooser: "choose", sent: "", isOutOfReach: () => false };
  const tell = (call: string, ...values: string[]) =>
    void page.evaluate(`simulatedBluetooth.${call}(...${JSON.stringify(values)})`).catch(() => {});
  await page.exposeBinding("bluetoothChoose", () => device.chooser === "choose");
  await page.exposeBinding("bluetoothWrite", (_source, piece: string) => {
    if (device.isOutOfReach(piece)) {
      tell("drop");
      return false;
    }
    device.sent += piece;
    board.type(piece);
    return true;
  });
  board.onConsole((text) => tell("notify", text));
  board.onRestart(() => tell("drop"));
  await page.addInitScript(installBluetooth);
  return device;
}

/** Runs in the page. The words are the browser's. */
const installBluetooth = `(() => {
  const SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e";
  const WRITE = "6e400002-b5a3-f393-e0a9-e50e24dcca9e";
  const NOTIFY = "6e400003-b5a3-f393-e0a9-e50e24dcca9e";
  const MOST = 20;
  const device = new EventTarget();
  const incoming = new EventTarget();
  let isConnected = false;
  let isNotifying = false;
  const mustBeConnected = () => {
    if (!isConnected) throw new DOMException("GATT Server is disconnected.", "NetworkError");
  };
  const drop = () => {
    if (!isConnected) return;
    isConnected = isNotifying = false;
    device.dispatchEvent(new Event("gattserverdisconnected"));
  };
  incoming.startNotifications = async () => {
    mustBeConnected();
    isNotifying = true;
    return incoming;
  };
  const outgoing = {
    async writeValue(buffer) {
      mustBeConnected();
      if (buffer.byteLength > MOST) throw new DOMException("Value too long.", "NotSupportedError");
      const isSent = await bluetoothWrite(String.fromCharCode(...new Uint8Array(buffer)));
      if (!isSent) throw new DOMException("GATT operation failed.", "NetworkError");
    },
  };
  const characteristics = { [WRITE]: outgoing, [NOTIFY]: incoming };
  const service = { getCharacteristic: async (uuid) => (mustBeConnected(), characteristics[uuid]) };
  const server = {
    getPrimaryService: async (uuid) => {
      if (uuid !== SERVICE) throw new DOMException("No Services matching UUID.", "NotFoundError");
      return service;
    },
    disconnect: drop,
  };
  device.name = "Espruino ESP32";
  device.id = "simulated";
  device.gatt = { connect: async () => ((isConnected = true), server) };
  globalThis.simulatedBluetooth = {
    drop,
    notify(text) {
      for (let at = 0; isNotifying && at < text.length; at += MOST) {
        const bytes = Uint8Array.from(text.slice(at, at + MOST), (ch) => ch.charCodeAt(0));
        incoming.value = new DataView(bytes.buffer);
        incoming.dispatchEvent(new Event("characteristicvaluechanged"));
      }
    },
  };
  const requestDevice = async () => {
    if (await bluetoothChoose()) return device;
    throw new DOMException("User cancelled the requestDevice() chooser.", "NotFoundError");
  };
  Object.defineProperty(navigator, "bluetooth", { value: { requestDevice } });
})()`;
