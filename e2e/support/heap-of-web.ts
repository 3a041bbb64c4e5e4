import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { textsIn } from "../../lib/testing/files-holding.ts";
import { logEnd, logSince } from "./log-lines.ts";
import { world } from "./world.ts";

const textsWhole =
  "process.getBuiltinModule('v8').setFlagsFromString('--heap-snapshot-string-limit=1000000000')";
const closed = "void setImmediate(() => process.getBuiltinModule('inspector').close())";

/**
 * Which of these texts the world's web process holds once its garbage is collected: its inspector is opened by a signal, as
 * nobody can from afar, and closed again.
 */
export async function textsInWeb(needles: readonly string[]): Promise<Set<string>> {
  const logged = logEnd();
  process.kill(webPid(), "SIGUSR1");
  const socket = new WebSocket(await debuggerUrl(logged));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const chunks: Buffer[] = [];
  const answers = new Map<number, () => void>();
  socket.onmessage = ({ data }) => {
    const { id, method, params } = JSON.parse(String(data));
    if (method === "HeapProfiler.addHeapSnapshotChunk") chunks.push(Buffer.from(params.chunk));
    answers.get(id)?.();
  };
  const ask = (method: string, params = {}) =>
    new Promise<void>((resolve) => {
      const id = answers.size + 1;
      answers.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await ask("Runtime.evaluate", { expression: textsWhole });
  await ask("HeapProfiler.collectGarbage");
  await ask("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await ask("Runtime.evaluate", { expression: closed });
  socket.close();
  return textsIn(chunks, needles);
}

/** Next calls its process by its own name. */
function webPid(): number {
  const port = `PORT=${new URL(world().address).port}`;
  const found = readdirSync("/proc").find(
    (name) =>
      /^\d+$/.test(name) &&
      read(`/proc/${name}/cmdline`).startsWith("next-server") &&
      read(`/proc/${name}/environ`).split("\0").includes(port),
  );
  if (!found) throw new Error("the world's web process was not found");
  return Number(found);
}

/** The process says it; `--inspect-port=0` of the world lets it take any port, as others have theirs. */
async function debuggerUrl(logged: number): Promise<string> {
  for (let tries = 0; tries < 100; tries++, await sleep(50)) {
    const [, address] = /Debugger listening on (ws:\S+)/.exec((await logSince(logged)).join("\n")) ?? [];
    if (address) return address;
  }
  throw new Error("the inspector was not opened");
}

/** Empty where the process is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
