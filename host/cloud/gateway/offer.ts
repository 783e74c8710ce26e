/**
 * Requests that gateways alone may make.
 * @module
 */
import type { DeviceId } from "../device-id.ts";
import type { Catalog } from "../products/catalog.ts";
import type { Router } from "../router.ts";
import { type Answer, offerRequest } from "../thing/request.ts";
import { answering, Refused } from "./refused.ts";

interface Parts {
  router: Router;
  catalog: Catalog;
}

/** Offers a request to gateways; `path` as in `Router.route`. */
export function offerToGateways(
  { router, catalog }: Parts,
  path: string,
  handle: (params: unknown, gateway: DeviceId) => Promise<Answer>,
): void {
  offerRequest(router, path, (params, { device }) =>
    answering(async () => {
      requireGateway(catalog, device);
      return handle(params, device);
    }),
  );
}

/** @throws Refused 460 for a device whose product is no gateway's. */
export function requireGateway(catalog: Catalog, { productKey, deviceName }: DeviceId): void {
  if (catalog.get(productKey)?.nodeType === "gateway") return;
  throw new Refused(460, `${deviceName} is no gateway`);
}
