/**
 * One update: how far it is as a whole, and on each device.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { TaskStatus } from "../../../cloud/store/ota-records.ts";
import type { JobRow, TaskRow } from "../../protocol.ts";
import { post } from "../api.ts";
import { useLoad } from "../load.ts";
import { Ago, Pending, Progress } from "../parts/state.tsx";
import { text } from "../text.ts";

/** Tasks shown at first. */
const SHOWN = 50;

interface JobProps {
  job: JobRow;
  /** Tasks that changed lately, of any job. */
  news: TaskRow[];
  /** Whether its devices are shown at first. */
  isOpen?: boolean;
}

export function JobCard({ job, news, isOpen = false }: JobProps) {
  const [isShown, setShown] = useState(isOpen);
  const [error, setError] = useState("");
  const title = `${job.module} ${job.version}`;
  const isRunning = job.status === "IN_PROGRESS" || job.status === "PLANNED";
  const count = Object.values(job.counts).reduce((sum, n) => sum + n, 0);
  const cancel = (path: string) => {
    setError("");
    post(path).catch((error: Error) => setError(error.message));
  };
  return (
    <article class="card job" aria-label={title}>
      <div class="card-head">
        <div>
          <h3>{title}</h3>
          <p class="faint">
            <Ago at={job.createdAt} /> · {job.protocol === "MQTT" ? "MQTT" : "HTTP"}
          </p>
        </div>
        <div class="marks">
          {Object.entries(job.counts).map(([status, n]) => (
            <span key={status} class={`mark ${toneOf(status as TaskStatus)}`}>
              {n} {text.updates.taskStatus[status as TaskStatus]}
            </span>
          ))}
          <span class="mark">{text.updates.jobStatus[job.status]}</span>
        </div>
      </div>
      <div class="bar">
        <Progress
          label={text.updates.progressOf(title)}
          percent={job.progress}
          tone={isRunning ? "running" : toneOfJob(job)}
        />
        <span class="percent">{job.progress} %</span>
        {isRunning && (
          <button
            type="button"
            aria-label={text.updates.cancelJob(title)}
            onClick={() => cancel(`jobs/${job.jobId}/cancel`)}
          >
            {text.updates.cancel}
          </button>
        )}
      </div>
      {error !== "" && (
        <p class="problem" role="alert">
          {error}
        </p>
      )}
      <details open={isShown} onToggle={(event) => setShown(event.currentTarget.open)}>
        <summary>{text.updates.details(count)}</summary>
        {isShown && <Tasks job={job} news={news} onCancel={(id) => cancel(`tasks/${id}/cancel`)} />}
      </details>
    </article>
  );
}

interface TasksProps {
  job: JobRow;
  news: TaskRow[];
  onCancel(taskId: string): void;
}

function Tasks({ job, news, onCancel }: TasksProps) {
  const loaded = useLoad<TaskRow[]>(`jobs/${job.jobId}/tasks`);
  const [most, setMost] = useState(SHOWN);
  useEffect(() => {
    const changed = new Map(
      news.filter(({ jobId }) => jobId === job.jobId).map((task) => [task.taskId, task]),
    );
    if (changed.size === 0) return;
    loaded.change((old) => old.map((task) => changed.get(task.taskId) ?? task));
  }, [news]);
  const { data } = loaded;
  if (!data) return <Pending loaded={loaded} />;
  return (
    <>
      <ul class="plain tasks">
        {data.slice(0, most).map((task) => (
          <Task key={task.taskId} task={task} onCancel={() => onCancel(task.taskId)} />
        ))}
      </ul>
      {data.length > most && (
        <button type="button" class="more" onClick={() => setMost(most + SHOWN)}>
          {text.app.more}
        </button>
      )}
    </>
  );
}

function Task({ task, onCancel }: { task: TaskRow; onCancel(): void }) {
  const { deviceName, status, progress, desc } = task;
  const isOver = status === "SUCCEEDED" || status === "FAILED" || status === "CANCELED";
  const reason = progress < 0 ? text.updates.reasons[String(progress)] : undefined;
  return (
    <li class="task">
      <strong>{deviceName}</strong>
      <Progress
        label={text.updates.progressOf(deviceName)}
        percent={Math.max(0, progress)}
        tone={toneOf(status)}
      />
      <span class="percent">{progress > 0 ? `${progress} %` : ""}</span>
      <span class={`mark ${toneOf(status)}`}>{text.updates.taskStatus[status]}</span>
      {!isOver && (
        <button type="button" aria-label={text.updates.cancelTask(deviceName)} onClick={onCancel}>
          {text.updates.cancel}
        </button>
      )}
      <span class="faint words">
        {[reason, desc].filter(Boolean).join(": ")}
        {(reason ?? desc) && " · "}
        <Ago at={task.modifiedAt} />
      </span>
    </li>
  );
}

function toneOf(status: TaskStatus): "running" | "good" | "bad" | "idle" {
  switch (status) {
    case "SUCCEEDED":
      return "good";
    case "FAILED":
      return "bad";
    case "IN_PROGRESS":
    case "NOTIFIED":
      return "running";
    default:
      return "idle";
  }
}

function toneOfJob({ counts }: JobRow): "good" | "bad" | "idle" {
  if (counts.FAILED) return "bad";
  return counts.SUCCEEDED ? "good" : "idle";
}
