import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { settingsForChild } from "../../env.ts";
import { AppError } from "../../errors.ts";
import { goesOnAt, type SearchFound, type SearchOrder, type SearchStep } from "./steps.ts";

/** A child that is ended from outside is followed by another, unless it came no further than the one before. */
const childrenWithoutStep = 3;

/**
 * Looks for the identifiers of a request in each step, in a process of its own that ends: it opens them itself, and what
 * comes back are counts and places. Steps are answered in their order, one that found many events in several answers.
 * @param onStart told of each child's process id
 * @throws AppError UNAVAILABLE when no child comes to an end; the signal's reason
 */
export async function* runSearch(
  order: SearchOrder,
  { signal, onStart }: { signal: AbortSignal; onStart?: (pid: number) => void },
): AsyncGenerator<SearchFound> {
  let left = order;
  let fruitless = 0;
  while (left.steps.length > 0) {
    let told = "it ended before it was done";
    let answered = 0;
    for await (const message of runChild(left, signal, onStart)) {
      if ("failed" in message) {
        told = message.failed;
        continue;
      }
      answered++;
      const [step, ...others] = left.steps as [SearchStep, ...SearchStep[]];
      const { nextBlock } = message.found;
      left = { ...left, steps: nextBlock === null ? others : [goesOnAt(step, nextBlock), ...others] };
      yield message.found;
    }
    signal.throwIfAborted();
    fruitless = answered > 0 ? 0 : fruitless + 1;
    if (left.steps.length > 0 && fruitless >= childrenWithoutStep)
      throw new AppError("UNAVAILABLE", `The search could not go on: ${told}.`);
  }
}

async function* runChild(
  order: SearchOrder,
  signal: AbortSignal,
  onStart?: (pid: number) => void,
): AsyncGenerator<{ found: SearchFound } | { failed: string }> {
  signal.throwIfAborted();
  const program = searchProgram();
  const resolveOnce = path.resolve(path.dirname(program), "../../resolve-once.ts");
  const child = spawn(process.execPath, ["--import", resolveOnce, program], {
    env: { ...settingsForChild(), LOG_LEVEL: "silent" } as Record<
      string,
      string
    > as unknown as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const end = () => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", end, { once: true });
  child.on("error", end);
  child.stdin.on("error", end);
  try {
    if (child.pid !== undefined) onStart?.(child.pid);
    // It stays open: a child whose parent is gone ends with it.
    child.stdin.write(`${JSON.stringify(order)}\n`);
    for await (const line of createInterface({ input: child.stdout })) {
      const message = parse(line);
      if (message) yield message;
    }
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

/** What a child had not written to its end is no answer. */
function parse(line: string): { found: SearchFound } | { failed: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Bundlers move this module, never the child's: fall back to the folder the process was started in. */
function searchProgram(): string {
  const beside = path.join(import.meta.dirname ?? ".", "search-child.ts");
  return existsSync(beside) ? beside : path.resolve("lib/requests/search/search-child.ts");
}
