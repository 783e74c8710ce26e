/**
 * The loader, Storage file `.boot0`: runs at every start, before anything else, and starts the
 * firmware in place. `eval`, because an error inside `require` can't be caught.
 * @module
 */
try {
  const firmware = require("Storage").read("firmware");
  if (firmware === undefined) print("boot: no firmware in Storage");
  else eval(firmware);
} catch (error) {
  const e: any = error;
  print(
    "boot: the firmware failed: " + (e && e.message) + " " + ((e && e.stack) || "").substr(0, 200),
  );
}
