import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Sql } from "postgres";
import { z } from "zod";
import type { AuditDb } from "../audit-db/types.ts";
import { holdProcessSession, type ProcessName, type ProcessSession } from "./process-session.ts";

const askChannel = "audit_db_forget_answers";
const answerChannel = "audit_db_forgot_answers";
const askAgainMs = 1_000;

const ask = z.object({ ask: z.uuid() });
const confirmation = z.object({
  ask: z.uuid(),
  host: z.string(),
  pid: z.int(),
  /** Of its session; a process of the version before has none. */
  backend: z.int().nullish(),
  /** By the process's own clock, ISO 8601. */
  at: z.string(),
  /** How many answers it held. */
  answers: z.int(),
});
/** A process has forgotten everything that it was answered. */
export type Forgotten = Omit<z.infer<typeof confirmation>, "ask">;
type Engines = () => Iterable<Pick<AuditDb, "forgetAnswers">>;

/** Forgets every answer that this process holds in memory, of every target. @returns how many */
export function forgetHere(engines: ReturnType<Engines>): Forgotten {
  let answers = 0;
  for (const engine of engines) answers += engine.forgetAnswers();
  return { host: hostname(), pid: process.pid, at: new Date().toISOString(), answers };
}

export interface ConfirmOptions {
  /** web, worker or demo */
  kind: string;
  onError(thrown: unknown): void;
  /** What it confirms as, where that is not this process. */
  self?: Pick<ProcessName, "host" | "pid">;
}

/**
 * Has this process forget its answers whenever one asks, and confirm it, by NOTIFY on the console database. It hears that on
 * a session of its own, by which others know that it is there; whenever that is lost it forgets as well.
 */
export function confirmForgetting(
  { url, sql }: { url: string; sql: Sql },
  engines: Engines,
  { kind, onError, self = { host: hostname(), pid: process.pid } }: ConfirmOptions,
): ProcessSession {
  const session = holdProcessSession(url, {
    name: { kind, ...self },
    channel: askChannel,
    onMissed: () => forgetHere(engines()),
    onError,
    onMessage(text) {
      const { data } = ask.safeParse(parse(text));
      if (!data) return;
      const forgotten = { ...data, ...forgetHere(engines()), ...self, backend: session.backend() };
      void sql`select pg_notify(${answerChannel}, ${JSON.stringify(forgotten)})`.catch(onError);
    },
  });
  return session;
}

/** Whose confirmation is waited for: processes by the backends of their sessions, and others by their names. */
export interface AskedToForget {
  backends: readonly number[];
  others: readonly Pick<ProcessName, "host" | "pid">[];
}

/**
 * Asks every process to forget its answers until those that are expected have confirmed it, or time is up: what does not
 * listen, or does not come to it, is not among the answers.
 */
export async function askToForget(
  sql: Sql,
  { backends, others }: AskedToForget,
  withinMs: number,
): Promise<Forgotten[]> {
  const id = randomUUID();
  const nameOf = ({ host, pid }: Pick<ProcessName, "host" | "pid">) => `${pid} ${host}`;
  const missing = new Set<number | string>([...backends, ...others.map(nameOf)]);
  const confirmed = new Map<number | string, Forgotten>();
  if (missing.size === 0) return [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const listening = await sql.listen(answerChannel, (text) => {
    const { data } = confirmation.safeParse(parse(text));
    if (data?.ask !== id) return;
    const key = data.backend != null && missing.has(data.backend) ? data.backend : nameOf(data);
    if (!missing.delete(key)) return;
    const { ask: _, ...forgotten } = data;
    confirmed.set(key, forgotten);
    if (missing.size === 0) resolve();
  });
  // One whose connection was away for a moment hears the next.
  const publish = () => sql`select pg_notify(${askChannel}, ${JSON.stringify({ ask: id })})`;
  const again = setInterval(() => void publish().catch(() => {}), askAgainMs);
  const end = setTimeout(resolve, withinMs);
  try {
    await publish();
    await promise;
  } finally {
    clearInterval(again);
    clearTimeout(end);
    await listening.unlisten().catch(() => {});
  }
  return [...confirmed.values()];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
