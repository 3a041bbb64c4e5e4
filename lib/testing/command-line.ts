import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { compileCache } from "./compile-cache.ts";

/** How a command ended, and all it wrote. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** What a command is run with: nothing is inherited. */
export interface Command {
  args: readonly string[];
  env: Record<string, string | undefined>;
  cwd: string;
}

type Given = Partial<Pick<Command, "env" | "cwd">>;

/** Commands of `audit-db`, run in processes that stay. */
export interface CommandLine {
  run(args: readonly string[], given?: Given): Promise<Ran>;
  /** @throws Error when a command left something open, which would have kept its process from ending */
  close(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, "../..");
const main = path.join(root, "lib/cli/main.ts");
/** One that waits, and one beside it. */
const atOnce = 2;
/** What a command may leave to end by itself. */
const endsWithinMs = 20_000;

/** Of a process of ours: nothing is set but what makes it start soon. */
const common = (): Record<string, string | undefined> => ({
  NODE_ENV: "test",
  ...compileCache,
  PATH: process.env.PATH,
});

/**
 * Runs commands in processes of their own that load the program once: starting takes half a second of a core, which most
 * commands take a tenth of. Of what a process has for itself (arguments, environment, folder, outputs, exit status) each
 * command has its own; what it leaves in memory or open is seen by the next one and by `close`.
 * `runProgram` starts the program itself.
 */
export function openCommandLine(): CommandLine {
  const hosts: ChildProcess[] = [];
  const idle: ChildProcess[] = [];
  const waiting: ((host: ChildProcess) => void)[] = [];

  function take(): Promise<ChildProcess> {
    const host = idle.pop() ?? (hosts.length < atOnce ? start() : undefined);
    return host ? Promise.resolve(host) : new Promise((resolve) => waiting.push(resolve));
  }
  function start(): ChildProcess {
    const host = fork(path.join(import.meta.dirname, "command-line-host.ts"), {
      cwd: root,
      env: common() as NodeJS.ProcessEnv,
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    hosts.push(host);
    return host;
  }

  return {
    async run(args, { env, cwd = root } = {}) {
      const host = await take();
      host.send({ args, env: { ...common(), ...env }, cwd } satisfies Command);
      const ran = await answerOf(host);
      const next = waiting.shift();
      if (next) next(host);
      else idle.push(host);
      return ran;
    },
    async close() {
      await Promise.all(hosts.map(end));
    },
  };
}

async function answerOf(host: ChildProcess): Promise<Ran> {
  const died = new AbortController();
  const exited = once(host, "exit", { signal: died.signal });
  try {
    const [ran] = (await Promise.race([
      once(host, "message"),
      exited.then(([code, signal]) => {
        throw new Error(`The process of the command line ended with ${code ?? signal}.`);
      }),
    ])) as [Ran];
    return ran;
  } finally {
    exited.catch(() => {});
    died.abort();
  }
}

async function end(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  const exited = once(host, "exit");
  const overdue = setTimeout(() => host.kill("SIGKILL"), endsWithinMs);
  host.disconnect();
  const [, signal] = await exited;
  clearTimeout(overdue);
  if (signal)
    throw new Error(`A command left something open: its process had not ended after ${endsWithinMs} ms.`);
}

/** The program itself, in a process of its own. @param given also what stands on its standard input */
export function runProgram(
  args: readonly string[],
  { env, cwd = root, stdin = "" }: Given & { stdin?: string } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [main, ...args],
      { env: { ...common(), ...env } as NodeJS.ProcessEnv, cwd, timeout: 60_000, maxBuffer: 1e8 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });
}
