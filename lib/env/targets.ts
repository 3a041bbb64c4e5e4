import { z } from "zod";
import type { envSchema } from "./schema.ts";
import { byteCount, postgresUrl, targetName, timeZone } from "./values.ts";

/** One audit database and the roles the console holds on it. */
export interface Target {
  name: string;
  watchUrl: string;
  replicaUrls: string[];
  poolerUrl?: string;
  readerUrl?: string;
  writerUrl?: string;
  maintenanceUrl?: string;
  privacyUrl?: string;
  explainUrl?: string;
  /** Size of the file system that holds its data directory, where somebody said so: SQL cannot ask. */
  diskCapacityBytes?: number;
  /** Where its users live, as the zones of IANA are named; UTC unless given. */
  timeZone?: string;
  demo: boolean;
}

/** Paths of pages that are not targets. */
const reservedNames = new Set(["settings", "sign-in", "api", "metrics", "account"]);

/** The purposes of one target, each with its own URL and role. */
const targetSchema = z.strictObject({
  database_url: postgresUrl,
  replica_urls: z.array(postgresUrl).default([]),
  pooler_url: postgresUrl.optional(),
  reader_url: postgresUrl.optional(),
  writer_url: postgresUrl.optional(),
  maintenance_url: postgresUrl.optional(),
  privacy_url: postgresUrl.optional(),
  explain_url: postgresUrl.optional(),
  disk_capacity_bytes: byteCount.optional(),
  time_zone: timeZone.optional(),
});

/** The targets of `AUDIT_DATABASE_URL` and `AUDIT_DATABASES`. What is wrong with them is added to `problems`, a line each. */
export function parseTargets(values: z.infer<typeof envSchema>, problems: string[]): Target[] {
  const targets: Target[] = [];
  const add = (targetName: string, t: z.infer<typeof targetSchema>) =>
    targets.push({
      name: targetName,
      watchUrl: t.database_url,
      replicaUrls: t.replica_urls,
      ...(t.pooler_url && { poolerUrl: t.pooler_url }),
      ...(t.reader_url && { readerUrl: t.reader_url }),
      ...(t.writer_url && { writerUrl: t.writer_url }),
      ...(t.maintenance_url && { maintenanceUrl: t.maintenance_url }),
      ...(t.privacy_url && { privacyUrl: t.privacy_url }),
      ...(t.explain_url && { explainUrl: t.explain_url }),
      ...(t.disk_capacity_bytes && { diskCapacityBytes: t.disk_capacity_bytes }),
      ...(t.time_zone && { timeZone: t.time_zone }),
      demo: values.DEMO_TARGET === targetName,
    });
  if (values.AUDIT_DATABASE_URL) {
    const single = targetSchema.safeParse({
      database_url: values.AUDIT_DATABASE_URL,
      replica_urls:
        values.AUDIT_REPLICA_URLS?.split(/,(?=\s*(?:[a-z]+:\/\/|$))/)
          .map((url) => url.trim())
          .filter(Boolean) ?? [],
      pooler_url: values.AUDIT_POOLER_URL,
      reader_url: values.AUDIT_READER_URL,
      writer_url: values.AUDIT_WRITER_URL,
      maintenance_url: values.AUDIT_MAINTENANCE_URL,
      privacy_url: values.AUDIT_PRIVACY_URL,
      explain_url: values.AUDIT_EXPLAIN_URL,
      disk_capacity_bytes: values.AUDIT_DISK_CAPACITY_BYTES,
      time_zone: values.AUDIT_TIME_ZONE,
    });
    if (single.success) add("audit", single.data);
    else problems.push(...single.error.issues.map((i) => `AUDIT_REPLICA_URLS: ${i.message}`));
  }
  if (values.AUDIT_DATABASES) {
    const json = parseJson(values.AUDIT_DATABASES);
    const parsed = z.record(targetName, targetSchema).safeParse(json);
    if (json === undefined) problems.push("AUDIT_DATABASES: is not valid JSON; check quotes and braces");
    else if (parsed.success)
      for (const [targetName, target] of Object.entries(parsed.data)) add(targetName, target);
    else
      problems.push(
        ...parsed.error.issues.map((i) => `AUDIT_DATABASES: ${i.path.join(".") || "value"}: ${i.message}`),
      );
  }
  const names = targets.map((t) => t.name);
  const reserved = names.find((n) => reservedNames.has(n));
  if (reserved)
    problems.push(`AUDIT_DATABASES: the name "${reserved}" is a page of the console; choose another`);
  const repeated = names.find((n, i) => names.indexOf(n) !== i);
  if (repeated)
    problems.push(`AUDIT_DATABASES: the name "${repeated}" is taken by AUDIT_DATABASE_URL; choose another`);
  return targets;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
