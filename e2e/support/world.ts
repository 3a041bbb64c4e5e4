export interface Person {
  email: string;
  password: string;
}

/** What the specs know of the servers of their worker; travels in one environment variable. */
export interface World {
  /** Where the console answers. */
  address: string;
  /** Superuser URL of the audit database (PostgreSQL 18, our schema). */
  auditUrl: string;
  /** Superuser URL of a stranger's database (PostgreSQL 15, no schema of ours, no pg_stat_statements). */
  foreignUrl: string;
  /** The same through PgBouncer, which has one server connection for each user. */
  foreignPooledUrl: string;
  consoleUrl: string;
  /** What the console watches the audit database with. */
  watchUrl: string;
  redisUrl: string;
  /** Stops and starts the audit server (POST /stop, POST /start) and Redis (POST /redis/stop, POST /redis/start). */
  controlUrl: string;
  /** What Prometheus would send to /metrics. */
  metricsToken: string;
  /** What the console has printed since it was ready. */
  logFile: string;
  people: Record<"admin" | "operator" | "viewer", Person>;
}

export const targets = { audit: "audit", foreign: "foreign" } as const;

/** Asks the set-up for a world by its name, which starts it for the first who asks. */
export async function enterWorld(name: string): Promise<void> {
  if (process.env.E2E_WORLD) return;
  const answer = await fetch(`${process.env.E2E_WORLDS}/${encodeURIComponent(name)}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the servers of the tests did not start: ${text}`);
  process.env.E2E_WORLD = text;
}

/** The servers of this worker; known from its first test or `beforeAll` on. */
export function world(): World {
  const text = process.env.E2E_WORLD;
  if (!text)
    throw new Error("there is no world yet: specs take `test` from e2e/support and ask inside their tests");
  return JSON.parse(text) as World;
}
