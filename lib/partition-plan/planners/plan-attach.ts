import type { Sql } from "postgres";
import { quoteIdentifier } from "../../quote-sql.ts";
import { type Adoption, named } from "../adoption/adoption.ts";
import { countRows } from "../adoption/count-rows.ts";
import { findPlace } from "../adoption/find-place.ts";
import { spareDefault } from "../adoption/spare-default.ts";
import { stepsOfAdoption } from "../adoption/steps-of-adoption.ts";
import { tellAdoption } from "../adoption/tell-adoption.ts";
import { findDifferences } from "../facts/compare-tables.ts";
import { lookUp } from "../facts/look-up.ts";
import { type Cut, readCut, readTable, type TableFacts } from "../facts/read-adoption.ts";
import type { Planner, PlanningContext } from "../planners.ts";
import type { Draft, Refusal } from "../types.ts";
import { behindPartman } from "./refuse-behind-partman.ts";

/**
 * Makes a table that stands by itself a partition. What differs is mended where no value is lost or invented, and all that
 * takes time comes first, while it is read and written: CHECKs, foreign keys, indexes. ATTACH then scans nothing.
 */
export const planAttach: Planner<"attach"> = async ({ audit, lockTimeoutMs }, request) => {
  const { partition: name, table } = request;
  const title = `Attach ${named(name)} to ${named(table)}`;
  return audit.use("watch", "partitions.plan_attach", (sql) =>
    lookUp(sql, async (look): Promise<Draft> => {
      const draft: Draft = { table, title, request, steps: [], witnesses: [] };
      const refused = (object: string, outcome: Refusal["outcome"], words: string): Draft => ({
        ...draft,
        refusals: [{ object, outcome, words }],
      });
      const [child, parent] = [await readTable(look, name, table), await readTable(look, table)];
      if (!child) return refused(named(name), "missing", `There is no table ${named(name)}.`);
      if (!parent) return refused(named(table), "missing", `There is no table ${named(table)}.`);
      const cut = await readCut(look, parent.oid);
      const wrong = cut
        ? misfit(child, parent, cut)
        : `${named(table)} is not partitioned: nothing can be attached to it.`;
      if (!cut || wrong) return refused(named(name), "refused", wrong ?? "");
      draft.table = cut.root;
      const [partman] = await behindPartman(look, [parent, cut.root], "attach");
      if (partman) return { ...draft, refusals: [partman] };
      const differences = findDifferences(child, parent, await versionOf(look));
      const byHand = differences.filter(({ mend }) => mend === null).map(({ words }) => words);
      if (byHand.length > 0)
        return { ...draft, refusals: byHand.map((words) => blocked(named(name), words)) };
      const place = await findPlace(look, request, child, cut);
      if (!place) return { ...draft, refusals: [blocked(named(name), sayThePlace(child, cut))] };
      const mends = differences.flatMap(({ mend }) => mend ?? []);
      const adoption: Adoption = { child, parent, cut, place, mends, lockTimeoutMs };
      const rows = await countRowsInTheWay({ audit }, adoption);
      const spared = await spareDefault(look, adoption);
      const { steps, refusals } = stepsOfAdoption(adoption, spared);
      const inTheWay = [...refuseRows(adoption, rows), ...refusals];
      return {
        ...draft,
        request: { ...request, ...place.asked },
        refusals: inTheWay,
        steps: inTheWay.length > 0 ? [] : steps,
        notes: tellAdoption(adoption, { ...rows, spared: spared.notes }),
        witnesses: witnessesOf(adoption),
      };
    }),
  );
};

const blocked = (object: string, words: string): Refusal => ({ object, outcome: "blocked", words });

function witnessesOf({ child, parent, cut, place }: Adoption): string[] {
  return [
    ...[child, parent].map(({ oid, name: called }) => `${oid} ${called}`),
    `bounds ${place.bounds}`,
    ...cut.partitions.map(({ oid, bounds: theirs }) => `${oid} ${theirs}`),
  ];
}

function misfit(child: TableFacts, parent: TableFacts, { strategy, key }: Cut): string | null {
  if (child.isPartition) return `${named(child)} is a partition already. Detach it there first.`;
  if (child.kind !== "r" && child.kind !== "p")
    return `${named(child)} is no table of this server: only those are attached here.`;
  const byHand = (bounds: string) =>
    `That is not done here: ALTER TABLE ${named(parent)} ATTACH PARTITION ${named(child)} FOR VALUES ${bounds};`;
  if (strategy === "h")
    return `${named(parent)} is partitioned by hash, where each remainder has its partition from the start. ${byHand("WITH (MODULUS …, REMAINDER …)")}`;
  if (key.length > 1)
    return `${named(parent)} is partitioned by ${key.length} columns together. ${byHand("FROM (…) TO (…)")}`;
  return null;
}

const sayThePlace = (child: TableFacts, { strategy, key }: Cut) =>
  strategy === "l"
    ? `No CHECK of ${named(child)} says which values of ${key[0]} it holds. Give the values.`
    : `No CHECK of ${named(child)} says from where to where ${key[0]} runs in it. Give the bounds.`;

async function versionOf(sql: Sql): Promise<number> {
  const [row] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`;
  return row?.version ?? 0;
}

interface InTheWay {
  /** Rows outside of the place; "" for none, null where they could not be counted. */
  strays: string | null;
  /** With a NULL where the table allows none. */
  nulls: string | null;
  inDefault: string | null;
}

async function countRowsInTheWay(
  { audit }: Pick<PlanningContext, "audit">,
  { child, cut, place, mends }: Adoption,
): Promise<InTheWay> {
  const count = (select: string) => countRows(audit, cut.root, select);
  const columns = mends.flatMap((mend) => (mend.is === "not null" ? [quoteIdentifier(mend.name)] : []));
  // One that belongs to another is not read before it is taken.
  return {
    strays: await count(`SELECT FROM ${named(child)} WHERE NOT ${place.within}`),
    nulls:
      columns.length === 0
        ? ""
        : await count(
            `SELECT FROM ${named(child)} WHERE ${columns.map((column) => `${column} IS NULL`).join(" OR ")}`,
          ),
    inDefault: cut.default && (await count(`SELECT FROM ${named(cut.default)} WHERE ${place.within}`)),
  };
}

function refuseRows({ child, cut, place }: Adoption, { strays, nulls, inDefault }: InTheWay): Refusal[] {
  const told = (object: string, words: string | false | null | "") => (words ? [blocked(object, words)] : []);
  return [
    ...told(
      named(child),
      place.taken !== null &&
        `Its bounds run into those of ${place.taken}. Give others, or detach that one first.`,
    ),
    ...told(
      named(child),
      strays &&
        `${strays} rows of ${named(child)} lie outside ${place.bounds}. Move them into their own partition, or give wider bounds: SELECT * FROM ${named(child)} WHERE NOT ${place.within} LIMIT 10;`,
    ),
    ...told(
      named(child),
      nulls &&
        `${nulls} rows of ${named(child)} have a NULL where the table allows none. Give them values first.`,
    ),
    ...told(
      cut.default ? named(cut.default) : "",
      cut.default &&
        inDefault &&
        `${inDefault} rows of its stretch are in the default partition ${named(cut.default)}, which keeps it from being attached. Ask for repair of the default first.`,
    ),
  ];
}
