import fc from "fast-check";
import { mark } from "./arbitrary-input.ts";
import { anyCall, type Call, type Credentials } from "./fuzz-calls.ts";
import { isLogObject, logEnd, logSince } from "./log-lines.ts";

export interface FuzzResult {
  calls: number;
  /** Status → how many requests. */
  statuses: Record<string, number>;
  /** Answers that took over 2 s. */
  slow: string[];
  /** What should never be, with the request that did it. */
  faults: string[];
}

const slowMs = 2_000;

/** Sends about so many generated calls, a few at a time, and judges the answers and what the console logged meanwhile. */
export async function fuzz(options: {
  calls: number;
  seed: number;
  as: Credentials;
  concurrency?: number;
}): Promise<FuzzResult> {
  const result: FuzzResult = { calls: 0, statuses: {}, slow: [], faults: [] };
  const from = logEnd();
  const requests = fc.sample(anyCall(options.as), { numRuns: options.calls, seed: options.seed });
  let next = 0;
  const work = async () => {
    while (result.calls < options.calls) {
      const call = requests[next++];
      if (!call) return;
      result.calls += call.calls;
      await send(call, result);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 6 }, work));
  for (const line of await logSince(from)) {
    if (!isLogObject(line)) result.faults.push(`no JSON object in the log: ${line.slice(0, 300)}`);
    if (line.includes(mark)) result.faults.push(`the log repeats a caller: ${line.slice(0, 300)}`);
  }
  return result;
}

async function send(call: Call, result: FuzzResult): Promise<void> {
  const fault = (what: string) =>
    result.faults.push(
      `${what}: ${call.what} ${call.init.method} ${call.url} ${String(call.init.body ?? "").slice(0, 600)}`,
    );
  const began = performance.now();
  try {
    const response = await fetch(call.url, { ...call.init, redirect: "manual" });
    // A stream of events goes on for ever: that it began is its answer.
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (isStream) await response.body?.cancel();
    const text = isStream ? "" : await response.text();
    result.statuses[response.status] = (result.statuses[response.status] ?? 0) + 1;
    if (response.status >= 500) fault(`${response.status} ${text.slice(0, 200)}`);
    for (const problem of errorsIn(text)) {
      if (problem.code === "INTERNAL") fault(`INTERNAL${problem.row}`);
      if (
        /^\s+at |:\d+:\d+\)|PostgresError|\b(select|insert|delete|update)\b.+\b(from|into|set)\b/im.test(
          problem.message,
        )
      )
        fault(`tells too much (${problem.message.slice(0, 200)})`);
    }
  } catch (thrown) {
    fault(thrown instanceof Error ? `${thrown.message} ${String(thrown.cause ?? "")}` : String(thrown));
  }
  if (performance.now() - began > slowMs) result.slow.push(`${call.what} ${call.url.slice(0, 300)}`);
}

/** Codes and messages of problems and of actions' answers; a batch's reads are rows 2 to 6. */
function errorsIn(text: string): { code: string; message: string; row: string }[] {
  const problems = text.matchAll(/"detail":(?<message>"(?:[^"\\]|\\.)*"),"code":"(?<code>[A-Z_]+)"/g);
  const results = text.matchAll(
    /^(?<row>\w+):\{"ok":false,"error":\{"code":"(?<code>[A-Z_]+)","message":(?<message>"(?:[^"\\]|\\.)*")/gm,
  );
  return [...problems, ...results].map(({ groups }) => ({
    code: groups?.code ?? "",
    message: JSON.parse(groups?.message ?? '""') as string,
    row: groups?.row ? ` in row ${groups.row}` : "",
  }));
}
