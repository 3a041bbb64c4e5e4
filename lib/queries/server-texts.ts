import { LRUCache } from "lru-cache";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { MissingPart } from "../result.ts";
import type { StatementLabel } from "./statement-label.ts";

/** What this process knows of the statement texts of one server as one role sees them. */
export interface ServerTexts {
  /** Statement's key → its label; null where the server had none to show. */
  labels: LRUCache<string, { label: StatementLabel | null }>;
  /** What one look at the texts read the last time; null before the first. */
  size: TextSize | null;
  /** Why the texts could not be read, until when that is believed. */
  unreadable: { until: number; missing: MissingPart } | null;
  /** The look that is under way: whoever comes meanwhile waits, and then asks for what is still unknown. */
  looking: Promise<unknown>;
}

/** All statement texts of a server together, of which each look reads every byte. */
export interface TextSize {
  bytes: number;
  /** The longest of them. */
  longestBytes: number;
}

const mostServers = 50;
const mostBytes = 8 * 1_024 ** 2;
/** A text does not change, but one that was hidden may be shown after a grant. */
const keptMs = 600_000;

// Next gives pages and route handlers module instances of their own; only globalThis is shared.
const held = globalThis as typeof globalThis & { auditDashboardTexts?: LRUCache<string, ServerTexts> };

/**
 * Texts are the server's, whichever of its databases is a target: pg_stat_statements reads the file with all of them for
 * each look (28 MB that four targets read each minute were 112 MB), so what one target's look found serves the others.
 * A server is told by the moment it started and its limits; roles see different texts, and what is no valid text in one
 * encoding is in another.
 */
export function textsOfServer(server: ServerFacts): ServerTexts {
  held.auditDashboardTexts ??= new LRUCache({ max: mostServers });
  const { startedAt, versionNum, maxConnections, encoding, user, hasMonitor } = server;
  const key = JSON.stringify([startedAt, versionNum, maxConnections, encoding, user, hasMonitor]);
  const known = held.auditDashboardTexts.get(key);
  if (known) return known;
  const texts: ServerTexts = {
    labels: new LRUCache({
      maxSize: mostBytes,
      sizeCalculation: ({ label }, key) => 2 * (key.length + (label?.query.length ?? 0)) + 100,
      ttl: keptMs,
    }),
    size: null,
    unreadable: null,
    looking: Promise.resolve(),
  };
  held.auditDashboardTexts.set(key, texts);
  return texts;
}
