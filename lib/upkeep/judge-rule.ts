import type { CheckAnswer, CheckContext, ObjectState } from "../check.ts";
import { nameRelation } from "../quote-sql.ts";
import { isOn, type UpkeepRule } from "../upkeep-rules/rule.ts";

/** Every rule judged by one condition; one that is off is well, since somebody chose it. */
export async function judgeRules(
  { upkeep }: Pick<CheckContext, "upkeep">,
  judge: (rule: UpkeepRule, name: string) => Omit<ObjectState, "object">,
): Promise<CheckAnswer> {
  const rules = await upkeep();
  const objects = rules.map((rule): ObjectState => {
    const { database, table } = rule;
    const object = { kind: "relation", database, schema: table.schema, name: table.name } as const;
    return { object, ...(isOn(rule) ? judge(rule, nameRelation(table)) : off(rule)) };
  });
  return { objects, complete: true };
}

function off({ state, table }: UpkeepRule): Omit<ObjectState, "object"> {
  const name = nameRelation(table);
  const title =
    state === "proposed"
      ? `The upkeep of ${name} waits for a person's approval.`
      : `The upkeep of ${name} is paused.`;
  return isWell(title);
}

export function isWell(title: string): Omit<ObjectState, "object"> {
  return {
    state: "ok",
    value: null,
    threshold: null,
    since: null,
    words: { title, detail: "Nothing needs doing." },
  };
}
