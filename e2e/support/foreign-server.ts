import postgres from "postgres";
import type { Cluster } from "../../lib/testing/cluster.ts";
import { startPooler } from "../../lib/testing/pgbouncer.ts";
import { buildStrangersDatabase } from "../../lib/testing/strangers-database.ts";
import { urlOf } from "./audit-server.ts";

export interface ForeignServer {
  superuserUrl: string;
  watchUrl: string;
  /** PgBouncer before it, as the superuser, with one server connection for each user; and its admin console. */
  pooledUrl: string;
  poolerUrl: string;
  stopPooler(): Promise<void>;
}

/** The stranger's database, a login that holds pg_monitor and nothing else, and a PgBouncer that knows both users. */
export async function prepareForeignServer(cluster: Cluster): Promise<ForeignServer> {
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create database warehouse`;
  await admin`create role guest login password 'e2e' in role pg_monitor`;
  await admin.end();
  const superuserUrl = urlOf(cluster.url, { database: "warehouse" });
  await buildStrangersDatabase(superuserUrl);
  const watchUrl = urlOf(superuserUrl, { user: "guest", password: "e2e" });
  const settings = { pool_mode: "transaction", default_pool_size: "1", stats_users: "guest" };
  const pooler = await startPooler({ name: "warehouse" }, watchUrl, settings, [superuserUrl]);
  return {
    ...{ superuserUrl, watchUrl, poolerUrl: pooler.adminUrl, stopPooler: pooler.stop },
    pooledUrl: urlOf(pooler.url, { user: "postgres", password: new URL(superuserUrl).password }),
  };
}
