import { spawn } from "node:child_process";
import { Refusal } from "../refusal.ts";
import type { Environment } from "../settings/environment.ts";

/**
 * Builds the pages if their sources changed; the program says itself what it does. With `anyKey` a build made
 * with another server-actions key will do.
 */
export async function buildPages(options: {
  root: string;
  env: Environment;
  anyKey: boolean;
  begunAt: number;
  signal: AbortSignal;
}): Promise<void> {
  const { root, env, signal } = options;
  const args = [`--since=${options.begunAt}`, ...(options.anyKey ? ["--any-key"] : [])];
  const code = await new Promise<number>((resolve, reject) => {
    const build = spawn(process.execPath, ["scripts/build.mjs", ...args], {
      cwd: root,
      env: env as NodeJS.ProcessEnv,
      stdio: ["ignore", "inherit", "inherit"],
    });
    signal.addEventListener("abort", () => build.kill("SIGTERM"), { once: true });
    build.once("error", reject);
    build.once("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0 && !signal.aborted) {
    throw new Refusal("The pages could not be built. Mend what the build says above and start again.");
  }
}
