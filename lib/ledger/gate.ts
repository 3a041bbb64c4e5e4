import type { Sql } from "postgres";
import type { SeenServer } from "../audit-db/pool/types.ts";
import { AppError } from "../errors.ts";
import { sqlStateOf } from "../sql-state.ts";
import { readIdentity, tellAnother } from "./identity.ts";
import { lookAtLedger } from "./look.ts";
import { type LedgerMark, readMark } from "./mark.ts";

/** What another process found is asked for beside a read after so long, and before it after `knownMs`. */
const freshMs = 5_000;
/** What any process noted is known to all of them after so long. */
export const knownMs = 10_000;
/** What the duty of a worker noted so lately counts for a process that cannot look for itself. */
const borrowedSeconds = 30;

/**
 * Refuses rows of events while their database or the console's own is older than the ledger says. A process looks for
 * itself once for each server and log that it is led to, before the first row; afterwards it asks the console database,
 * beside the reads and not before them, what any process found meanwhile. Where somebody's lock on a partition keeps it from
 * looking, it goes by what a worker noted of the same database seconds ago, and refuses where none did.
 */
export function createLedgerGate(
  console: Sql,
  target: string,
): (log: Sql, seen: SeenServer) => Promise<void> {
  /** Servers and logs that were looked at. */
  const looked = new Set<string>();
  /** Until when others' word is taken for those that could not be looked at. */
  const borrowed = new Map<string, number>();
  let mark: LedgerMark | null = null;
  /** How often this process looked for itself: what was asked for before a look is older than what that found. */
  let looks = 0;
  let readAt = 0;
  let looking: Promise<void> | undefined;
  let reading: Promise<void> | undefined;

  function refresh(): Promise<void> {
    const before = looks;
    reading ??= readMark(console, target)
      .then((found) => {
        if (looks === before) mark = found;
        readAt = Date.now();
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  function note(found: LedgerMark): void {
    mark = found;
    looks++;
  }

  async function look(log: Sql, key: string): Promise<void> {
    const found = await lookAtLedger({ console, target, log }).catch(async (thrown: unknown) => {
      if (sqlStateOf(thrown) !== lockNotAvailable) throw thrown;
      note(await borrowMark(console, target, log));
      borrowed.set(key, Date.now() + knownMs);
      return "borrowed" as const;
    });
    if (found === "borrowed") return;
    if (found) note(found);
    else {
      await refresh();
      await assertComparedReplica(target, log, mark);
    }
    readAt = Date.now();
    looked.add(key);
  }

  return async (log, seen) => {
    const key = `${seen.start} ${seen.log}`;
    const known = looked.has(key) || (borrowed.get(key) ?? 0) > Date.now();
    if (!known) {
      looking ??= look(log, key).finally(() => {
        looking = undefined;
      });
      await looking;
    } else if (mark !== null && mark.state !== "agrees") await refresh();
    // The console database may be away for a moment: what was known stays.
    else if (Date.now() - readAt > knownMs) await refresh().catch(() => {});
    else if (Date.now() - readAt > freshMs) refresh().catch(() => {});
    if (mark) assertAgrees(target, mark);
  };
}

const lockNotAvailable = "55P03";

/**
 * What somebody else found of this very database within seconds: asked by its catalogue, which waits for nobody's lock.
 * @throws AppError UNAVAILABLE when nobody did, or it is another one now
 */
async function borrowMark(console: Sql, target: string, log: Sql): Promise<LedgerMark> {
  const [mark, [age]] = await Promise.all([
    readMark(console, target),
    console<{ seconds: number }[]>`
      select extract(epoch from clock_timestamp() - seen_at)::float8 as seconds from ledger_mark where target = ${target}`,
  ]);
  const fresh = age !== undefined && age.seconds < borrowedSeconds;
  if (mark && fresh && tellAnother(mark, await readIdentity(log)) === null) return mark;
  throw new AppError(
    "UNAVAILABLE",
    `${target} could not be compared with the privacy ledger: somebody holds a lock on a table of its log.`,
    { hint: "Its events are shown once that is over.", retryAfterSeconds: 5 },
  );
}

/** A replica lags behind and is not compared itself: it must be one of the database that was. */
async function assertComparedReplica(target: string, log: Sql, mark: LedgerMark | null): Promise<void> {
  const identity = await readIdentity(log);
  if (!identity.inRecovery || identity.logOid === null) return;
  if (mark && tellAnother(mark, { ...identity, timeline: null }) === null) return;
  throw new AppError("UNAVAILABLE", `${target} has not been compared with the privacy ledger yet.`, {
    hint: "A worker does that within a quarter of a minute once its primary answers.",
    retryAfterSeconds: 5,
  });
}

/** @throws AppError CONFLICT with what to run */
function assertAgrees(target: string, { state, behind }: Pick<LedgerMark, "state" | "behind">): void {
  if (state === "agrees") return;
  throw new AppError(
    "CONFLICT",
    `${sentences[state](target, behind)} Its events are not shown until that is made up for.`,
    {
      hint: `Run \`audit-db privacy replay --target ${target} --dry-run\` to see what would be done, then with --yes.`,
    },
  );
}

const sentences = {
  target_older: (target: string, behind: number) =>
    `The database of ${target} is older than the privacy ledger: ${behind} of its entries do not stand there.`,
  console_older: (target: string, behind: number) =>
    `This console is older than the log of ${target}: ${behind} entries of the privacy ledger are missing here.`,
};
