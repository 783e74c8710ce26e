/**
 * All devices: who is there, with which firmware, and when they were last seen.
 * @module
 */
import { useMemo, useState } from "preact/hooks";
import type { DeviceStatus } from "../../../cloud/device-view.ts";
import type { DeviceRow, Overview } from "../../protocol.ts";
import { useLive } from "../live.ts";
import { useLoad } from "../load.ts";
import { Link, pathOf } from "../navigation.tsx";
import { Pager } from "../parts/pager.tsx";
import { Choice, Search } from "../parts/search.tsx";
import { Ago, Pending, StatusMark } from "../parts/state.tsx";
import { text } from "../text.ts";

const PER_PAGE = 50;

const COLUMNS = ["device", "product", "state", "firmware", "lastSeen"] as const;
type Column = (typeof COLUMNS)[number];

interface Filter {
  words: string;
  status: DeviceStatus | "";
  productKey: string;
}

const NO_FILTER: Filter = { words: "", status: "", productKey: "" };

export function DevicesView() {
  const loaded = useLoad<Overview>("devices");
  useLive(
    { on: ["devices"] },
    {
      devices: (rows) => loaded.change((overview) => withRows(overview, rows)),
      onMissed: loaded.reload,
    },
  );
  const [filter, setFilter] = useState(NO_FILTER);
  const [order, setOrder] = useState<{ column: Column; down: boolean }>({
    column: "device",
    down: false,
  });
  const [page, setPage] = useState(0);
  const { data } = loaded;
  const names = useMemo(
    () => new Map(data?.products.map(({ productKey, name }) => [productKey, name])),
    [data?.products],
  );
  const found = useMemo(() => {
    const rows = (data?.devices ?? []).filter((row) => fits(row, names, filter));
    rows.sort((a, b) => compare(a, b, order.column, names) * (order.down ? -1 : 1));
    return rows;
  }, [data?.devices, names, filter, order]);

  if (!data) return <Pending loaded={loaded} />;
  const pages = Math.ceil(found.length / PER_PAGE);
  const current = Math.max(0, Math.min(page, pages - 1));
  const change = (part: Partial<Filter>) => {
    setFilter({ ...filter, ...part });
    setPage(0);
  };
  const sort = (column: Column) => {
    setOrder({ column, down: order.column === column && !order.down });
  };
  return (
    <>
      <div class="heading">
        <h1>{text.app.devices}</h1>
        <p class="faint" role="status">
          {text.devices.shown(found.length, data.devices.length)}
          {", "}
          {text.devices.online(found.filter(({ status }) => status === "ONLINE").length)}
        </p>
      </div>
      <search class="toolbar">
        <Search
          label={text.devices.search}
          value={filter.words}
          onChange={(words) => change({ words })}
        />
        <Choice
          label={text.devices.state}
          value={filter.status}
          choices={[["", text.app.all], ...STATES]}
          onChange={(status) => change({ status })}
        />
        <Choice
          label={text.devices.product}
          value={filter.productKey}
          choices={[["", text.app.all], ...names]}
          onChange={(productKey) => change({ productKey })}
        />
      </search>
      {found.length === 0 ? (
        <Nothing isEmpty={data.devices.length === 0} onClear={() => change(NO_FILTER)} />
      ) : (
        <div class="card table">
          <table>
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <ColumnHead key={column} column={column} order={order} onSort={sort} />
                ))}
              </tr>
            </thead>
            <tbody>
              {found.slice(current * PER_PAGE, (current + 1) * PER_PAGE).map((row) => (
                <Row key={`${row.productKey}/${row.deviceName}`} row={row} names={names} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager page={current} pages={pages} onPage={setPage} />
    </>
  );
}

const STATES = (["ONLINE", "OFFLINE", "UNACTIVE", "DISABLE"] as const).map(
  (status) => [status, text.status[status]] as const,
);

interface HeadProps {
  column: Column;
  order: { column: Column; down: boolean };
  onSort(column: Column): void;
}

function ColumnHead({ column, order, onSort }: HeadProps) {
  const isSorted = order.column === column;
  const direction = order.down ? "descending" : "ascending";
  return (
    <th scope="col" class={`column-${column}`} aria-sort={isSorted ? direction : "none"}>
      <button type="button" onClick={() => onSort(column)}>
        {text.devices[column]}
        <span aria-hidden="true">{isSorted ? (order.down ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

function Row({ row, names }: { row: DeviceRow; names: Map<string, string> }) {
  const product = names.get(row.productKey) ?? row.productKey;
  const versions = versionsOf(row);
  return (
    <tr>
      <th scope="row" class="column-device">
        <Link to={pathOf("devices", row.productKey, row.deviceName)}>{row.deviceName}</Link>
        {row.nickname && <div class="faint">{row.nickname}</div>}
        {row.gateway && <div class="faint">{text.devices.behind(row.gateway.deviceName)}</div>}
        <div class="faint narrow">
          {[product, versions].filter(Boolean).join(" · ")} · <Ago at={row.lastSeen} />
        </div>
      </th>
      <td class="column-product">{product}</td>
      <td class="column-state">
        <StatusMark status={row.status} />
      </td>
      <td class="column-firmware">{versions || <span class="faint">{text.app.none}</span>}</td>
      <td class="column-lastSeen">
        <Ago at={row.lastSeen} />
      </td>
    </tr>
  );
}

function Nothing({ isEmpty, onClear }: { isEmpty: boolean; onClear(): void }) {
  if (isEmpty) return <p class="empty">{text.devices.empty}</p>;
  return (
    <div class="empty">
      <p>{text.devices.noneFound}</p>
      <button type="button" onClick={onClear}>
        {text.devices.clear}
      </button>
    </div>
  );
}

function withRows(overview: Overview, rows: DeviceRow[]): Overview {
  const key = ({ productKey, deviceName }: DeviceRow) => `${productKey}/${deviceName}`;
  const changed = new Map(rows.map((row) => [key(row), row]));
  const devices = overview.devices.map((row) => {
    const newer = changed.get(key(row));
    changed.delete(key(row));
    return newer ?? row;
  });
  return { ...overview, devices: [...devices, ...changed.values()] };
}

function versionsOf({ versions }: DeviceRow): string {
  return versions
    .map(({ module, version }) => (module === "default" ? version : `${module} ${version}`))
    .join(", ");
}

function fits(row: DeviceRow, names: Map<string, string>, filter: Filter): boolean {
  if (filter.status !== "" && row.status !== filter.status) return false;
  if (filter.productKey !== "" && row.productKey !== filter.productKey) return false;
  const { deviceName, nickname, productKey, gateway } = row;
  const all = [
    deviceName,
    nickname,
    productKey,
    gateway?.deviceName,
    names.get(productKey),
    versionsOf(row),
  ].join(" ");
  return all.toLowerCase().includes(filter.words.trim().toLowerCase());
}

const STATUS_ORDER: DeviceStatus[] = ["ONLINE", "OFFLINE", "UNACTIVE", "DISABLE"];
const collator = new Intl.Collator(undefined, { numeric: true });

function compare(a: DeviceRow, b: DeviceRow, column: Column, names: Map<string, string>): number {
  const byName = collator.compare(a.deviceName, b.deviceName);
  const product = (row: DeviceRow) => names.get(row.productKey) ?? row.productKey;
  switch (column) {
    case "device":
      return byName;
    case "product":
      return collator.compare(product(a), product(b)) || byName;
    case "state":
      return STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) || byName;
    case "firmware":
      return collator.compare(versionsOf(a), versionsOf(b)) || byName;
    case "lastSeen":
      return (b.lastSeen ?? 0) - (a.lastSeen ?? 0) || byName;
  }
}
