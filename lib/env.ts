import path from "node:path";
import { z } from "zod";

const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://")
  .refine(
    // PostgreSQL's URLs may name several hosts, `h1:5432,h2:5432`; a URL as such has one.
    (value) => URL.canParse(value.replace(/^([^/]+\/\/(?:[^@/?#]*@)?[^,/?#]*)(?:,[^,/?#]+)+/, "$1")),
    "is not a URL; escape special characters in the password with %XX",
  );
const redisUrl = z
  .string()
  .regex(
    /^rediss?(\+sentinel|\+cluster)?:\/\//,
    "must start with redis://, rediss://, redis+sentinel:// or redis+cluster://",
  )
  .regex(
    /^\w+(:|\+cluster:|\+sentinel:(?=.*[^/]\/[^/?]))\/\/([^:@/?#]*(:[^@/?#]*)?@)?[^@/?#]+(\/[^/?#]*)?(\?[^#]*)?$/,
    "cannot be read: redis://[user:password@]host[:6379][/db], redis+sentinel://…@host,host/group or redis+cluster://…@host,host; escape special characters in the password with %XX",
  );
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and dashes, starting with a letter");
const onOff = z.enum(["on", "off"]);
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
});

/** Every variable the product reads. `describe` is the text of docs/configuration.md. */
export const envSchema = z.object({
  AUDIT_DATABASE_URL: postgresUrl
    .optional()
    .describe(
      "The audit database to watch. A role with `pg_monitor` is enough. Must be a direct connection, not a transaction pooler.",
    ),
  AUDIT_REPLICA_URLS: z
    .string()
    .optional()
    .describe(
      "Read replicas of it, separated by commas; each URL's role watches there (`pg_monitor`). Every one is probed, may answer reads that allow a replica, and is written to once it was promoted, with the roles below. `AUDIT_DATABASE_URL` may also name several hosts, `postgres://…@h1:5432,h2:5432/audit`.",
    ),
  AUDIT_POOLER_URL: postgresUrl
    .optional()
    .describe("PgBouncer's admin console (database `pgbouncer`), to show the pooler lane."),
  AUDIT_READER_URL: postgresUrl
    .optional()
    .describe(
      "A role with `audit_reader`: searches and exports events. Unset: the watching role, when it may read `audit_log`.",
    ),
  AUDIT_WRITER_URL: postgresUrl
    .optional()
    .describe("A role with `audit_writer`: lets the console append events, its own activity among them."),
  AUDIT_MAINTENANCE_URL: postgresUrl
    .optional()
    .describe("A role with `audit_maintainer`: lets a person change partitions."),
  AUDIT_PRIVACY_URL: postgresUrl
    .optional()
    .describe("A role with `audit_privacy`: lets erasure jobs null ciphertext."),
  AUDIT_EXPLAIN_URL: postgresUrl
    .optional()
    .describe(
      "A role with SELECT on the tables and no other right, not even `pg_monitor` (`docs/permissions.md`): lets operators ask for plans of recorded statements. Unset: no plans.",
    ),
  AUDIT_DATABASES: z
    .string()
    .optional()
    .describe(
      'Several targets as JSON: name → the keys above in lower case without `AUDIT_`, e.g. `{"eu":{"database_url":"postgres://…"}}`.',
    ),
  CONSOLE_DATABASE_URL: postgresUrl
    .optional()
    .describe("The console's own PostgreSQL (≥ 14) database. Unset: an embedded one under `DATA_DIR`."),
  REDIS_URL: redisUrl
    .optional()
    .describe(
      "Redis for a second cache level that processes share, and for what they tell each other: `redis://[user:password@]host[:6379][/db]` (`rediss://` with TLS), `redis+sentinel://…@host1,host2/mymaster[?db=0&sentinelPassword=…]`, or `redis+cluster://…@host1,host2`. Unset, or while it is away: each process keeps its own answers.",
    ),
  ROLE: z
    .enum(["web", "worker", "all"])
    .default("all")
    .describe("Which processes `npm start` runs: pages and API, collector and schedules, or both."),
  HOST: z
    .string()
    .default("127.0.0.1")
    .describe("Address to listen on. `0.0.0.0` opens it to the network; put TLS in front."),
  PORT: z.coerce
    .number("must be a number")
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(65535, "must be at most 65535")
    .default(3000)
    .describe("Port to listen on."),
  DATA_DIR: z.string().default(".data").describe("Where embedded clusters and generated secrets live."),
  DEMO: onOff.default("on").describe("`off` keeps the demo's workload generator from running."),
  DEMO_TARGET: name.optional().describe("Set by the product itself: the target that is the embedded demo."),
  ADMIN_EMAIL: z
    .email()
    .optional()
    .describe("The first administrator's address (first start only). Default `admin@localhost`."),
  ADMIN_PASSWORD: z
    .string()
    .min(12, "must have at least 12 characters")
    .optional()
    .describe(
      "The first administrator's password (first start only). Unset: a one-time password is printed.",
    ),
  NEXTAUTH_SECRET: z
    .string()
    .min(32, "must have at least 32 characters")
    .optional()
    .describe("Signs sessions. Required with `CONSOLE_DATABASE_URL`; generated under `DATA_DIR` otherwise."),
  NEXTAUTH_URL: z.url().optional().describe("The address people use. Default `http://HOST:PORT`."),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
    .string()
    .optional()
    .describe(
      "Keeps server-action ids stable between builds and processes (base64, 32 bytes). Required at build with `CONSOLE_DATABASE_URL`.",
    ),
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe("Issuer of an OpenID Connect provider; adds its button to the sign-in page."),
  OIDC_CLIENT_ID: z.string().optional().describe("Client id at that provider."),
  OIDC_CLIENT_SECRET: z.string().optional().describe("Client secret at that provider."),
  OIDC_NAME: z.string().default("Single sign-on").describe("Label of its button."),
  OIDC_DEFAULT_ROLE: z
    .enum(["viewer", "operator", "privacy_officer", "admin"])
    .default("viewer")
    .describe("Role of a person who signs in through it for the first time."),
  INGEST_EVENTS_PER_SECOND: z.coerce
    .number("must be a number")
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(1_000_000, "must be at most 1000000")
    .default(10_000)
    .describe(
      "Events one API token may hand in each second, averaged over ten. Counted in Redis across processes, else in each process.",
    ),
  MASTER_KEY_FILE: z
    .string()
    .optional()
    .describe(
      "The file with the master keys that wrap people's keys (mode 0600; `audit-db vault init` makes one). Generated under `DATA_DIR` without `CONSOLE_DATABASE_URL`; unset otherwise: events that carry people are refused.",
    ),
  MASTER_KEY_ROTATION_DAYS: z.coerce
    .number("must be a number")
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(3_650, "must be at most 3650")
    .default(30)
    .describe(
      "Days after which the master key is replaced and the old one destroyed: how long an erased person's key survives in backups of the console.",
    ),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe("Bearer token for `/metrics`. Unset: `/metrics` needs an API token or a session."),
  TRUST_PROXY: onOff
    .default("off")
    .describe("`on` believes `X-Forwarded-For` of the proxy in front (sign-in throttling per address)."),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("Least level that is logged."),
  LOG_FORMAT: z.enum(["json", "pretty"]).default("json").describe("Form of log lines."),
});

export type Role = "viewer" | "operator" | "privacy_officer" | "admin";

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
  demo: boolean;
}

export type Env = z.infer<typeof envSchema> & { targets: Target[]; dataDir: string };

/** The environment is malformed. `problems` has one line a variable, each saying what to do. */
export class EnvironmentError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`The environment is malformed:\n${problems.map((p) => `  ${p}`).join("\n")}`);
    this.name = "EnvironmentError";
    this.problems = problems;
  }
}

/**
 * Parses the environment; an empty string counts as unset.
 * @throws EnvironmentError naming every bad variable (never its value).
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = envSchema.safeParse(given);
  if (!parsed.success) {
    throw new EnvironmentError(
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    );
  }
  const values = parsed.data;
  const problems: string[] = [];
  if (values.OIDC_ISSUER && !(values.OIDC_CLIENT_ID && values.OIDC_CLIENT_SECRET)) {
    problems.push("OIDC_ISSUER: needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET as well");
  }
  const targets = parseTargets(values, problems);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return { ...values, targets, dataDir: path.resolve(values.DATA_DIR) };
}

function parseTargets(values: z.infer<typeof envSchema>, problems: string[]): Target[] {
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
    });
    if (single.success) add("audit", single.data);
    else problems.push(...single.error.issues.map((i) => `AUDIT_REPLICA_URLS: ${i.message}`));
  }
  if (values.AUDIT_DATABASES) {
    const json = parseJson(values.AUDIT_DATABASES);
    const parsed = z.record(name, targetSchema).safeParse(json);
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

const cache = globalThis as typeof globalThis & { auditDashboardEnv?: Env };

/** This process's environment, parsed once. */
export function env(): Env {
  cache.auditDashboardEnv ??= parseEnv(process.env);
  return cache.auditDashboardEnv;
}

/**
 * Puts these values in the place of the process's own, for programs that complete it first.
 * @throws EnvironmentError
 */
export function replaceEnv(source: Record<string, string | undefined>): Env {
  cache.auditDashboardEnv = parseEnv(source);
  return cache.auditDashboardEnv;
}

/** This process's environment as given, for children to inherit. */
export function inheritedEnv(): Record<string, string | undefined> {
  return { ...process.env };
}

/** Whether the development server runs this code, which needs a looser content security policy. */
export function inDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}
