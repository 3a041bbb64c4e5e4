import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../lib/testing/cluster.ts";

const root = path.resolve(import.meta.dirname, "../..");
const next = path.join(root, "node_modules", "next", "dist", "bin", "next");

export interface BareNext {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** A production Next server of one route handler and nothing else, which answers these bytes with these headers. */
export async function startBareNext(text: string, headers: Record<string, string>): Promise<BareNext> {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-bench-next-"));
  const write = (name: string, content: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  };
  write("package.json", `{"type": "module", "private": true}`);
  write("next.config.mjs", "export default { poweredByHeader: false };");
  write(
    "app/answer/route.js",
    `const text = ${JSON.stringify(text)};
const headers = ${JSON.stringify(headers)};
export const dynamic = "force-dynamic";
export const GET = () => new Response(text, { headers });`,
  );
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  execFileSync(process.execPath, [next, "build", "--webpack"], { cwd: folder, env, stdio: "pipe" });
  const port = await freePort();
  const server = spawn(process.execPath, [next, "start", "--hostname=127.0.0.1", `--port=${port}`], {
    cwd: folder,
    env,
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}/answer`;
  const until = Date.now() + 60_000;
  while (!(await fetch(url).catch(() => null))?.ok) {
    if (Date.now() > until || server.exitCode !== null) throw new Error("the bare server does not answer");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    url,
    pid: server.pid ?? 0,
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
