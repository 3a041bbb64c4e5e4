import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError, parseEnv } from "../env/parse.ts";
import { inheritedEnv } from "../env.ts";
import { openLog } from "../log/process-logger.ts";
import { Refusal } from "./refusal.ts";
import { noResources, stopAll } from "./supervisor/resources.ts";
import { supervise } from "./supervisor/supervise.ts";
import { createSay } from "./terminal.ts";

const mode = process.argv[2] === "dev" ? "dev" : "start";
const begunAt = Number(process.argv.find((arg) => arg.startsWith("--since="))?.slice(8)) || Date.now();
const say = createSay(begunAt);
const resources = noResources();
const interrupted = new AbortController();
let ending: Promise<never> | undefined;

/** Stops everything that was started and ends; whoever asks first decides the exit status. */
function end(exitCode: number): Promise<never> {
  ending ??= (async () => {
    interrupted.abort();
    // A step that is under way may still bring up something to stop; one that hangs is not waited for.
    await Promise.race([starting.catch(() => {}), sleep(3_000)]);
    await stopAll(resources);
    if (exitCode === 0) say("stopped");
    process.exit(exitCode);
  })();
  return ending;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!ending) say("stopping");
    void end(0);
  });
}
// The bootstrap that started this process died: nobody would ever stop what runs here.
process.once("disconnect", () => void end(1));
process.channel?.unref();
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
process.on("uncaughtException", (error) => fail(error));
process.on("unhandledRejection", (reason) => fail(reason));

function fail(thrown: unknown): void {
  if (ending) return;
  const [text, exitCode] = explain(thrown);
  process.stderr.write(`\n${text}\n${resources.parting && `\nLater, ${resources.parting}.\n`}`);
  void end(exitCode);
}

function explain(thrown: unknown): [string, number] {
  if (thrown instanceof Refusal) return [thrown.message, thrown.exitCode];
  if (thrown instanceof EnvironmentError) {
    return [
      `The environment is malformed. Correct these variables and start again: ${firstOfEach(thrown.problems).join("; ")}.`,
      2,
    ];
  }
  const debug = inheritedEnv().LOG_LEVEL === "debug";
  const detail = thrown instanceof Error ? (debug ? thrown.stack : thrown.message) : String(thrown);
  return [`The console met an unexpected error and stops: ${detail} (LOG_LEVEL=debug shows where).`, 1];
}

/** One problem a variable: the second is often only a consequence of the first. */
function firstOfEach(problems: string[]): string[] {
  const variable = (problem: string) => problem.slice(0, problem.lastIndexOf(": "));
  return problems.filter((p, i) => problems.findIndex((other) => variable(other) === variable(p)) === i);
}

const starting = (async () => {
  const env = parseEnv(inheritedEnv());
  // What the supervisor does it says in plain lines; of the engine that writes the demo's past only errors.
  openLog("start", { ...env, LOG_LEVEL: "error" });
  await supervise({
    mode,
    env,
    begunAt,
    say,
    resources,
    signal: interrupted.signal,
  });
})();
starting.catch(fail);
