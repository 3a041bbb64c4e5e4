import {
  type CheckAnswer,
  type CheckContext,
  type CheckObject,
  cannotJudge,
  type ObjectState,
} from "../check.ts";
import { getPartmanTables, type PartmanTable } from "../partition-facts/partman.ts";
import { nameRelation } from "../quote-sql.ts";
import { isOn } from "../upkeep-rules/rule.ts";

type Judged = Omit<ObjectState, "object">;

export interface JudgedPartman {
  table: PartmanTable;
  name: string;
  object: CheckObject & { kind: "relation" };
  /** Whether upkeep of our own makes its partitions instead. */
  ours: boolean;
}

/** Every table that pg_partman has on its list, judged by one condition; none where it is not installed. */
export async function judgePartman(
  { audit, upkeep }: Pick<CheckContext, "audit" | "upkeep">,
  judge: (judged: JudgedPartman) => Judged | Promise<Judged>,
): Promise<CheckAnswer> {
  const { data, unavailable } = await getPartmanTables(audit);
  if (unavailable) return cannotJudge("What pg_partman manages is not known.", unavailable);
  if (data.tables.length === 0) return { objects: [], complete: true };
  const { database } = await audit.server();
  const rules = (await upkeep()).filter(isOn).map(({ table }) => nameRelation(table));
  const objects: ObjectState[] = [];
  for (const table of data.tables) {
    const { schema, name } = table;
    const object = { kind: "relation", database, schema, name } as const;
    const ours = rules.includes(nameRelation(table));
    objects.push({ object, ...(await judge({ table, name: nameRelation(table), object, ours })) });
  }
  return { objects, complete: true };
}

export function partmanIsWell(title: string): Judged {
  return {
    state: "ok",
    value: null,
    threshold: null,
    since: null,
    words: { title, detail: "Nothing needs doing." },
  };
}
