import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { nameRelation, quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import { findDifferences } from "../facts/compare-tables.ts";
import { conditionOf, findOverlap, learnBounds, type RangeBounds, readBounds } from "../facts/find-bounds.ts";
import { lookUp } from "../facts/look-up.ts";
import { type Cut, readCut, readTable, type TableFacts } from "../facts/read-adoption.ts";
import { isNative, setFiring, statementGuard } from "../facts/read-triggers.ts";
import { implies } from "../facts/split-condition.ts";
import type { Planner } from "../planners.ts";
import { addConstraintStep } from "../steps/add-constraint.ts";
import { attachPartitionStep } from "../steps/attach-partition.ts";
import { restoreTriggersStep } from "../steps/restore-triggers.ts";
import { validateConstraintStep } from "../steps/validate-constraint.ts";
import type { Draft, Refusal, StepData } from "../types.ts";
import { freeName } from "./plan-detach.ts";
import { addIndexes } from "./plan-indexes.ts";

const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

/**
 * Makes a table that stands by itself a partition. All that takes time comes first, while it is read and written: a CHECK
 * with the bounds, foreign keys, indexes. ATTACH then scans nothing.
 */
export const planAttach: Planner<"attach"> = async ({ audit }, request) => {
  const { partition: name, table } = request;
  const title = `Attach ${named(name)} to ${named(table)}`;
  const draft = (more: Partial<Draft>): Draft => ({
    ...{ table, title, request, steps: [], witnesses: [] },
    ...more,
  });
  const refused = (object: string, outcome: Refusal["outcome"], ...words: string[]) =>
    draft({ refusals: words.map((each) => ({ object, outcome, words: each })) });
  return audit.use("watch", "partitions.plan_attach", (sql) =>
    lookUp(sql, async (look): Promise<Draft> => {
      const [child, parent] = [await readTable(look, name), await readTable(look, table)];
      if (!child) return refused(named(name), "missing", `There is no table ${named(name)}.`);
      if (!parent) return refused(named(table), "missing", `There is no table ${named(table)}.`);
      const cut = await readCut(look, parent.oid);
      const wrong = cut
        ? misfit(child, parent, cut)
        : `${named(table)} is not partitioned: nothing can be attached to it.`;
      if (!cut || wrong) return refused(named(name), "refused", wrong ?? "");
      const version = await versionOf(look);
      const differences = findDifferences(child, parent, version);
      if (differences.length > 0)
        return { ...refused(named(name), "blocked", ...differences), table: cut.root };
      const bounds = request.bounds ? await readBounds(look, request.bounds, cut) : learnBounds(child, cut);
      if (!bounds)
        return {
          ...refused(
            named(name),
            "blocked",
            `No CHECK of ${named(name)} says from where to where ${cut.key[0]} runs in it. Give the bounds.`,
          ),
          table: cut.root,
        };
      const overlap = await findOverlap(look, bounds, cut);
      const within = conditionOf(bounds, cut);
      const strays = await countStrays(audit, cut, { child, within });
      const inDefault = cut.default && (await countInDefault(audit, cut, cut.default, within));
      const refusals = [
        ...(overlap
          ? [
              blocked(
                named(name),
                `Its bounds run into those of ${overlap}. Give others, or detach that one first.`,
              ),
            ]
          : []),
        ...(strays
          ? [
              blocked(
                named(name),
                `${strays} rows of ${named(name)} lie outside FROM (${bounds.from}) TO (${bounds.to}). Move them into their own partition, or give wider bounds: SELECT * FROM ${named(name)} WHERE NOT ${within} LIMIT 10;`,
              ),
            ]
          : []),
        ...(cut.default && inDefault
          ? [
              blocked(
                named(cut.default),
                `${inDefault} rows of its stretch are in the default partition ${named(cut.default)}, which keeps it from being attached. Ask for repair of the default first.`,
              ),
            ]
          : []),
      ];
      const steps = stepsOf({ child, parent, cut, bounds, within });
      return draft({
        table: cut.root,
        request: { ...request, bounds: { from: unquoted(bounds.from), to: unquoted(bounds.to) } },
        refusals: [...refusals, ...steps.refusals],
        steps: refusals.length > 0 || steps.refusals.length > 0 ? [] : steps.steps,
        notes: notesOf({ child, parent, cut, strays, inDefault }),
        witnesses: [
          ...[child, parent].map(({ oid, name: called }) => `${oid} ${called}`),
          `bounds ${bounds.from} ${bounds.to}`,
          ...cut.partitions.map(({ oid, bounds: theirs }) => `${oid} ${theirs}`),
        ],
      });
    }),
  );
};

const blocked = (object: string, words: string): Refusal => ({ object, outcome: "blocked", words });

/** As a request has bounds. */
const unquoted = (literal: string) => literal.replace(/^'(.*)'$/s, "$1").replaceAll("''", "'");

function misfit(child: TableFacts, parent: TableFacts, { strategy, key }: Cut): string | null {
  if (child.isPartition) return `${named(child)} is a partition already. Detach it there first.`;
  if (child.kind !== "r" && child.kind !== "p")
    return `${named(child)} is no table of this server: only those are attached here.`;
  if (strategy !== "r")
    return `${named(parent)} is partitioned by ${strategy === "l" ? "list" : "hash"}. Name the partition of it that is partitioned by ranges.`;
  if (key.length > 1)
    return `${named(parent)} is partitioned by ${key.length} columns together. That is not done here: ALTER TABLE ${named(parent)} ATTACH PARTITION ${named(child)} FOR VALUES FROM (…) TO (…);`;
  return null;
}

async function versionOf(sql: Sql): Promise<number> {
  const [row] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`;
  return row?.version ?? 0;
}

interface Adoption {
  child: TableFacts;
  parent: TableFacts;
  cut: Cut;
  bounds: RangeBounds;
  within: string;
}

function stepsOf({ child, parent, cut, bounds, within }: Adoption): {
  steps: StepData[];
  refusals: Refusal[];
} {
  const table = { schema: child.schema, name: child.name };
  const indexes =
    child.kind === "r" ? addIndexes(child, child.indexes, parent.indexes, null) : { steps: [], refusals: [] };
  const replaces = child.triggers.filter(
    (own) => own.forEachRow && parent.triggers.some((above) => above.forEachRow && above.name === own.name),
  );
  const fires = parent.triggers.filter(({ forEachRow, enabled }) => forEachRow && enabled !== "O");
  const guard = statementGuard(table);
  const lacksGuard = isNative(cut.root) && !child.triggers.some(({ name }) => name === guard.name);
  return {
    refusals: indexes.refusals,
    steps: [
      ...constraintSteps({ child, parent, within }),
      ...indexes.steps,
      ...(lacksGuard ? [restoreTriggersStep.of({ table, triggers: [guard] })] : []),
      attachPartitionStep.of({
        parent: { schema: parent.schema, name: parent.name },
        child: table,
        bounds: `FROM (${bounds.from}) TO (${bounds.to})`,
        replaces: replaces.map(({ name }) => name),
        firing: fires.map((trigger) => setFiring(named(child), trigger)),
        refersTo: parent.constraints.flatMap(({ type, refersTo }) =>
          type === "f" && refersTo ? [refersTo] : [],
        ),
        defaultRows: cut.default && { relation: named(cut.default), rows: cut.default.rows },
      }),
    ],
  };
}

/** Bounds, the table's own CHECKs and its foreign keys: each added without a look, then validated by itself. */
function constraintSteps({ child, parent, within }: Omit<Adoption, "bounds" | "cut">): StepData[] {
  const table = { schema: child.schema, name: child.name };
  const taken = new Set(child.constraints.map(({ name }) => name));
  const validate = (name: string) => validateConstraintStep.of({ table, name, rows: child.rows });
  const add = (name: string, definition: string, refersTo: string | null = null) => [
    addConstraintStep.of({ table, name, definition, refersTo }),
    validate(name),
  ];
  const own = child.constraints.filter(({ type }) => type === "c");
  const notNull = child.columns.filter((column) => column.notNull).map(({ name }) => quoteIdentifier(name));
  const saying = (of: typeof own) =>
    implies(
      of.flatMap(({ condition }) => condition ?? []),
      within,
      notNull,
    );
  const known = saying(own.filter(({ validated }) => validated));
  const unproven = own.filter(({ validated }) => !validated);
  const name = freeName("bounds", taken);
  const boundSteps = known
    ? []
    : saying(own)
      ? unproven.map((each) => validate(each.name))
      : add(name, `CHECK ${within}`);
  const inherited = parent.constraints.filter(({ type }) => type === "c" || type === "f");
  const others = inherited.flatMap((wanted) => {
    const same = child.constraints.find(
      (each) => each.definition === wanted.definition && (wanted.type === "f" || each.name === wanted.name),
    );
    if (same) return same.validated || !known ? [] : [validate(same.name)];
    return add(wanted.name, wanted.definition, wanted.refersTo);
  });
  return [...boundSteps, ...others];
}

/** Rows outside, as many as are counted within two seconds; null where they could not be. */
async function countStrays(
  audit: AuditDb,
  cut: Cut,
  { child, within }: { child: TableFacts; within: string },
): Promise<string | null> {
  return countRows(audit, cut.root, `SELECT FROM ${named(child)} WHERE NOT ${within}`);
}

function countInDefault(
  audit: AuditDb,
  { root }: Cut,
  fallback: TableName,
  within: string,
): Promise<string | null> {
  return countRows(audit, root, `SELECT FROM ${named(fallback)} WHERE ${within}`);
}

const countedRows = 1_000;

/** As the owner: the watching role reads no rows. "3", "1,000 or more", "" for none. */
async function countRows(audit: AuditDb, root: TableName, select: string): Promise<string | null> {
  if (!audit.can("maintenance")) return null;
  try {
    return await audit.use("maintenance", "partitions.count_strays", async (sql) => {
      const [owner] = await sql<{ name: string }[]>`
        select quote_ident(r.rolname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_roles r on r.oid = c.relowner where n.nspname = ${root.schema} and c.relname = ${root.name}`;
      const rows = await sql.begin("read only", async (tx) => {
        await tx.unsafe(
          `SET LOCAL ROLE ${owner?.name}; SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '200ms'`,
        );
        const [row] = await tx.unsafe<{ rows: number }[]>(
          `SELECT count(*)::int AS rows FROM (${select} LIMIT ${countedRows}) AS found`,
        );
        return row?.rows ?? 0;
      });
      if (rows === 0) return "";
      return rows >= countedRows ? `${countedRows.toLocaleString("en-US")} or more` : `${rows}`;
    });
  } catch {
    return null;
  }
}

function notesOf({
  child,
  parent,
  cut,
  strays,
  inDefault,
}: Pick<Adoption, "child" | "parent" | "cut"> & {
  strays: string | null;
  inDefault: string | null;
}): string[] {
  const extra = child.triggers.filter(({ name }) => !parent.triggers.some((above) => above.name === name));
  return [
    ...(strays === null
      ? [
          "Whether rows lie outside the bounds could not be counted beforehand: validating the CHECK tells, and then nothing is attached.",
        ]
      : []),
    ...(extra.length > 0
      ? [`${counted(extra.length, "trigger")} of its own stay: ${extra.map(({ name }) => name).join(", ")}.`]
      : []),
    ...(cut.default
      ? [
          `ATTACH reads the default partition ${named(cut.default)} under its lock, ${inDefault === null ? "and refuses if it holds rows of this stretch" : "which holds no row of this stretch"}. Readers and writers of ${nameRelation(cut.default)} wait meanwhile.`,
        ]
      : []),
    `From then on its rows show in ${nameRelation(parent)}.`,
  ];
}
