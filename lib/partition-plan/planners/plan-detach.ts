import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { nameRelation, quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { lookUp } from "../facts/look-up.ts";
import { type Partition, readPartition } from "../facts/read-partition.ts";
import { readConstraints } from "../facts/read-table.ts";
import { isNative, readTriggers, statementGuard, type Trigger } from "../facts/read-triggers.ts";
import { implies } from "../facts/split-condition.ts";
import { freeName } from "../free-name.ts";
import type { Planner } from "../planners.ts";
import { detachConcurrentlyStep } from "../steps/detach-concurrently.ts";
import { detachUnderLockStep } from "../steps/detach-under-lock.ts";
import { restoreTriggersStep, triggerStatements } from "../steps/restore-triggers.ts";
import { validateConstraintStep } from "../steps/validate-constraint.ts";
import type { Draft, Refusal, StepData } from "../types.ts";
import { behindPartman } from "./refuse-behind-partman.ts";

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

/** Takes a partition out of its table, whole: with its rows, its guards, and a CHECK by which it comes back without a scan. */
export const planDetach: Planner<"detach"> = ({ audit }, request) => {
  const { partition: name, how } = request;
  return audit.use("watch", "partitions.plan_detach", (sql) =>
    lookUp(sql, async (look): Promise<Draft> => {
      const found = await readPartition(look, name);
      if (!found) return { ...noPartition(name), request };
      const [partman] = found.pending ? [] : await behindPartman(look, [found.parent, found.root], "detach");
      const refusals = partman ? [partman] : refuse(name, found, how);
      const detached = await planOne(look, name, found, how);
      const other = found.otherPending;
      const first = other && (await readPartition(look, other));
      const steps = [
        ...(other && first ? await planOne(look, other, first, "concurrently") : []),
        ...detached,
      ];
      return {
        table: found.root,
        title: found.pending
          ? `Finish the detach of ${named(name)}`
          : `Detach ${named(name)} from ${named(found.parent)}`,
        request,
        refusals,
        steps: refusals.length > 0 ? [] : steps,
        notes: refusals.length > 0 ? [] : notesOf(name, found),
        witnesses: witnessesOf(found),
      };
    }),
  );
};

/** What a plan of one partition rests on. */
export function witnessesOf({ oid, parent, bounds, pending }: Partition): string[] {
  return [
    `${oid} ${bounds ?? ""} ${pending}`,
    `parent ${parent.oid}`,
    `default ${parent.default?.oid ?? ""}`,
  ];
}

/** The draft for a name that is no partition (any more). */
export function noPartition(name: TableName): Omit<Draft, "request"> {
  const object = named(name);
  const words = `${object} is no partition: it is not there, or stands by itself already. Nothing is left to detach.`;
  return {
    ...{ table: name, title: `Detach ${object}`, steps: [], witnesses: [] },
    refusals: [{ object, outcome: "missing", words }],
  };
}

/** Detach and guards of one partition; its steps stand in one row with those of others of the plan. */
export async function planOne(
  sql: Parameters<typeof readTriggers>[0],
  child: TableName,
  { oid, parent, root, pending, condition, refersTo }: Partition,
  how: "concurrently" | "under lock",
): Promise<StepData[]> {
  const triggers = lostTriggers(child, await readTriggers(sql, oid), isNative(root));
  if (how === "concurrently" || pending) {
    const detach = detachConcurrentlyStep.of({ parent: nameOf(parent), child, pending, refersTo });
    return triggers.length > 0 ? [detach, restoreTriggersStep.of({ table: child, triggers })] : [detach];
  }
  const constraints = await readConstraints(sql, oid);
  const checks = constraints.filter(({ type, validated }) => type === "c" && validated);
  const kept =
    condition === null ||
    implies(
      checks.flatMap((each) => each.condition ?? []),
      condition,
      [],
    );
  const taken = new Set(constraints.map((each) => each.name));
  const check = kept ? null : { name: freeName("bounds", taken), condition: condition ?? "" };
  const under = detachUnderLockStep.of({
    ...{ parent: nameOf(parent), child, check },
    triggers: triggers.flatMap((trigger) => triggerStatements(named(child), trigger)),
  });
  return check ? [under, validateConstraintStep.of({ table: child, name: check.name, rows: null })] : [under];
}

const nameOf = ({ schema, name }: TableName): TableName => ({ schema, name });

/** Row triggers that go with the parent's, and the statement guard where a partition was made without. */
function lostTriggers(child: TableName, triggers: readonly Trigger[], native: boolean) {
  const lost = triggers
    .filter(({ cloned }) => cloned)
    .map(({ name, sql, enabled }) => ({ name, sql, enabled }));
  const guard = statementGuard(child);
  const lacks = native && !triggers.some(({ name }) => name === guard.name);
  return lacks ? [...lost, guard] : lost;
}

function refuse(name: TableName, found: Partition, how: "concurrently" | "under lock"): Refusal[] {
  const { parent, isDefault, pending, referencedBy } = found;
  const object = named(name);
  const refused = (words: string): Refusal[] => [{ object, outcome: "refused", words }];
  if (pending) return [];
  if (isDefault)
    return refused(
      `${object} is the default partition: without it rows that fit no other are refused. To give its rows partitions, ask for repair.`,
    );
  if (parent.strategy === "h")
    return refused(
      `${object} holds one remainder of a hash: without it every row of that remainder is refused. A hash partition is not detached here.`,
    );
  const [foreign] = referencedBy;
  if (foreign)
    return refused(
      `Foreign key ${foreign.constraint} of ${named(foreign)} points at the table. To detach, PostgreSQL looks in ${named(foreign)} for rows that refer to this partition while its writers wait, then locks it ACCESS EXCLUSIVE; with such rows it refuses. Drop the foreign key first (ALTER TABLE ${named(foreign)} DROP CONSTRAINT ${quoteIdentifier(foreign.constraint)};), or leave the partition where it is.`,
    );
  if (parent.default && how === "concurrently")
    return [
      {
        object,
        outcome: "blocked",
        words: `PostgreSQL does not detach CONCURRENTLY while the table has a default partition (${named(parent.default)}). Ask for it "under lock": readers and writers of ${nameRelation(parent)} then wait for each attempt, at most as long as is approved, and rows of its stretch go to the default from then on.`,
      },
    ];
  return [];
}

function notesOf(name: TableName, { parent, pending, refersTo, otherPending }: Partition): string[] {
  const rows = parent.default
    ? `New rows of its stretch go to ${named(parent.default)} from then on.`
    : "New rows of its stretch are refused from then on.";
  return [
    ...(pending
      ? [`Its detach was begun and not finished: its rows no longer show in ${nameRelation(parent)}.`]
      : [`Its rows stay in ${named(name)} and no longer show in ${nameRelation(parent)}. ${rows}`]),
    ...(otherPending
      ? [
          `The detach of ${named(otherPending)} was begun before and is finished first: PostgreSQL allows one at a time.`,
        ]
      : []),
    ...(refersTo.length > 0
      ? [
          `Its foreign keys to ${refersTo.map(named).join(", ")} are kept. Detaching takes a lock there that stops writers, so each attempt waits no longer than approved; between two attempts the detach is pending and the rows show in neither.`,
        ]
      : []),
    ...(pending
      ? []
      : [
          "A REPEATABLE READ transaction that began before and has not touched the table yet is not waited for: it will not find these rows.",
        ]),
    "It keeps a CHECK with its bounds, so that it can be attached again without a scan.",
  ];
}
