import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./cluster.ts";

export interface Alertmanager {
  url: string;
  /** Its own API v2. */
  get<T>(path: string): Promise<T>;
  /** @returns the silence's id */
  silence(alertname: string, comment: string): Promise<string>;
  endSilence(id: string): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's prometheus-alertmanager on a port of loopback, with a folder of its own and nobody to tell. */
export async function startAlertmanager(): Promise<Alertmanager> {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-test-alertmanager-"));
  const config = path.join(folder, "alertmanager.yml");
  writeFileSync(config, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
  const port = await freePort();
  const child = spawn(
    "prometheus-alertmanager",
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    if ((await fetch(`${url}/-/ready`).catch(() => null))?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const get = async <T>(of: string) => (await (await fetch(`${url}/api/v2/${of}`)).json()) as T;
  return {
    url,
    get,
    async silence(alertname, comment) {
      const body = {
        matchers: [{ name: "alertname", value: alertname, isRegex: false, isEqual: true }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        createdBy: "ada",
        comment,
      };
      const answer = await fetch(`${url}/api/v2/silences`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return ((await answer.json()) as { silenceID: string }).silenceID;
    },
    async endSilence(id) {
      await fetch(`${url}/api/v2/silence/${id}`, { method: "DELETE" });
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
