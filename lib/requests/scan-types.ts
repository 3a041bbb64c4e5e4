/** One place in which identifiers were looked for after an erasure. */
export interface ScanPlace {
  /** `target`, `console`, `cache`, `redis`, `logs`, `exports`, `statements`. */
  kind: "target" | "quarantine" | "console" | "cache" | "redis" | "logs" | "exports" | "statements" | "jobs";
  /** What exactly: a table, a file, a process. */
  where: string;
  target: string | null;
  /** `clean`; `found`: something is left; `unknown`: it could not be looked at, with why in `ground`. */
  state: "clean" | "found" | "unknown";
  found: number;
  /** Why it stays, in words, where that is lawful or not in the console's power. */
  ground: string | null;
  /** Until when, ISO 8601, where that is known. */
  until: string | null;
  /** What its owner runs to remove it. */
  sql: string | null;
}
