import type { Sql } from "postgres";
import { AppError } from "../errors.ts";
import { counted, durationInWords } from "../words.ts";

export interface DeadMan {
  /** The console's own database. */
  sql: Sql;
  /** A secret: whoever has it can keep the alarm quiet. */
  url: string;
  targets: readonly string[];
  /** How often checks are evaluated. */
  everySeconds: number;
}

/** Three evaluations and the time that one may take. */
const lateAfterSeconds = (everySeconds: number): number => 3 * everySeconds + 60;
const answerWithinMs = 10_000;

/**
 * Tells the dead man's switch that the console lives, if the checks of every target were evaluated in time, also those of
 * a target that is down. Anything else leaves the ping out, so that whoever listens there raises the alarm.
 * @throws AppError in words without the address: UNAVAILABLE when evaluations are late or nobody answered, else CONFLICT
 */
export async function pingDeadMan(options: DeadMan, signal: AbortSignal): Promise<void> {
  await assertEvaluated(options);
  await ping(options.url, signal);
}

async function assertEvaluated({ sql, targets, everySeconds }: DeadMan): Promise<void> {
  const rows = await sql<{ target: string; age: number | null }[]>`
    select asked.target, extract(epoch from clock_timestamp() - max(evaluated_at))::float8 as age
    from unnest(${[...targets]}::text[]) as asked (target) left join check_evaluation using (target)
    group by asked.target order by 2 desc nulls first, 1`;
  const late = rows.filter(({ age }) => age === null || age > lateAfterSeconds(everySeconds));
  const [worst] = late;
  if (!worst) return;
  const since = worst.age === null ? "never" : `${durationInWords(worst.age)} ago`;
  throw new AppError(
    "UNAVAILABLE",
    `No ping was sent: ${counted(late.length, "target's", "targets'")} checks are not evaluated in time; those of ${worst.target} last ${since}.`,
    { hint: "See whether a worker runs and what its log says." },
  );
}

async function ping(url: string, signal: AbortSignal): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      headers: { "user-agent": "audit-db-dashboard" },
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError("UNAVAILABLE", `${hostOf(url)} did not answer the ping: ${whyOf(cause)}.`);
  }
  await answer.body?.cancel();
  if (answer.ok) return;
  throw new AppError("CONFLICT", `${hostOf(url)} answered the ping with ${answer.status}.`, {
    hint: "See ALERT_PING_URL; where it redirects, set the address that it leads to.",
  });
}

/** All of the address that may be shown. */
export const hostOf = (url: string): string => new URL(url).host;

/** What the runtime says holds host and port at most; its causes have a code. */
function whyOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.name === "TimeoutError")
    return `no answer within ${answerWithinMs / 1_000} s`;
  const cause = thrown instanceof Error ? (thrown.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === "string" ? cause.code : "the connection failed";
}
