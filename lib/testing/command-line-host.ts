import "../resolve-once.ts";
import path from "node:path";
import { Writable } from "node:stream";
import { closeTargets } from "../audit-db/registry.ts";
import { runCommandLine } from "../cli/run-command-line.ts";
import { closeConsoleDb } from "../db/console-db.ts";
import { closeSharedCache } from "../engines/open-shared-cache.ts";
import { closeVault } from "../key-store/open-vault.ts";
import { openLog } from "../log/process-logger.ts";
import type { Command, Ran } from "./command-line.ts";

/**
 * A process that runs commands of the command line one after another, with their modules loaded once; see
 * `openCommandLine`. Each has its arguments, environment, folder, outputs and exit status for itself;
 * nothing stands on its standard input.
 */
const main = path.resolve(import.meta.dirname, "../cli/main.ts");
openLog("cli", { LOG_LEVEL: "silent", LOG_FORMAT: "json" });
process.on("message", async (command: Command) => {
  const ran = await run(command);
  process.send?.(ran);
});

async function run({ args, env, cwd }: Command): Promise<Ran> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.execPath, main, ...args];
  process.exitCode = undefined;
  const [stdout, stderr] = [keep(), keep()];
  for (const [name, value] of Object.entries({ stdout, stderr }))
    Object.defineProperty(process, name, { value, configurable: true });
  await runCommandLine(process.argv);
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  await forget();
  // Of a command that could have been interrupted.
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** What a process holds for all of its modules ends with it, but for its log. */
async function forget(): Promise<void> {
  await Promise.all([closeTargets(), closeSharedCache(), closeVault().then(closeConsoleDb)]);
  for (const name of Object.keys(globalThis))
    if (name.startsWith("auditDashboard") && name !== "auditDashboardLogger")
      Reflect.deleteProperty(globalThis, name);
}

/** A stream to nowhere that tells what was written to it. */
function keep(): Writable & { text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString() });
}
