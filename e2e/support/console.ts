import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * Runs the product as an operator would, in production mode; resolves when it has named its address.
 * @param logFile where everything it prints from then on is kept
 */
export async function startConsole(
  environment: Record<string, string>,
  { readyWithin = 120_000, logFile }: { readyWithin?: number; logFile?: string } = {},
): Promise<ChildProcess> {
  const child = spawn("node", ["scripts/start.mjs"], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => fail("was not ready in time"), readyWithin);
    function fail(why: string): void {
      clearTimeout(timer);
      child.kill("SIGTERM");
      reject(new Error(`the console ${why}:\n${output}`));
    }
    function read(chunk: Buffer): void {
      output += chunk;
      if (!output.includes(environment.NEXTAUTH_URL ?? "http://") || !/sign in/i.test(output)) return;
      clearTimeout(timer);
      resolve();
    }
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => fail(`ended with ${code}`));
  });
  child.removeAllListeners("exit");
  // Held open: its last words may come once it has ended and its folder is gone.
  const log = logFile === undefined ? undefined : openSync(logFile, "a");
  for (const stream of [child.stdout, child.stderr]) {
    stream.removeAllListeners("data");
    stream.on("data", (chunk: Buffer) => log !== undefined && writeSync(log, chunk));
  }
  child.once("close", () => log !== undefined && closeSync(log));
  return child;
}

/** Stops it as Ctrl-C does. */
export async function stopConsole(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exited;
}
