import { appendFileSync } from "node:fs";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { EngineLogger } from "../audit-db/engine-logger.ts";
import { migrateAudit } from "../audit-db/schema/migrate.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { canMakeNamespace, makeNamespace, type Namespace } from "./namespace.ts";
import { type Standby, signalServer, startStandby } from "./standby.ts";

const logger: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };
/** Who reconnects while old sessions still end needs both places. */
const room = { max_connections: "150" };
/** Reads that hold back the replay for longer are cancelled. */
const impatient = { max_standby_streaming_delay: "100ms" };
export const namespaces = canMakeNamespace();

/** A primary with the audit schema and two standbys, `second` behind a cable that can be cut where that is possible. */
export interface Trio {
  primary: Cluster;
  first: Standby;
  second: Standby;
  namespace: Namespace | undefined;
  /** Where `second` finds a server: on the other side of its cable, where it has one. */
  fromSecond(server: Pick<Cluster, "url">): Pick<Cluster, "url">;
  /** A superuser's client, ended with the trio. */
  client(server: Cluster): Sql;
  /** An engine on the three, quick to notice. */
  open(): AuditDb;
  close(): Promise<void>;
}

export async function startTrio(): Promise<Trio> {
  const namespace = namespaces ? makeNamespace() : undefined;
  const listening = namespace ? `127.0.0.1,${namespace.gateway}` : "127.0.0.1";
  const clients: Sql[] = [];
  const client = (server: Cluster) => {
    const sql = postgres(server.url, { max: 1, onnotice: () => {}, onclose: () => {} });
    clients.push(sql);
    return sql;
  };
  const fromSecond = (server: Pick<Cluster, "url">) =>
    namespace ? { url: withPart(server, { hostname: namespace.gateway }) } : server;
  const primary = await startCluster(18, { ...room, listen_addresses: listening, wal_keep_size: "256MB" });
  appendFileSync(
    path.join(primary.dataDir, "pg_hba.conf"),
    "host all,replication all 10.0.0.0/8 scram-sha-256\n",
  );
  await client(primary)`select pg_reload_conf()`;
  await migrateAudit(primary.url);
  await client(primary)`create table note (id int primary key)`;
  await client(primary)`create role writer login password 'test' in role audit_writer`;
  const first = await startStandby(primary, {
    name: "standby_a",
    settings: { ...impatient, listen_addresses: listening },
  });
  const second = await startStandby(primary, {
    name: "standby_b",
    settings: impatient,
    ...(namespace && {
      namespace: namespace.name,
      host: namespace.address,
      upstream: fromSecond(primary),
    }),
  });
  return {
    primary,
    first,
    second,
    namespace,
    fromSecond,
    client,
    open: () => openEngine(primary, [first, second]),
    async close() {
      await Promise.all(clients.map((sql) => sql.end({ timeout: 1 })));
      for (const server of [second, first, primary]) {
        signalServer(server, "SIGCONT");
        await server.destroy();
      }
      namespace?.remove();
    },
  };
}

/** How the engine names a server. */
export const named = (server: Pick<Cluster, "url">) => new URL(server.url).host;

function openEngine(primary: Cluster, replicas: Cluster[]): AuditDb {
  return connect({
    target: "trio",
    urls: {
      watch: primary.url,
      read: primary.url,
      write: withPart(primary, { username: "writer" }),
      maintenance: primary.url,
      replicas: replicas.map(({ url }) => url),
    },
    logger,
    replicas: {
      probeIntervalMs: 200,
      probeTimeoutMs: 600,
      drainLagSeconds: 1,
      lsnWaitMs: 500,
      failoverWaitMs: 4_000,
    },
  });
}

function withPart(server: Pick<Cluster, "url">, part: { hostname: string } | { username: string }): string {
  return Object.assign(new URL(server.url), part).href;
}
