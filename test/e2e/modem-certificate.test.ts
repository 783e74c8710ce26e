/**
 * Log-on by X.509 certificate over the modem's TLS: the modem verifies the platform and shows the
 * device's certificate.
 * @module
 */
import assert from "node:assert/strict";
import test from "node:test";
import { build } from "../../host/build/index.ts";
import { inProject } from "../../host/build/project.ts";
import { openStage } from "../../host/demo/stage.ts";

const device = { productKey: "a1Certified", deviceName: "cert_0001" };

test("a certificate by the modem's TLS", async (context) => {
  const app = inProject("examples/certificate.ts");
  const outDir = inProject(".cache/examples/certificate");
  const stage = await openStage({
    build: await build({ board: "esp32-ec600n", app, outDir, quiet: true }),
    engine: "virtual",
    tls: true,
    products: inProject("test/examples/products/certified.json"),
    settings: async ({ endpoints }) => ({
      deviceSecret: undefined,
      x509: true,
      server: `127.0.0.1:${endpoints.x509.port}`,
    }),
    files: async (cloud) => {
      const { certificate, privateKey } = await cloud.certificate(device);
      return { "cert.pem": certificate, "key.pem": privateKey };
    },
  });
  context.after(() => stage.close());
  await stage.board.powerOn();
  await stage.watch.message("down", "/thing/event/property/post_reply");
  const { energy } = await stage.cloud.device("a1Certified", "cert_0001").properties();
  assert.equal(energy?.value, 42);
  assert.equal(stage.modem?.nvram.files.names().length, 3, "authority, certificate and key");
});
