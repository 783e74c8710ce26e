/**
 * A form that sends something to a device and shows what it answers.
 * @module
 */
import type { ComponentChildren, TargetedSubmitEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { text } from "../text.ts";

/** What came of a command. */
export interface Answer {
  isGood: boolean;
  title: string;
  /** Text or JSON, shown as it is. */
  detail?: string;
}

interface CommandProps {
  heading: ComponentChildren;
  label: string;
  button: string;
  children: ComponentChildren;
  /** Sends it; undefined when the form says what is wrong. Rejects with an Error for people. */
  send(): Promise<Answer> | undefined;
}

export function Command({ heading, label, button, children, send }: CommandProps) {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer & { ms: number }>();
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const began = performance.now();
    const sent = send();
    if (!sent) {
      setAnswer(undefined);
      // The fields that are wrong are marked with the next drawing.
      requestAnimationFrame(() => {
        form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
      });
      return;
    }
    setBusy(true);
    const result = await sent.catch((error: Error) => ({ isGood: false, title: error.message }));
    setAnswer({ ...result, ms: performance.now() - began });
    setBusy(false);
  };
  return (
    <form ref={form} class="card command" onSubmit={submit} aria-label={label} noValidate>
      {heading}
      {children}
      <div class="actions">
        <button type="submit" class="primary" aria-disabled={isBusy}>
          {isBusy ? text.control.sending : button}
        </button>
      </div>
      <output class={answer ? `answer ${answer.isGood ? "good" : "bad"}` : "answer"}>
        {answer && (
          <>
            <strong>{answer.title}</strong> <span>{text.control.after(answer.ms)}</span>
            {answer.detail !== undefined && <pre>{answer.detail}</pre>}
          </>
        )}
      </output>
    </form>
  );
}
