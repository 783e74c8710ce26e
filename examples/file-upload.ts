/**
 * Uploads a day's measurements, which are written as they are sent and so need no memory, and a text.
 * @module
 */
import { AliIot } from "../src/ali/aliiot.ts";
import { FileUpload, type UploadResult } from "../src/ali/services/file-upload.ts";
import type { Settings } from "../src/store/settings.ts";

const day = { size: 1440 * 16, read: readDay };
/** A line of 16 bytes for each minute: `minute,temperature`. */
function readDay(offset: number, length: number): string {
  let text = "";
  for (let minute = offset >> 4; text.length < length + 16; minute++) {
    text += (minute + "," + (20 + (minute % 7))).padEnd(15) + "\n";
  }
  return text.substr(offset & 15, length);
}
const show = (result: UploadResult) => print("upload: " + result.code + " " + result.message);

export function startApp(settings: Settings) {
  const server = new AliIot(settings);
  const files = new FileUpload(server);
  server.connect();
  files.onProgress((sent, size, name) => print(name + ": " + sent + " of " + size));
  files.upload("day.csv", day).then((result) => {
    show(result);
    files.upload("summary.txt", "1440 minutes, 20 to 26 \xc2\xb0C\n", { crc64: true }).then(show);
  });
  return { server: server };
}
