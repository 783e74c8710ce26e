/**
 * The files that a device has uploaded or is uploading.
 * @module
 */
import { useEffect } from "preact/hooks";
import type { DeviceDetail, DeviceFileRow } from "../../protocol.ts";
import { devicePath } from "../api.ts";
import { bytes } from "../format.ts";
import { useLoad } from "../load.ts";
import { Ago, Pending } from "../parts/state.tsx";
import { text } from "../text.ts";

export function FilesSection({ detail }: { detail: DeviceDetail }) {
  const path = `${devicePath(detail.device)}/files`;
  const { data, error, reload } = useLoad<DeviceFileRow[]>(path);
  const { lastSeen } = detail.device;
  // Whatever the device has sent may have been a part of a file.
  useEffect(() => {
    if (lastSeen !== undefined) reload();
  }, [lastSeen, reload]);
  if (!data) return <Pending loaded={{ error, reload }} />;
  if (data.length === 0) return <p class="empty">{text.files.empty}</p>;
  return (
    <div class="card table">
      <table>
        <thead>
          <tr>
            <th scope="col">{text.files.name}</th>
            <th scope="col">{text.files.size}</th>
            <th scope="col" class="column-time">
              {text.files.created}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.map((file) => (
            <tr key={file.fileId}>
              <th scope="row">
                {file.complete ? (
                  <a href={`/api/${path}/${file.fileId}`} download={file.name}>
                    {file.name}
                  </a>
                ) : (
                  file.name
                )}
              </th>
              <td>{sizeOf(file)}</td>
              <td class="column-time">
                <Ago at={file.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sizeOf({ size, received, complete }: DeviceFileRow): string {
  if (complete) return bytes(size);
  return text.files.underWay(bytes(received), size < 0 ? undefined : bytes(size));
}
