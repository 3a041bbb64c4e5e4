import { and, asc, eq, inArray } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { nameRelation } from "../quote-sql.ts";
import { ruleOf, type UpkeepRule } from "./rule.ts";

const { partitionUpkeep } = schema;

/** The rules of these targets (of all unless given), by table. */
export async function readRules(
  db: Pick<Queryable, "select">,
  targets?: readonly string[],
): Promise<UpkeepRule[]> {
  const rows = await db
    .select()
    .from(partitionUpkeep)
    .where(targets && inArray(partitionUpkeep.target, [...targets]))
    .orderBy(asc(partitionUpkeep.target), asc(partitionUpkeep.schemaName), asc(partitionUpkeep.tableName));
  return rows.map(ruleOf);
}

/** A table's rule, or null. */
export async function findRule(
  db: Pick<Queryable, "select">,
  target: string,
  table: UpkeepRule["table"],
): Promise<UpkeepRule | null> {
  const [row] = await db
    .select()
    .from(partitionUpkeep)
    .where(
      and(
        eq(partitionUpkeep.target, target),
        eq(partitionUpkeep.schemaName, table.schema),
        eq(partitionUpkeep.tableName, table.name),
      ),
    );
  return row ? ruleOf(row) : null;
}

/** The rule of an id, or null once it is removed. */
export async function readRule(db: Pick<Queryable, "select">, id: string): Promise<UpkeepRule | null> {
  const [row] = await db.select().from(partitionUpkeep).where(eq(partitionUpkeep.id, id));
  return row ? ruleOf(row) : null;
}

/** @throws AppError NOT_FOUND */
export async function requireRule(
  db: Pick<Queryable, "select">,
  target: string,
  table: UpkeepRule["table"],
): Promise<UpkeepRule> {
  const rule = await findRule(db, target, table);
  if (rule) return rule;
  throw new AppError("NOT_FOUND", `There is no upkeep of ${nameRelation(table)} on ${target}.`, {
    hint: "Propose it first: audit-db partitions upkeep set.",
  });
}
