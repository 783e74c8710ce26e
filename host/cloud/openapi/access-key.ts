/**
 * The key that programs sign their requests with.
 * @module
 */
import { randomBytes } from "node:crypto";
import type { OrderedStore } from "../store/ordered-store.ts";
import type { AccessKey } from "./signature.ts";

/** The platform has one access key, made at first start. */
export async function loadAccessKey(store: OrderedStore): Promise<AccessKey> {
  const kept = await store.get<AccessKey>("access-key");
  if (kept) return kept;
  const accessKey = {
    accessKeyId: `LTAI${randomBytes(10).toString("hex")}`,
    accessKeySecret: randomBytes(15).toString("hex"),
  };
  await store.put("access-key", accessKey);
  return accessKey;
}
