import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Say } from "../terminal.ts";

export interface ChildOptions {
  /** As it is called on the terminal: web, worker, demo. */
  name: string;
  /** The module Node runs, and its arguments. */
  command: string[];
  cwd: string;
  env: Record<string, string | undefined>;
  say: Say;
  /** Whether its output goes to the terminal at once; otherwise only after `show()`, or when it dies. */
  quietUntilShown?: boolean;
}

/** A process that is kept running: when it dies it is started again, later each time. */
export interface Child {
  readonly name: string;
  /** How often it has died by itself since it was last up for a minute. */
  readonly failures: number;
  /** Whether it has said, since it was started last, that it listens ("listening" on its channel). */
  readonly listening: boolean;
  /** The end of what it wrote. */
  readonly output: string;
  /** From now on its output goes to the terminal. */
  show(): void;
  pid(): number | undefined;
  /** Ends it and starts it anew at once. */
  restart(): void;
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

const leash = fileURLToPath(new URL("./follow-parent.ts", import.meta.url));
const longestPauseMs = 30_000;
const settledMs = 60_000;

export function startChild(options: ChildOptions): Child {
  let child: ChildProcess | undefined;
  let failures = 0;
  let listening = false;
  let output = "";
  let shown = !options.quietUntilShown;
  let asked = false;
  const stopping = new AbortController();

  const take = (target: NodeJS.WriteStream) => (chunk: Buffer) => {
    output = (output + chunk).slice(-8_000);
    if (shown) target.write(chunk);
  };

  function launch(): void {
    const began = Date.now();
    const started = spawn(process.execPath, ["--import", leash, ...options.command], {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = started;
    listening = false;
    started.on("message", (message) => {
      if (child === started && message === "listening") listening = true;
    });
    started.stdout?.on("data", take(process.stdout));
    started.stderr?.on("data", take(process.stderr));
    // Not "close": a process of its own that outlives it may keep its output open.
    started.once("exit", (code, signal) => {
      if (child === started) child = undefined;
      if (stopping.signal.aborted) return;
      void relaunch(began, code === null ? `signal ${signal}` : `status ${code}`);
    });
  }

  async function relaunch(began: number, how: string): Promise<void> {
    if (asked) {
      asked = false;
      return launch();
    }
    if (Date.now() - began > settledMs) failures = 0;
    const pauseMs = Math.min(longestPauseMs, 1_000 * 2 ** failures);
    failures++;
    options.say(`${options.name} ended unexpectedly (${how}); starting it again in ${pauseMs / 1_000} s`);
    try {
      await sleep(pauseMs, undefined, { signal: stopping.signal });
      launch();
    } catch {
      // Stopped while it waited.
    }
  }

  launch();
  return {
    name: options.name,
    get failures() {
      return failures;
    },
    get listening() {
      return listening;
    },
    get output() {
      return output;
    },
    show: () => {
      shown = true;
    },
    pid: () => child?.pid,
    restart: () => {
      if (!child) return;
      asked = true;
      child.kill("SIGTERM");
    },
    async stop(graceMs = 3_500) {
      stopping.abort();
      const last = child;
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      const closed = new Promise((resolve) => last.once("exit", resolve));
      last.kill("SIGTERM");
      const killer = setTimeout(() => last.kill("SIGKILL"), graceMs);
      await closed;
      clearTimeout(killer);
    },
  };
}
