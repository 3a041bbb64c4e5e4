import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Sql } from "postgres";
import { z } from "zod";
import type { AuditDb } from "../audit-db/types.ts";

const askChannel = "audit_db_forget_answers";
const answerChannel = "audit_db_forgot_answers";
const askAgainMs = 1_000;

const ask = z.object({ ask: z.uuid() });
const confirmation = z.object({
  ask: z.uuid(),
  host: z.string(),
  pid: z.int(),
  /** By the process's own clock, ISO 8601. */
  at: z.string(),
  /** How many answers it held. */
  answers: z.int(),
});
/** A process has forgotten everything that it was answered. */
export type Forgotten = Omit<z.infer<typeof confirmation>, "ask">;
type ProcessName = Pick<Forgotten, "host" | "pid">;

/** Forgets every answer that this process holds in memory, of every target. @returns how many */
export function forgetHere(engines: Iterable<Pick<AuditDb, "forgetAnswers">>): Forgotten {
  let answers = 0;
  for (const engine of engines) answers += engine.forgetAnswers();
  return { host: hostname(), pid: process.pid, at: new Date().toISOString(), answers };
}

/**
 * Has this process forget its answers whenever one asks, and confirm it, by NOTIFY on the console database.
 * @param self what it confirms as, where that is not this process
 * @returns stop
 */
export function confirmForgetting(
  sql: Sql,
  engines: () => Iterable<Pick<AuditDb, "forgetAnswers">>,
  { onError, self }: { onError(thrown: unknown): void; self?: ProcessName },
): () => Promise<void> {
  const listening = sql
    .listen(askChannel, (text) => {
      const { data } = ask.safeParse(parse(text));
      if (!data) return;
      const forgotten = { ...data, ...forgetHere(engines()), ...self };
      void sql`select pg_notify(${answerChannel}, ${JSON.stringify(forgotten)})`.catch(onError);
    })
    .catch(onError);
  return async () => {
    await (await listening)?.unlisten().catch(() => {});
  };
}

/**
 * Asks every process to forget its answers until those that are expected have confirmed it, or time is up: what does not
 * listen, or does not come to it, is not among the answers.
 */
export async function askToForget(
  sql: Sql,
  expected: readonly ProcessName[],
  withinMs: number,
): Promise<Forgotten[]> {
  const id = randomUUID();
  const nameOf = ({ host, pid }: ProcessName) => `${pid} ${host}`;
  const missing = new Set(expected.map(nameOf));
  const confirmed = new Map<string, Forgotten>();
  if (missing.size === 0) return [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const listening = await sql.listen(answerChannel, (text) => {
    const { data } = confirmation.safeParse(parse(text));
    if (data?.ask !== id || !missing.delete(nameOf(data))) return;
    const { ask: _, ...forgotten } = data;
    confirmed.set(nameOf(data), forgotten);
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
