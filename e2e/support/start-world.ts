import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createMasterKeyFile } from "../../lib/audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../../lib/db/console-db.ts";
import { type Cluster, freePort, protectedSettings, startCluster } from "../../lib/testing/cluster.ts";
import { startOidcProvider } from "../../lib/testing/oidc-provider.ts";
import { startRedis, type TestRedis } from "../../lib/testing/redis.ts";
import { prepareAuditServer } from "./audit-server.ts";
import { startConsole, stopConsole } from "./console.ts";
import { prepareForeignServer } from "./foreign-server.ts";
import { createPeople, oidcAccounts, people } from "./people.ts";
import type { World } from "./world.ts";

export interface StartedWorld {
  world: World;
  stop(): Promise<void>;
}

/** The same at every start, so that the pages need not be built again. */
export const actionsKey = Buffer.alloc(32, "e2e").toString("base64");

/** Servers of the tests' own, and the product in production mode on them. */
export async function startWorld(): Promise<StartedWorld> {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const [audit, own, foreign, redis] = await Promise.all([
      startCluster(18, { ...protectedSettings, track_io_timing: "on" }),
      // Consoles beside the world's own keep their databases on it too.
      startCluster(18, { max_connections: "150" }),
      // Nothing changes in it beside what specs do: sizes are read every ten minutes.
      startCluster(15, { ...protectedSettings, shared_preload_libraries: "", autovacuum_naptime: "1d" }),
      startRedis({ maxmemory: "64mb", "maxmemory-policy": "allkeys-lru" }),
    ]);
    undo.push(() => Promise.all([audit.destroy(), own.destroy(), foreign.destroy(), redis.stop()]));
    const [auditServer, foreignServer] = await Promise.all([
      prepareAuditServer(audit),
      prepareForeignServer(foreign),
    ]);
    undo.push(foreignServer.stopPooler);
    const port = await freePort();
    const dataDir = mkdtempSync(path.join(tmpdir(), "audit-e2e-"));
    undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const masterKeyFile = path.join(dataDir, "master-key.json");
    createMasterKeyFile(masterKeyFile);
    const address = `http://127.0.0.1:${port}`;
    const clientSecret = randomBytes(24).toString("hex");
    const oidc = await startOidcProvider({
      clientId: "console",
      clientSecret,
      redirectUri: `${address}/api/auth/callback/oidc`,
      accounts: oidcAccounts,
    });
    undo.push(oidc.close);
    const metricsToken = randomBytes(24).toString("hex");
    const logFile = path.join(dataDir, "console.log");
    writeFileSync(logFile, "");
    const environment = {
      CONSOLE_DATABASE_URL: own.url,
      AUDIT_DATABASES: JSON.stringify({
        audit: {
          database_url: auditServer.watchUrl,
          writer_url: auditServer.writerUrl,
          maintenance_url: auditServer.maintenanceUrl,
          privacy_url: auditServer.privacyUrl,
          explain_url: auditServer.explainUrl,
        },
        foreign: { database_url: foreignServer.watchUrl, pooler_url: foreignServer.poolerUrl },
      }),
      NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey,
      NEXTAUTH_URL: address,
      OIDC_ISSUER: oidc.issuer,
      OIDC_CLIENT_ID: "console",
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_NAME: "Sign in with Example ID",
      ADMIN_EMAIL: people.admin.email,
      ADMIN_PASSWORD: people.admin.password,
      MASTER_KEY_FILE: masterKeyFile,
      REDIS_URL: redis.url,
      METRICS_TOKEN: metricsToken,
      CHECKS_EVERY_SECONDS: "5",
      // Receivers of the specs stand here.
      ALERT_DESTINATIONS_ALLOWED: "127.0.0.1",
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: "warn",
      NODE_OPTIONS: "--inspect-port=0",
    };
    const child = await startConsole(environment, { logFile });
    undo.push(() => stopConsole(child));
    const console = openConsoleDb(own.url, { max: 1 });
    await createPeople(console);
    await console.close();
    const control = await serveControl(audit, redis);
    undo.push(control.close);
    const world: World = {
      address,
      auditUrl: auditServer.superuserUrl,
      foreignUrl: foreignServer.superuserUrl,
      foreignPooledUrl: foreignServer.pooledUrl,
      consoleUrl: own.url,
      watchUrl: auditServer.watchUrl,
      redisUrl: redis.url,
      controlUrl: control.url,
      metricsToken,
      logFile,
      people,
    };
    return { world, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Lets a spec, which runs in another process, stop and start servers; a second start changes nothing. */
async function serveControl(
  audit: Cluster,
  redis: TestRedis,
): Promise<{ url: string; close(): Promise<void> }> {
  let redisRuns = true;
  const verbs: Record<string, () => Promise<void> | undefined> = {
    "/stop": () => audit.stop(),
    "/start": () => (audit.pid() === undefined ? audit.start() : undefined),
    "/redis/stop": () => {
      redisRuns = false;
      return redis.kill();
    },
    "/redis/start": () => {
      if (redisRuns) return undefined;
      redisRuns = true;
      return redis.restart();
    },
  };
  const server = createServer((request, response) => {
    const verb = verbs[request.url ?? ""];
    Promise.resolve(verb?.()).then(
      () => response.end(),
      (thrown) => response.writeHead(500).end(String(thrown)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
