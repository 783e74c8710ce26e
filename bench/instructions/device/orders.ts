/**
 * What the bench orders over a socket of its own: series of operations, each between two marks that
 * callgrind sees. `NAME COUNT` comes in; `begun` goes back when the first mark is about to be set, and
 * `done US` (microseconds within callbacks, with `timeListeners`) or `failed` at the end.
 * @module
 */

/** Begins a series; `tally` or `end` ends it. */
export interface Orders {
  [name: string]: () => void;
}

const PORT_HOST = "127.0.0.1";

let socket: EspruinoSocket;
let orders: Orders;
let left = 0;
let repeated: () => Promise<boolean>;
/** Seconds within callbacks since the series began. */
let busy = 0;
let next: (success: boolean) => void;

/** Nothing else calls this native function, which does next to nothing. */
export function mark(): void {
  (E as any).getTemperature();
}

/** How many operations are left, or what else the order's number means. */
export function remaining(): number {
  return left;
}

export function end(): void {
  mark();
  socket.write("done " + busy * 1000000 + "\n");
}

function fail(): void {
  socket.write("failed\n");
}

/** Counts an operation that the platform began. */
export function tally(success: boolean): void {
  if (!success) fail();
  else if (--left === 0) end();
}

function step(success: boolean): void {
  if (!success) fail();
  else if (left-- > 0) repeated().then(next);
  else end();
}

next = step;

function timedStep(success: boolean): void {
  const since = getTime();
  step(success);
  busy += getTime() - since;
}

/** Where nothing counts instructions: has the time that listeners of a socket take noted. */
export function timeListeners(owner: EspruinoSocket): EspruinoSocket {
  const timed: any = owner;
  const on = timed.on;
  timed.on = (event: string, listener: (data: any) => void) => {
    on.call(timed, event, (data: any) => {
      const since = getTime();
      listener.call(timed, data);
      busy += getTime() - since;
    });
  };
  next = timedStep;
  return owner;
}

/** Does one operation after another. */
export function repeat(operation: () => Promise<boolean>): void {
  repeated = operation;
  next(true);
}

/** Nothing happens for so many seconds. */
function rest(): void {
  setTimeout(end, left * 1000);
}

function onOrder(text: string): void {
  const words = text.split(" ");
  const begin = orders[words[0]];
  left = parseInt(words[1], 10);
  socket.write("begun\n");
  busy = 0;
  // Collects what lies about, which would otherwise fall into one of the next series.
  process.memory();
  mark();
  begin();
}

/** Connects to the bench, which orders from then on. */
export function obey(port: number, known: Orders): void {
  orders = known;
  orders.rest = rest;
  orders.quit = () => global.quit();
  socket = require("net").connect({ host: PORT_HOST, port: port }, () => {
    socket.write("ready\n");
  });
  socket.on("data", onOrder);
}
