import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { LRUCache } from "lru-cache";

/** sql-formatter takes 74 s for 500 opening brackets twice over: it works in a thread, and no longer than this. */
const longestMs = 2_000;
const longestText = 20_000;
/** Texts waiting for the thread; one more is shown as it is. */
const mostWaiting = 8;

const known = new LRUCache<string, string>({
  maxSize: 4_000_000,
  // What took too long is tried again: the machine may have been busy.
  ttl: 10 * 60_000,
  sizeCalculation: (formatted, text) => formatted.length + text.length + 1,
});
let thread: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Formatted for reading. A text that the formatter cannot read within two seconds, or a very long one, stays as it is. */
export async function formatStatement(text: string): Promise<string> {
  const before = known.get(text);
  if (before !== undefined || text.length > longestText || waiting >= mostWaiting) return before ?? text;
  waiting++;
  const work = last.then(() => formatInThread(text));
  last = work;
  const formatted = (await work) ?? text;
  waiting--;
  known.set(text, formatted);
  return formatted;
}

async function formatInThread(text: string): Promise<string | null> {
  try {
    thread ??= await startThread();
    thread.postMessage(text);
    const [formatted] = await once(thread, "message", { signal: AbortSignal.timeout(longestMs) });
    return formatted;
  } catch {
    // Too slow, out of memory or broken: the next text gets another thread.
    void thread?.terminate();
    thread = undefined;
    return null;
  }
}

async function startThread(): Promise<Worker> {
  const worker = new Worker(workerProgram(), { resourceLimits: { maxOldGenerationSizeMb: 128 }, env: {} });
  worker.on("error", () => {});
  worker.unref();
  await once(worker, "message");
  return worker;
}

/** Bundlers move this module, never the thread's: fall back to the folder the process was started in. */
function workerProgram(): string {
  const beside = path.join(import.meta.dirname ?? ".", "format-worker.mjs");
  return existsSync(beside) ? beside : path.resolve("lib/queries/format-worker.mjs");
}
