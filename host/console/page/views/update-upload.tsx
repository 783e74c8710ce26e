/**
 * Brings a package to the platform.
 * @module
 */
import type { TargetedSubmitEvent } from "preact";
import { useId, useState } from "preact/hooks";
import type { ImageInfo, ProductRow } from "../../protocol.ts";
import { post } from "../api.ts";
import { bytes } from "../format.ts";
import { text } from "../text.ts";

interface UploadProps {
  products: ProductRow[];
  onUploaded(): void;
}

interface Chosen {
  file: File;
  /** Absent while it is being read. */
  info?: ImageInfo;
}

export function UploadForm({ products, onUploaded }: UploadProps) {
  const id = useId();
  const [chosen, setChosen] = useState<Chosen>();
  const [productKey, setProductKey] = useState(products[0]?.productKey ?? "");
  const [module, setModule] = useState("");
  const [version, setVersion] = useState("");
  const [signMethod, setSignMethod] = useState("SHA256");
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ isGood: boolean; words: string }>();

  const choose = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    setOutcome(undefined);
    setChosen(file && { file });
    if (!file) return;
    try {
      const info = await post<ImageInfo>("images", file);
      setChosen({ file, info });
      setModule(info.image?.module ?? "");
      setVersion(info.image?.version ?? "");
    } catch (error) {
      setOutcome({ isGood: false, words: (error as Error).message });
    }
  };
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!chosen || isBusy) return;
    const form = new FormData();
    const fields = { productKey, module: module.trim(), version: version.trim(), signMethod };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", chosen.file);
    setBusy(true);
    try {
      await post("packages", form);
      setOutcome({ isGood: true, words: text.updates.uploaded(`${module} ${version}`) });
      onUploaded();
    } catch (error) {
      setOutcome({ isGood: false, words: (error as Error).message });
    }
    setBusy(false);
  };
  const textField = (name: string, label: string, value: string, set: (value: string) => void) => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      <input
        id={`${id}-${name}`}
        value={value}
        spellcheck={false}
        autoComplete="off"
        onInput={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
  return (
    <form class="card" aria-label={text.updates.upload} onSubmit={submit}>
      <h2>{text.updates.upload}</h2>
      <p class="faint">{text.updates.uploadHint}</p>
      <div class="field">
        <label for={`${id}-file`}>{text.updates.file}</label>
        <input
          id={`${id}-file`}
          type="file"
          onChange={(event) => void choose(event.currentTarget)}
        />
      </div>
      {chosen && <Findings info={chosen.info} />}
      {chosen?.info && (
        <>
          <div class="field">
            <label for={`${id}-product`}>{text.updates.product}</label>
            <select
              id={`${id}-product`}
              value={productKey}
              onChange={(event) => setProductKey(event.currentTarget.value)}
            >
              {products.map(({ productKey, name }) => (
                <option key={productKey} value={productKey}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          {textField("module", text.updates.module, module, setModule)}
          {textField("version", text.updates.version, version, setVersion)}
          <div class="field">
            <label for={`${id}-method`}>{text.updates.method}</label>
            <select
              id={`${id}-method`}
              value={signMethod}
              onChange={(event) => setSignMethod(event.currentTarget.value)}
            >
              <option value="SHA256">SHA-256</option>
              <option value="MD5">MD5</option>
            </select>
          </div>
          <div class="actions">
            <button type="submit" class="primary" aria-disabled={isBusy}>
              {isBusy ? text.updates.uploading : text.updates.doUpload}
            </button>
          </div>
        </>
      )}
      <output class={outcome ? `answer ${outcome.isGood ? "good" : "bad"}` : "answer"}>
        {outcome?.words}
      </output>
    </form>
  );
}

/** What the file says of itself. */
function Findings({ info }: { info: ImageInfo | undefined }) {
  if (!info) return <p role="status">{text.updates.reading}…</p>;
  const { image, problems } = info;
  if (!image) return <p class="note">{text.updates.otherFile}</p>;
  if (problems.length > 0) {
    return (
      <p class="note bad" role="alert">
        {text.updates.problem} {problems.join("; ")}
      </p>
    );
  }
  const signed = image.signed ? text.updates.signed : text.updates.unsigned;
  return (
    <p class="note good">
      {text.updates.image(image.board)}: {image.module} <strong>{image.version}</strong>, {signed},{" "}
      {bytes(info.bytes)}
    </p>
  );
}
