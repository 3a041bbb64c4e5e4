import path from "node:path";
import type { Embedded } from "../settings/children-env.ts";
import type { Rung } from "../settings/rung.ts";
import { type ClusterName, rolePassword, type Secrets, saveSecrets } from "../settings/secrets.ts";
import type { Say } from "../terminal.ts";
import { type Cluster, startCluster } from "./cluster/cluster.ts";
import { prepareConsoleDatabase } from "./console-database.ts";
import { type DemoDatabase, demoTarget, prepareDemoDatabase } from "./demo-database.ts";

/** Charts of reads need the timing; a demo of slow queries needs the statements. */
const settings: Record<ClusterName, Record<string, string>> = {
  audit: {
    shared_preload_libraries: "pg_stat_statements",
    track_io_timing: "on",
    max_connections: "80",
    max_wal_size: "2GB",
    shared_buffers: "128MB",
    log_lock_waits: "on",
  },
  console: { max_connections: "60", shared_buffers: "64MB" },
};

export interface EmbeddedServers extends Embedded {
  clusters: Map<string, Cluster>;
  demo: DemoDatabase | null;
}

/**
 * Starts the embedded clusters that a rung needs and prepares their databases.
 * `started` hears of each cluster as soon as it runs, so that an interrupted start can stop it.
 */
export async function startEmbedded(options: {
  rung: Exclude<Rung, "production">;
  dataDir: string;
  secrets: Secrets;
  say: Say;
  started(name: ClusterName, cluster: Cluster): void;
}): Promise<EmbeddedServers> {
  const { dataDir, secrets, say } = options;
  const names: ClusterName[] = options.rung === "demo" ? ["audit", "console"] : ["console"];
  const clusters = new Map<string, Cluster>();
  // Whatever fails, every cluster must have been reported before this ends.
  const results = await Promise.allSettled(
    names.map(async (name) => {
      const known = secrets.clusters[name];
      say(`starting the embedded ${name} database (PostgreSQL 18, ${path.join(dataDir, name)})`);
      const cluster = await startCluster({
        folder: path.join(dataDir, name),
        superuserPassword: known.superuserPassword,
        ...(known.port && { port: known.port }),
        settings: settings[name],
      });
      options.started(name, cluster);
      if (cluster.orphanStopped)
        say(`a server that a killed instance left behind was stopped first (${name})`);
      clusters.set(name, cluster);
      known.port = cluster.port;
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
  saveSecrets(dataDir, secrets);

  const passwordOf = (role: string) => rolePassword(dataDir, secrets, role);
  const consoleCluster = clusters.get("console");
  const auditCluster = clusters.get("audit");
  if (!consoleCluster) throw new Error("the console's cluster was not started");
  const [consoleUrl, demo] = await Promise.all([
    prepareConsoleDatabase(consoleCluster, passwordOf("console")),
    auditCluster ? prepareDemoDatabase(auditCluster, { dataDir, passwordOf, say }) : null,
  ]);
  return {
    secrets,
    clusters,
    consoleUrl,
    demo,
    targets: demo ? [demo.target] : [],
    ...(demo && { demoTarget }),
  };
}
