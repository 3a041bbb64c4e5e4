import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { root } from "./project.mjs";

/**
 * Runs a program to its end, its output handed to `onOutput` as it comes. Interrupted, it ends this process too.
 * @returns {Promise<{ code: number, output: string }>} its exit status (1 when a signal ended it) and all it wrote
 */
export function capture(command, args, { env = process.env, onOutput = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let interrupted = false;
    const stopForwarding = forwardSignals(child, () => {
      interrupted = true;
    });
    let output = "";
    const take = (chunk) => {
      output += chunk;
      onOutput(String(chunk));
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    child.once("close", (code) => {
      stopForwarding();
      if (interrupted) process.exit(130);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs a program on this terminal to its end. With `leash`, the program learns through a closed channel
 * that this process died, however it died. With `onOutput` that has what it says, and where it would have gone.
 * @returns {Promise<number>} its exit status; 128 + n when a signal ended it
 */
export function runHere(command, args, { env = process.env, leash = false, cwd = root, onOutput } = {}) {
  return new Promise((resolve, reject) => {
    const output = onOutput ? "pipe" : "inherit";
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["inherit", output, output, ...(leash ? ["ipc"] : [])],
    });
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])
      from?.on("data", (chunk) => {
        onOutput(String(chunk), to);
      });
    const stopForwarding = forwardSignals(child);
    const stopFollowing = followStarter(() => child.kill("SIGTERM"));
    child.once("error", reject);
    child.once("exit", async (code, signal) => {
      stopForwarding();
      stopFollowing();
      // Its last words may still be on the way; a program it left behind keeps the pipe open.
      if (onOutput) await Promise.race([once(child, "close"), setTimeout(1_000)]);
      resolve(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 137));
    });
  });
}

function forwardSignals(child, onSignal = () => {}) {
  const forward = (signal) => {
    onSignal();
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}

/** npm, killed, tells nobody: what it started must notice that it has another parent now. */
function followStarter(onDeath) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const starter = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(timer);
    onDeath();
  }, 500);
  return () => clearInterval(timer);
}
