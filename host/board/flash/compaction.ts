/**
 * Compaction of Storage: live files are copied towards the start through a buffer of one page, each
 * page erased just before it is written again, then the rest is erased. A power cut between leaves
 * what the interpreter would leave.
 * @module
 */
import {
  align,
  type FileChain,
  headerBytes,
  type StorageStats,
  type StoreListener,
} from "./file-chain.ts";

/** Progress is shown by steps of 16 KB. */
const progressShift = 14;

/** Whether anything was done. */
export function compact(
  chain: FileChain,
  stats: StorageStats & { firstTrashPage: number },
  listener: StoreListener,
): boolean {
  if (stats.trashBytes === 0) return false;
  listener.compacting?.(true);
  const { flash } = chain;
  const start = stats.firstTrashPage;
  const capacity = Math.min(stats.fileBytes, flash.page + headerBytes);
  let pending = new Uint8Array(0);
  let to = start;

  const append = (bytes: Uint8Array) => {
    const joined = new Uint8Array(pending.length + bytes.length);
    joined.set(pending);
    joined.set(bytes, pending.length);
    pending = joined;
  };
  const flush = (readAddress: number) => {
    while (pending.length > 0) {
      const nextPage = chain.nextPage(to) || chain.end;
      const count = Math.min(pending.length, nextPage - to);
      if (readAddress < nextPage) return;
      if (flash.pageAt(to)?.addr === to) flash.erasePage(to);
      flash.write(to, pending.subarray(0, count));
      to += count;
      pending = pending.slice(count);
    }
  };

  let shown = 0;
  let cursor = chain.at(start);
  while (cursor.valid) {
    const { addr, header, raw } = cursor;
    if (chain.isFile(header)) {
      const target = to + pending.length;
      if (target !== addr) listener.moved?.(addr, headerBytes + header.size, target);
      append(raw);
      let left = align(header.size);
      let from = addr + headerBytes;
      flush(from);
      while (left > 0) {
        const count = Math.min(left, capacity - pending.length);
        if (count <= 0) return false;
        append(flash.read(from, count));
        left -= count;
        from += count;
        flush(from);
      }
    }
    const progress = (addr - start) >> progressShift;
    if (chain.isFile(header) && progress !== shown) listener.progress?.(progress);
    if (chain.isFile(header)) shown = progress;
    cursor = chain.next(cursor, true);
  }
  flush(chain.end);
  let rest = to === start ? to : chain.nextPage(to - 1);
  const end = cursor.addr || chain.end;
  for (; rest !== 0 && rest < end; rest = chain.nextPage(rest)) flash.erasePage(rest);
  listener.compacting?.(false);
  return true;
}
