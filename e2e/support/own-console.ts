import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createToken } from "../../lib/accounts/create-token.ts";
import { systemActor } from "../../lib/auth/actor.ts";
import { openConsoleDb } from "../../lib/db/console-db.ts";
import { type Cluster, freePort, protectedSettings, startCluster } from "../../lib/testing/cluster.ts";
import { startRedis, type TestRedis } from "../../lib/testing/redis.ts";
import { signalServer } from "../../lib/testing/standby.ts";
import { runAdminAction } from "../../lib/verbs/run-admin-action.ts";
import { startConsole, stopConsole } from "./console.ts";
import { people } from "./people.ts";

/** The product on servers that a spec may stop and freeze, beside the one that all specs share. */
export interface OwnConsole {
  address: string;
  /** The console's own database server. */
  own: Cluster;
  /** What it watches as `audit`. Nothing listens at the targets `page-first` and `api-first`. */
  audit: Cluster;
  redis: TestRedis;
  token: string;
  metricsToken: string;
  /** Log lines of every process so far that are JSON, and everything that was written. */
  log(): { lines: Record<string, unknown>[]; text: string };
  close(): Promise<void>;
}

export async function startOwnConsole(): Promise<OwnConsole> {
  const [own, audit, redis] = await Promise.all([
    startCluster(18),
    startCluster(18, protectedSettings),
    startRedis(),
  ]);
  const dataDir = mkdtempSync(path.join(tmpdir(), "audit-e2e-own-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const metricsToken = randomBytes(24).toString("hex");
  const nowhere = { database_url: "postgres://nobody:none@127.0.0.1:1/none" };
  const child = await startConsole({
    CONSOLE_DATABASE_URL: own.url,
    AUDIT_DATABASES: JSON.stringify({
      audit: { database_url: audit.url, writer_url: audit.url },
      "page-first": nowhere,
      "api-first": nowhere,
    }),
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "e2e").toString("base64"),
    NEXTAUTH_URL: address,
    ADMIN_EMAIL: people.admin.email,
    ADMIN_PASSWORD: people.admin.password,
    REDIS_URL: redis.url,
    METRICS_TOKEN: metricsToken,
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: "info",
  });
  let text = "";
  const note = (chunk: Buffer) => {
    text += chunk;
  };
  child.stdout?.on("data", note);
  child.stderr?.on("data", note);
  const console = openConsoleDb(own.url, { max: 1 });
  const made = await runAdminAction(
    createToken,
    { console, actor: systemActor("e2e"), auditTargets: [] },
    { name: "e2e outage", scopes: ["read", "append"] },
  );
  await console.close();
  if (!made.ok) throw new Error(made.error.message);
  return {
    address,
    own,
    audit,
    redis,
    token: made.data.secret,
    metricsToken,
    log: () => ({
      text,
      lines: text.split("\n").flatMap((line) => {
        try {
          return [JSON.parse(line) as Record<string, unknown>];
        } catch {
          return [];
        }
      }),
    }),
    async close() {
      for (const server of [own, audit]) signalServer(server, "SIGCONT");
      await stopConsole(child);
      await Promise.all([own.destroy(), audit.destroy(), redis.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
