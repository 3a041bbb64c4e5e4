import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { inheritedEnv } from "../env.ts";
import { exportColumns } from "./columns.ts";

/**
 * The young generation is 2 MiB: lines live for a moment, and its default of 16 would only be filled with dead ones. No
 * threads of V8 beside the one that works: each has memory of its own.
 */
const nodeOptions = ["--max-semi-space-size=2", "--v8-pool-size=0"];

/**
 * Lines of JSON in, one Parquet file out, as it is made: nothing waits on a disk. DuckDB makes it in a process of its
 * own, so that neither its work nor its memory nor a fault in it is this process's; what it is given and what it has
 * made pass through pipes, so it waits for a slow reader as COPY does, and it ends when either end goes away.
 */
export async function* writeParquet(
  source: AsyncIterable<Buffer>,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<Buffer> {
  // DuckDB opens its output by name, which a socket (what Node gives a child) does not allow and a pipe does.
  const command = '"$@" | cat';
  const { PATH } = inheritedEnv();
  const { structure, selected } = parquetColumns();
  const node = [process.execPath, ...nodeOptions, writerProgram(), structure, selected];
  const child = spawn("sh", ["-c", command, "sh", ...node], {
    // A group of its own, which ends as one. Nothing of this process's environment is its business.
    detached: true,
    env: { PATH } as Record<string, string | undefined> as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
  };
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told = `${told}${text}`.slice(-2_000);
  });
  const closed = once(child, "close");
  closed.catch(() => {});
  signal?.addEventListener("abort", end, { once: true });
  try {
    const fed = pipeline(source, child.stdin);
    fed.catch(end);
    for await (const chunk of child.stdout) yield chunk;
    await closed;
    // A writer that died early closes its input, which is not the cause.
    if (told.trim() !== "whole")
      throw new Error(`The Parquet writer failed: ${told.trim() || "no reason given"}`);
    await fed;
  } finally {
    signal?.removeEventListener("abort", end);
    end();
  }
}

/** Bundlers move this module, never the writer: fall back to the folder the process was started in. */
function writerProgram(): string {
  const beside = path.join(import.meta.dirname ?? ".", "parquet-writer.mjs");
  return existsSync(beside) ? beside : path.resolve("lib/export/parquet-writer.mjs");
}

/** What the writer is told: the structure of a line, and each column of the file out of an `event`. */
function parquetColumns(): { structure: string; selected: string } {
  const types = exportColumns.map(({ name, kind, parquet }) => [
    name,
    kind === "bytes" || kind === "json" ? "VARCHAR" : parquet,
  ]);
  const selected = exportColumns.map(({ name, kind, parquet }) => {
    const value = kind === "bytes" ? `from_hex(event."${name}")` : `event."${name}"`;
    return `${kind === "json" ? `${value}::${parquet}` : value} as "${name}"`;
  });
  return { structure: JSON.stringify(Object.fromEntries(types)), selected: selected.join(", ") };
}
