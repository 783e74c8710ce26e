/**
 * The Wi-Fi networks of a board's settings, in order of preference.
 * @module
 */
import { text } from "../text.ts";
import {
  type NetworkDraft,
  networksIn,
  type SettingsDraft,
  swapped,
  withNetwork,
} from "./draft.ts";
import { type Shown, valueAt } from "./fields.ts";
import { SettingCheck, SettingInput } from "./setting-field.tsx";

interface NetworkListProps {
  draft: SettingsDraft;
  shown: Shown | undefined;
  /** What is wrong, by field such as `wifi[0].ssid`. */
  faults: Map<string, string>;
  /** Most networks that a board keeps. */
  most: number;
  onChange(networks: NetworkDraft[]): void;
}

export function NetworkList({ draft, shown, faults, most, onChange }: NetworkListProps) {
  const words = text.bluetooth;
  const { networks } = draft;
  const counted = networksIn(draft);
  const missing = faults.get("wifi");
  return (
    <fieldset class="group">
      <legend>{words.wifi}</legend>
      {networks.length === 0 && <p class="faint">{words.noNetwork}</p>}
      {networks.length === 0 && missing !== undefined && <small class="problem">{missing}</small>}
      <ol class="networks">
        {networks.map((network, index) => (
          <li key={network.from ?? `new ${index}`}>
            <NetworkFields
              network={network}
              number={index + 1}
              hasPassword={hasPassword(shown, network)}
              fault={(member) =>
                faults.get(`wifi[${counted.indexOf(network)}].${member}`) ??
                (index === 0 && member === "ssid" ? missing : undefined)
              }
              onChange={(changed) => onChange(networks.with(index, changed))}
            />
            <div class="actions">
              {index > 0 && (
                <button
                  type="button"
                  class="quiet"
                  aria-label={words.earlier(index + 1)}
                  onClick={() => onChange(swapped(networks, index - 1))}
                >
                  {words.up}
                </button>
              )}
              <button
                type="button"
                class="quiet"
                aria-label={words.removeNetwork(index + 1)}
                onClick={() => onChange(networks.toSpliced(index, 1))}
              >
                {words.remove}
              </button>
            </div>
          </li>
        ))}
      </ol>
      <button
        type="button"
        disabled={networks.length >= most}
        onClick={() => onChange(withNetwork(networks))}
      >
        {words.addNetwork}
      </button>
    </fieldset>
  );
}

function hasPassword(shown: Shown | undefined, { from }: NetworkDraft): boolean {
  return from !== undefined && valueAt(shown, ["wifi", from, "password"]) !== undefined;
}

interface NetworkFieldsProps {
  network: NetworkDraft;
  /** From 1. */
  number: number;
  hasPassword: boolean;
  fault(member: string): string | undefined;
  onChange(network: NetworkDraft): void;
}

function NetworkFields({ network, number, hasPassword, fault, onChange }: NetworkFieldsProps) {
  const words = text.bluetooth;
  const { ssid, password, isOpen } = network;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in each item would be a frame in a frame
    <div role="group" aria-label={words.network(number)}>
      <SettingInput
        label={words.ssid}
        hint={words.ssidHint}
        fault={fault("ssid")}
        value={ssid}
        onChange={(ssid) => onChange({ ...network, ssid })}
      />
      <SettingInput
        label={words.password}
        hint={hasPassword && !isOpen ? words.kept : ""}
        fault={fault("password")}
        isSecret
        isOff={isOpen}
        value={password}
        onChange={(password) => onChange({ ...network, password })}
      />
      <SettingCheck
        label={words.openNetwork}
        isChecked={isOpen}
        onChange={(isOpen) => onChange({ ...network, isOpen })}
      />
    </div>
  );
}
