/**
 * The log of records in a Storage file that it makes itself; prints what comes of it.
 * @module
 */
import { openQueueLog } from "../../../src/store/queue-area.ts";
import { runLogSteps } from "../log-steps.ts";

const storage = require("Storage");

let learnt = 0;
const open = () =>
  openQueueLog(() => {
    learnt++;
  });

const made = open();
print("file", storage.list().join(), made ? made.longest : 0);
print(
  "steps",
  runLogSteps(() => open() as any, 300, E.CRC32),
);
print("same", storage.list().join(), learnt > 0);
const before = process.memory().usage;
const kept = open();
print("vars", process.memory().usage - before, kept ? kept.count : -1);
// A file before it goes, and Storage puts the rest together: the place is another's then.
storage.erase("before");
(storage as any).compact();
const log = kept as any;
print("guarded", log.append("lost"));
