import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { compileCache } from "./compile-cache.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** A program of ours in a process of its own, by its path from the project's folder. It may send messages. */
export function startProgram(
  file: string,
  environment: Record<string, string>,
  args: readonly string[] = [],
): ChildProcess {
  return spawn(process.execPath, [file, ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { NODE_ENV: "test", ...compileCache, ...environment },
  });
}

/** The same, once it has sent its first message: it works. */
export async function startWorking(...given: Parameters<typeof startProgram>): Promise<ChildProcess> {
  const child = startProgram(...given);
  await once(child, "message");
  return child;
}

/** Ends a process without a word, and waits until it has. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
