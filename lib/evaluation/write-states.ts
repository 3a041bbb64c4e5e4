import type { Sql } from "postgres";
import type { Evaluation } from "./evaluate-check.ts";
import type { PatienceOf } from "./limits.ts";
import { objectKeys } from "./object-keys.ts";
import type { AcceptedLook, RecordRound } from "./recorded.ts";
import { differ, nothingKnown, type Remembered, StateMemory } from "./state-memory.ts";
import {
  type Before,
  lockEvaluations,
  lockTarget,
  renewEvaluations,
  writeEvaluations,
} from "./write-evaluations.ts";
import { type Changes, readKeys, rowOf, writeObjects } from "./write-objects.ts";

export interface WriteOptions {
  /** What else is made of it in the same transaction: alerts. */
  recording?: { record: RecordRound; patience: PatienceOf } | undefined;
  /** What this evaluator wrote before. */
  memory?: StateMemory;
}

/**
 * Writes what one evaluation of a target found, in one transaction. Only the leading evaluator calls it, with evaluations
 * of one moment.
 *
 * - `since` is kept while an object's state stays, and set when it changes: to when the server says that it began,
 *   else to now.
 * - An object absent from a complete answer is gone; from an incomplete one it is no longer confirmed.
 * - A check that could not be evaluated leaves its objects as they are.
 * - An evaluation older than what stands writes nothing: a leader that was deposed and wakes up changes no state. What
 *   stands from the future does not count: the clock was put back.
 * - What stands of checks that no longer exist is removed.
 * - A row is written only when it changes: an object that is confirmed stands as of its check's `replied_at`.
 */
export async function writeStates(
  sql: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  { recording, memory = new StateMemory() }: WriteOptions = {},
): Promise<void> {
  const write = () =>
    sql.begin((tx) => writeRound(tx as unknown as Sql, target, evaluations, { recording, memory }));
  try {
    const kept = await write().catch((thrown) => {
      if (!(thrown instanceof WrittenByAnother)) throw thrown;
      memory.forget();
      return write();
    });
    for (const { checkId, ...one } of kept) memory.keep(checkId, one);
  } catch (thrown) {
    memory.forget();
    throw thrown;
  }
}

/** What stands is not what the memory says. */
class WrittenByAnother extends Error {}

interface Kept extends Remembered {
  checkId: string;
}

/** @returns what stands of each check then */
async function writeRound(
  tx: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  { recording, memory }: { recording: WriteOptions["recording"]; memory: StateMemory },
): Promise<Kept[]> {
  const now = evaluations[0]?.evaluatedAt;
  if (!now) return [];
  const { accepted, before, record } = await writeLooks(tx, target, evaluations, { now, recording, memory });
  const recalled = new Map(
    evaluations.map(({ check }) => [check.id, memory.recall(check.id, before.get(check.id)?.evaluatedAt)]),
  );
  if ([...recalled.values()].includes(undefined)) {
    await forgetOthers(
      tx,
      target,
      evaluations.map(({ check }) => check.id),
    );
    const stored = await readKeys(tx, target);
    for (const [checkId, known] of recalled)
      if (!known) recalled.set(checkId, stored.get(checkId) ?? nothingKnown);
  }
  const looks: AcceptedLook[] = [];
  const kept: Kept[] = [];
  const changes: Changes = { renewed: [], rows: [], gone: [], unseen: [] };
  for (const evaluation of evaluations) {
    const { check, answer, error } = evaluation;
    if (!accepted.has(check.id)) continue;
    const answered = answer && {
      ...(evaluation.compared ?? { keys: objectKeys(check, answer.objects) }),
      objects: answer.objects,
      complete: answer.complete,
    };
    const repliedBefore = before.get(check.id)?.repliedAt ?? null;
    looks.push({ check, answer: answered, error, repliedBefore });
    const known = recalled.get(check.id) ?? nothingKnown;
    if (!answered) {
      kept.push({ checkId: check.id, evaluatedAt: now, repliedAt: repliedBefore, known });
      continue;
    }
    const found = differ(answered, known);
    kept.push({ checkId: check.id, evaluatedAt: now, repliedAt: now, known: found.known });
    // With the same keys each has its row.
    const written = answered.keys === known.keys ? changes.renewed : changes.rows;
    written.push(...found.changed.map((place) => rowOf(evaluation, answered, place)));
    changes.gone.push(...found.gone.map((key) => ({ checkId: check.id, key })));
    changes.unseen.push(...found.unseen.map((key) => ({ checkId: check.id, key, seenAt: repliedBefore })));
  }
  if (!(await writeObjects(tx, target, changes, now))) throw new WrittenByAnother();
  if (recording)
    await record?.({
      target,
      now,
      looks,
      isCheck: (id) => recalled.has(id),
      patience: recording.patience,
    });
  return kept;
}

/**
 * Writes the evaluations and asks for what else is needed, together: for what stays as it is a round trip costs more than
 * these statements.
 * @throws WrittenByAnother
 */
async function writeLooks(
  tx: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  { now, recording, memory }: { now: Date; recording: WriteOptions["recording"]; memory: StateMemory },
): Promise<{
  accepted: ReadonlySet<string>;
  before: ReadonlyMap<string, Before>;
  record: ReturnType<RecordRound> | undefined;
}> {
  const ids = evaluations.map(({ check }) => check.id);
  const own = memory.standing(ids);
  const locked = lockTarget(tx, target);
  if (own && own.evaluatedAt < now) {
    // The long statement last: the driver sends with it what it has.
    const record = recording?.record(tx, target);
    const renewing = renewEvaluations(tx, target, evaluations, { now, before: own.evaluatedAt });
    const [renewed] = await Promise.all([renewing, locked]);
    if (!renewed) throw new WrittenByAnother();
    return { accepted: new Set(ids), before: own.byCheck, record };
  }
  const locking = lockEvaluations(tx, target);
  const record = recording?.record(tx, target);
  const [before, accepted] = await Promise.all([
    locking,
    writeEvaluations(tx, target, evaluations, now),
    locked,
  ]);
  return { accepted, before, record };
}

async function forgetOthers(tx: Sql, target: string, checkIds: readonly string[]): Promise<void> {
  const ids = [...checkIds];
  await tx`delete from check_state where target = ${target} and not check_id = any(${ids})`;
  await tx`delete from check_evaluation where target = ${target} and not check_id = any(${ids})`;
}
