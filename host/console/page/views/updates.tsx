/**
 * Updates over the air: packages, what is being installed, and what was.
 * @module
 */
import { useState } from "preact/hooks";
import type { Overview, PackageRow, TaskRow, UpdatesOverview } from "../../protocol.ts";
import { bytes } from "../format.ts";
import { useLive } from "../live.ts";
import { useLoad } from "../load.ts";
import { Ago, Pending } from "../parts/state.tsx";
import { text } from "../text.ts";
import { JobCard } from "./update-job.tsx";
import { StartForm } from "./update-start.tsx";
import { UploadForm } from "./update-upload.tsx";

export function UpdatesView() {
  const loaded = useLoad<UpdatesOverview>("updates");
  const devices = useLoad<Overview>("devices");
  const [tasks, setTasks] = useState<TaskRow[]>([]);
  const [starting, setStarting] = useState<string>();
  useLive(
    { on: ["updates"] },
    {
      updates: (news) => {
        const known = new Set(loaded.data?.jobs.map(({ jobId }) => jobId));
        if (!news.jobs.every(({ jobId }) => known.has(jobId))) loaded.reload();
        const changed = new Map(news.jobs.map((job) => [job.jobId, job]));
        loaded.change((old) => ({
          ...old,
          jobs: old.jobs.map((job) => changed.get(job.jobId) ?? job),
        }));
        setTasks(news.tasks);
      },
      onMissed: loaded.reload,
    },
  );
  const { data } = loaded;
  if (!data || !devices.data) return <Pending loaded={data ? devices : loaded} />;
  const names = new Map(devices.data.products.map(({ productKey, name }) => [productKey, name]));
  const isRunning = (status: string) => status === "IN_PROGRESS" || status === "PLANNED";
  const running = data.jobs.filter(({ status }) => isRunning(status));
  const past = data.jobs.filter(({ status }) => !isRunning(status));
  const all = devices.data.devices;
  return (
    <>
      <div class="heading">
        <h1>{text.app.updates}</h1>
      </div>
      <div class="columns">
        <UploadForm products={devices.data.products} onUploaded={loaded.reload} />
        <section aria-labelledby="packages">
          <h2 id="packages">{text.updates.packages}</h2>
          {data.packages.length === 0 && <p class="empty">{text.updates.noPackages}</p>}
          <ul class="plain">
            {data.packages.map((each) => (
              <li key={each.firmwareId} class="card">
                <PackageHead
                  firmware={each}
                  product={names.get(each.productKey) ?? each.productKey}
                  isOpen={starting === each.firmwareId}
                  onOpen={() => setStarting(each.firmwareId)}
                />
                {starting === each.firmwareId && (
                  <StartForm
                    firmware={each}
                    devices={all.filter(({ productKey }) => productKey === each.productKey)}
                    onClose={() => setStarting(undefined)}
                    onStarted={() => {
                      setStarting(undefined);
                      loaded.reload();
                    }}
                  />
                )}
              </li>
            ))}
          </ul>
        </section>
      </div>
      <section aria-labelledby="running" hidden={running.length === 0}>
        <h2 id="running">{text.updates.running}</h2>
        {running.map((job) => (
          <JobCard key={job.jobId} job={job} news={tasks} isOpen />
        ))}
      </section>
      <section aria-labelledby="history">
        <h2 id="history">{text.updates.history}</h2>
        {past.length === 0 && <p class="empty">{text.updates.noJobs}</p>}
        {past.map((job) => (
          <JobCard key={job.jobId} job={job} news={tasks} />
        ))}
      </section>
    </>
  );
}

interface HeadProps {
  firmware: PackageRow;
  product: string;
  isOpen: boolean;
  onOpen(): void;
}

function PackageHead({ firmware, product, isOpen, onOpen }: HeadProps) {
  const title = `${firmware.module} ${firmware.version}`;
  return (
    <div class="card-head">
      <div>
        <h3>{title}</h3>
        <p class="faint">
          {product} · {bytes(firmware.bytes)} · <Ago at={firmware.createdAt} />
        </p>
      </div>
      {!isOpen && (
        <button type="button" aria-label={text.updates.startOf(title)} onClick={onOpen}>
          {text.updates.start}
        </button>
      )}
    </div>
  );
}
