import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { replaceEnv } from "../env.ts";
import { type RequestRow, requireRequest } from "../requests/read-request.ts";
import { getScan, type RequestScanView } from "../requests/scan/get-scan.ts";
import { scanRequest } from "../requests/scan/scan-request.ts";
import type { ScanPlace } from "../requests/scan-types.ts";
import { type LossyProxy, startLossyProxy } from "./lossy-proxy.ts";
import { type PrivacyWorld, startPrivacyWorld } from "./privacy-world.ts";
import { startRedis, type TestRedis } from "./redis.ts";
import { moveTestRequest, openTestRequest } from "./requests.ts";
import { kill, startProgram, startWorking } from "./start-program.ts";

/** A privacy world with Redis, and with a worker in a process of its own that looks for what is left of a person. */
export interface ScanWorld extends PrivacyWorld {
  /** Their email address, by which requests name them. */
  person: string;
  /** Where `logs`, `exports` and `data` stand. */
  folder: string;
  log: string;
  redis: TestRedis;
  /** By which workers reach the target `us`. */
  proxy: LossyProxy;
  worker: ChildProcess;
  startWorker(): Promise<ChildProcess>;
  /** A program of ours that knows this world. */
  startProcess(file: string, args?: readonly string[]): ChildProcess;
  /** A request that awaits its scan; of the target `eu` unless more is said. */
  verifying(more?: Parameters<typeof openTestRequest>[1]["more"]): Promise<RequestRow>;
  /** What a scan found that was begun now. @throws where its job fails */
  scanned(row: RequestRow): Promise<RequestScanView>;
  stateOf(row: RequestRow): Promise<RequestRow["state"]>;
  /** Deletes rows of `eu`'s log and quarantine, as only their owner can. */
  removeEvents(where: string): Promise<void>;
}

/** The places that are not clean. */
export const left = (places: readonly ScanPlace[]) =>
  places.filter(({ found, state }) => found > 0 || state === "unknown");

export async function startScanWorld(server: 15 | 18): Promise<ScanWorld> {
  const person = `Lovelace.${server}.planted@example.test`;
  const folder = mkdtempSync(path.join(tmpdir(), "audit-scan-"));
  const log = path.join(folder, "logs", "web.log");
  for (const name of ["logs", "exports", "data"]) mkdirSync(path.join(folder, name));
  writeFileSync(log, '{"msg":"nothing"}\n');
  const [world, redis] = await Promise.all([startPrivacyWorld(server, { worker: false }), startRedis()]);
  const proxy = await startLossyProxy(world.databases.us.url);
  const addresses = JSON.parse(world.environment.AUDIT_DATABASES ?? "{}");
  for (const [purpose, url] of Object.entries<string>(addresses.us)) addresses.us[purpose] = proxy.url(url);
  const environment: Record<string, string> = {
    ...world.environment,
    AUDIT_DATABASES: JSON.stringify(addresses),
    REDIS_URL: redis.url,
    LOG_PATHS: path.join(folder, "logs"),
    EXPORT_PATHS: path.join(folder, "exports"),
    DATA_DIR: path.join(folder, "data"),
  };
  replaceEnv(environment);
  const startWorker = () => startWorking("lib/testing/work-requests.ts", environment, [world.consoleUrl]);
  const started: ScanWorld = {
    ...world,
    ...{ environment, person, folder, log, redis, proxy, startWorker, worker: await startWorker() },
    startProcess: (file, args) => startProgram(file, environment, args),
    async verifying(more = { targets: ["eu"] }) {
      const identifiers = [{ kind: "email" as const, value: person }];
      const row = await openTestRequest(world, { kind: "erasure", person: { identifiers }, more });
      return moveTestRequest(world, row.number, "verifying");
    },
    async scanned(row) {
      const begun = await world.run(scanRequest, { request: row.number });
      if (!begun.ok) throw new Error(begun.error.message);
      await world.settled();
      const failed = await world.sql`select error from job where state = 'failed'`;
      if (failed.length > 0) throw new Error(JSON.stringify(failed));
      const scan = await getScan(world.console.db, row.number);
      if (!scan) throw new Error("there is no scan");
      return scan;
    },
    stateOf: async (row) => (await requireRequest(world.console.db, row.id)).state,
    async removeEvents(where) {
      const { sql } = world.databases.eu;
      for (const table of ["audit_log", "audit_quarantine"]) {
        const parts = await sql<{ name: string }[]>`
          select relid::regclass::text as name from pg_partition_tree(${`public.${table}`}::regclass) where isleaf
          union select ${table} where ${table} = 'audit_quarantine'`;
        for (const { name } of parts) {
          await sql.unsafe(`alter table ${name} disable trigger all`);
          await sql.unsafe(`delete from ${name} where ${where}`);
          await sql.unsafe(`alter table ${name} enable always trigger all`).catch(() => {});
        }
      }
    },
    async close() {
      await kill(started.worker);
      await world.close();
      await redis.stop();
      await proxy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return started;
}
