/** A device that logs on with its X.509 certificate, over the interpreter's TLS. */
import assert from "node:assert/strict";
import { said, testExample } from "./run.ts";

const products = `${import.meta.dirname}/products/certified.json`;
const device = { productKey: "a1Certified", deviceName: "cert_0001" };

testExample(
  "certificate",
  async ({ cloud, watch, board }, printed) => {
    await watch.message("down", "/thing/event/property/post_reply");
    const { energy } = await cloud.device("a1Certified", "cert_0001").properties();
    assert.equal(energy?.value, 42);
    // Refused, it says where to look.
    await board.powerOff();
    await cloud.registry.devices.update(device, { disabled: true });
    await board.powerOn();
    await said(board, printed, /not online yet: 5/);
    assert.match(printed(), /x509: is cert\.pem the certificate that the platform has/);
  },
  {
    products,
    tls: true,
    settings: async ({ endpoints }) => ({
      deviceSecret: undefined,
      x509: true,
      server: `127.0.0.1:${endpoints.x509.port}`,
    }),
    files: async (cloud) => {
      const { certificate, privateKey } = await cloud.certificate(device);
      return { "cert.pem": certificate, "key.pem": privateKey };
    },
  },
);
