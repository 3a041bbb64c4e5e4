export interface Person {
  email: string;
  password: string;
}

/** What the specs know of the servers that the set-up started; travels in one environment variable. */
export interface World {
  /** Where the console answers. */
  address: string;
  /** Superuser URL of the audit database (PostgreSQL 18, our schema). */
  auditUrl: string;
  /** Superuser URL of a stranger's database (PostgreSQL 15, no schema of ours, no pg_stat_statements). */
  foreignUrl: string;
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

export function world(): World {
  const text = process.env.E2E_WORLD;
  if (!text)
    throw new Error("E2E_WORLD is not set: run the specs through `npm test -- e2e` or `playwright test`");
  return JSON.parse(text) as World;
}
