import { z } from "zod";
import type { AuditDb } from "../audit-db/types.ts";
import { AppError, toAppError } from "../errors.ts";
import { instantInput, targetInput } from "../inputs.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { reasonInput } from "../reason.ts";
import { sqlStateOf } from "../sql-state.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { defineEffect, type Sight } from "../verbs/effects/effect.ts";
import { ownSession } from "./visible-sessions.ts";

/** `cancel` ends the statement it runs, `terminate` the session with its transaction. */
export type SessionSignal = "cancel" | "terminate";

/** Long enough for a backend to roll back and be gone; one that takes longer is told as still ending. */
const awaitEndMs = 2_000;

const sessionInput = z.strictObject({
  pid: z.int().min(1).max(2_147_483_647),
  /** To the millisecond. A pid is given again: both must be the ones somebody saw. */
  backendStart: instantInput,
});

/** What one look at the session and its signal found. */
interface Signalled {
  /** Null where no such session is there any more. */
  own: boolean | null;
  client: boolean | null;
  /** Null where no signal was sent. */
  sent: boolean | null;
}

/**
 * The verb that signals one session of the target through its maintenance connection. What is compared (pid, start, the
 * console's own) is compared in the statement that signals, so that nobody else's session is hit.
 */
function signalSessionVerb(signal: SessionSignal) {
  const name = `session.${signal}` as const;
  return defineAdminAction({
    name,
    role: "operator",
    target: true,
    input: sessionInput.extend({ target: targetInput, reason: reasonInput }),
    answer: z.strictObject({ pid: z.int(), ended: z.boolean() }),
    object: ({ pid }) => ({ type: "session", id: String(pid) }),
    effect: defineEffect({
      action: name,
      input: z.strictObject({ pid: z.int(), backendStart: z.iso.datetime() }),
      look: ({ audit }, { pid, backendStart }) => lookForSession(audit, signal, pid, new Date(backendStart)),
    }),
    async run({ audit }, { pid, backendStart, reason }) {
      if (!audit.can("maintenance"))
        throw new AppError("UNSUPPORTED", `${audit.target} has no maintenance connection to signal with.`, {
          hint: "Set AUDIT_MAINTENANCE_URL, the URL of a login with pg_signal_backend and pg_read_all_stats.",
        });
      const object = { type: "session", id: String(pid) };
      return {
        intends: { pid, backendStart: backendStart.toISOString() },
        object,
        async carryOut() {
          assertSignalled(await sendSignal(audit, signal, pid, backendStart), pid);
          const ended = signal === "terminate" && (await awaitEnd(audit, pid, backendStart));
          return {
            data: { pid, ended },
            object,
            facts: { backendStart: backendStart.toISOString(), ended },
            detail: { reason },
          };
        },
      };
    },
  });
}

export const cancelSession = signalSessionVerb("cancel");
export const terminateSession = signalSessionVerb("terminate");

async function sendSignal(
  audit: AuditDb,
  signal: SessionSignal,
  pid: number,
  backendStart: Date,
): Promise<Signalled> {
  try {
    const [row] = await audit.use("maintenance", `connections.${signal}-session`, async (sql) => {
      await assertSeesSessions(sql);
      const send = signal === "cancel" ? sql`pg_cancel_backend(pid)` : sql`pg_terminate_backend(pid)`;
      return sql<Signalled[]>`
        select own, client, case when client and not own then ${send} end as sent
        from (select pid, backend_type = 'client backend' as client, ${ownSession(sql, audit)} as own
              from pg_stat_activity
              where pid = ${pid} and date_trunc('milliseconds', backend_start) = ${backendStart}) as session`;
    });
    return row ?? { own: null, client: null, sent: null };
  } catch (thrown) {
    throw explainRefusal(thrown);
  }
}

/** Without it the server shows no other session's start, and every session would look gone. */
async function assertSeesSessions(sql: Parameters<typeof ownSession>[0]): Promise<void> {
  const [row] = await sql<{ sees: boolean; role: string }[]>`
    select pg_has_role('pg_read_all_stats', 'usage') as sees, current_user as role`;
  if (row?.sees) return;
  throw new AppError("UNSUPPORTED", "The maintenance role does not see others' sessions.", {
    hint: `Run GRANT pg_read_all_stats, pg_signal_backend TO ${quoteIdentifier(row?.role ?? "audit_maintenance")}; as a superuser.`,
    untouched: true,
  });
}

/** @throws AppError where no signal was sent, with why */
function assertSignalled({ own, client, sent }: Signalled, pid: number): void {
  if (own === null)
    throw new AppError("NOT_FOUND", `Session ${pid} is not there any more: it ended meanwhile.`, {
      untouched: true,
    });
  if (own)
    throw new AppError("CONFLICT", `Session ${pid} is the console's own.`, {
      hint: "Cancel the job that it works for on the Jobs page.",
      untouched: true,
    });
  if (!client)
    throw new AppError("UNSUPPORTED", `Session ${pid} is a process of the server's own, not a client's.`, {
      untouched: true,
    });
  if (!sent)
    throw new AppError("NOT_FOUND", `Session ${pid} ended before the signal reached it.`, {
      untouched: true,
    });
}

function explainRefusal(thrown: unknown): AppError {
  if (sqlStateOf(thrown) !== "42501") return toAppError(thrown);
  return new AppError("UNSUPPORTED", "The maintenance role may not signal this session.", {
    hint: "Run GRANT pg_signal_backend TO the maintenance role. A superuser's session only a superuser may end.",
    untouched: true,
    cause: thrown,
  });
}

async function awaitEnd(audit: AuditDb, pid: number, backendStart: Date): Promise<boolean> {
  const until = performance.now() + awaitEndMs;
  for (;;) {
    if ((await lookForSession(audit, "terminate", pid, backendStart)) === "done") return true;
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A cancelled statement leaves nothing to see; an ended session is gone. */
async function lookForSession(
  audit: AuditDb,
  signal: SessionSignal,
  pid: number,
  backendStart: Date,
): Promise<Sight> {
  if (signal === "cancel") return "cannot tell";
  return audit.use("maintenance", "connections.find-session", async (sql) => {
    await assertSeesSessions(sql);
    const [row] = await sql`
      select from pg_stat_activity
      where pid = ${pid} and date_trunc('milliseconds', backend_start) = ${backendStart}`;
    return row ? "not done" : "done";
  });
}
