import postgres from "postgres";
import type { Cluster } from "../../lib/testing/cluster.ts";
import { buildMeasurement } from "../../lib/testing/strangers-database.ts";
import { urlOf } from "./audit-server.ts";

/** A database that is not ours, with the one table of the stranger's database that is as of today, and a login that holds pg_monitor and nothing else. */
export async function prepareForeignServer(
  cluster: Cluster,
): Promise<{ superuserUrl: string; watchUrl: string }> {
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create database warehouse`;
  await admin`create role guest login password 'e2e' in role pg_monitor`;
  await admin.end();
  const superuserUrl = urlOf(cluster.url, { database: "warehouse" });
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  await buildMeasurement(sql);
  await sql.end();
  return { superuserUrl, watchUrl: urlOf(superuserUrl, { user: "guest", password: "e2e" }) };
}
