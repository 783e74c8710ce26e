/**
 * Actions on device shadows.
 * @module
 */
import { CloudError } from "../../errors.ts";
import { shown } from "../../shadow/document.ts";
import type { Action, ActionContext } from "../action.ts";
import type { Parameters } from "../parameters.ts";

export const GetDeviceShadow: Action = async (parameters, context) => {
  const { state, metadata, timestamp, version } = context.shadows.get(
    await shadowed(parameters, context),
  );
  const message = { state: shown(state), metadata: shown(metadata), timestamp, version };
  return { ShadowMessage: JSON.stringify(message) };
};

export const UpdateDeviceShadow: Action = async (parameters, context) => {
  const device = await shadowed(parameters, context);
  const message = parameters.object("ShadowMessage");
  await context.shadows.update(device, message, parameters.boolean("DeltaUpdate", false));
  return {};
};

/** These actions take no `IotId`. */
async function shadowed(parameters: Parameters, { devices }: ActionContext) {
  const record = await devices.get(parameters.deviceId());
  if (!record) throw new CloudError("iot.device.NotExistedDevice", "the device does not exist");
  return record;
}
