import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { LRUCache } from "lru-cache";

/**
 * sql-formatter takes 74 s, and all the memory it is given, for 500 opening brackets twice over: it works in a process of
 * its own, and no longer than this. A thread that reaches its heap's limit can end the process that it belongs to.
 */
const longestMs = 2_000;
const longestText = 20_000;
/** Texts waiting for it; one more is shown as it is. */
const mostWaiting = 8;

const known = new LRUCache<string, string>({
  maxSize: 4_000_000,
  // What took too long is tried again: the machine may have been busy.
  ttl: 10 * 60_000,
  sizeCalculation: (formatted, text) => formatted.length + text.length + 1,
});
let child: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Formatted for reading. A text that the formatter cannot read within two seconds, or a very long one, stays as it is. */
export async function formatStatement(text: string): Promise<string> {
  const before = known.get(text);
  if (before !== undefined || text.length > longestText || waiting >= mostWaiting) return before ?? text;
  waiting++;
  const work = last.then(() => formatInChild(text));
  last = work;
  const formatted = (await work) ?? text;
  waiting--;
  known.set(text, formatted);
  return formatted;
}

async function formatInChild(text: string): Promise<string | null> {
  try {
    child ??= await startChild();
    child.channel?.ref();
    child.send(text);
    const [formatted] = await once(child, "message", { signal: AbortSignal.timeout(longestMs) });
    child.channel?.unref();
    return formatted;
  } catch {
    // Too slow, out of memory or broken: the next text gets another child.
    child?.kill("SIGKILL");
    child = undefined;
    return null;
  }
}

async function startChild(): Promise<ChildProcess> {
  const started = fork(formatProgram(), {
    execArgv: ["--max-old-space-size=128"],
    env: {} as NodeJS.ProcessEnv,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  started.once("exit", () => {
    if (child === started) child = undefined;
    // Whoever waits for it need not wait for the time to pass.
    started.emit("error", new Error("the formatter ended"));
  });
  started.on("error", () => {});
  await once(started, "message");
  started.unref();
  return started;
}

/** Bundlers move this module, never the child's: fall back to the folder the process was started in. */
function formatProgram(): string {
  const beside = path.join(import.meta.dirname ?? ".", "format-child.mjs");
  return existsSync(beside) ? beside : path.resolve("lib/queries/format-child.mjs");
}
