/**
 * The floor: the broker that the platform is built on, alone. Everybody may log on, every report is
 * answered to its sender, with the same id and as many bytes as the platform answers; nothing is
 * checked, kept or shown. Prints its address as the platform does.
 * @module
 */
import { type AddressInfo, createServer } from "node:net";
import { Aedes } from "aedes";

const broker = await Aedes.createBroker({ maxClientsIdLength: 256 });

broker.on("publish", ({ topic, payload }, client) => {
  if (!client || !topic.endsWith("/post")) return;
  const { id, method } = JSON.parse(payload.toString());
  const reply = { code: 200, data: {}, id, message: "success", method, version: "1.0" };
  const message = {
    cmd: "publish",
    topic: `${topic}_reply`,
    payload: Buffer.from(JSON.stringify(reply)),
    qos: 1,
    dup: false,
    retain: false,
  } as const;
  client.publish(message, () => {});
});

const server = createServer({ noDelay: true }, (socket) => broker.handle(socket));
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ mqtt: `127.0.0.1:${port}` }));
});
process.on("SIGTERM", () => process.exit());
