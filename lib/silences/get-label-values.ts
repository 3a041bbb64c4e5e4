import { and, eq, inArray, sql } from "drizzle-orm";
import { type LabelName, labelNames, labelsOf } from "../alerting/labels.ts";
import { type Matcher, matches } from "../alerting/matcher.ts";
import type { CheckObject } from "../check.ts";
import type { Db } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

const { checkState } = schema;

/** Those that are looked at: more than any console offered so far. */
const mostObjects = 20_000;
const mostValues = 200;
const offered = labelNames.filter((name) => !["severity", "check", "topic", "target"].includes(name));

/** What is offered of a label while somebody writes a condition: in order, some at most. */
export type LabelValues = Partial<Record<LabelName, readonly string[]>>;

/**
 * The values that labels have now, of every object that a check judges on these targets: for each label those of objects
 * that the conditions on other labels mean. Sessions are left out: they end. Checks and topics are known without it.
 */
export async function getLabelValues(
  db: Pick<Db, "selectDistinct">,
  matchers: readonly Matcher[],
  targets: readonly string[],
): Promise<LabelValues> {
  const check = matchers.find(({ label, is }) => label === "check" && is === "=")?.value;
  const rows = await db
    .selectDistinct({ target: checkState.target, checkId: checkState.checkId, object: checkState.object })
    .from(checkState)
    .where(
      and(
        inArray(checkState.target, [...targets]),
        sql`${checkState.object} ->> 'kind' <> 'session'`,
        // The index begins with target and check: one check among sixty is read alone.
        check === undefined ? undefined : eq(checkState.checkId, check),
      ),
    )
    .limit(mostObjects);
  const found = rows.map(({ target, checkId, object }) =>
    labelsOf({ target, checkId, severity: "warning", object: object as CheckObject }),
  );
  const asked = matchers.filter(({ label, value }) => label !== "severity" && value !== "");
  return Object.fromEntries(
    offered.map((name) => {
      const others = asked.filter(({ label }) => label !== name);
      const meant = found.filter((labels) => matches(others, labels)).map((labels) => labels[name]);
      const values = [...new Set(meant)].filter((value) => value !== "").toSorted();
      return [name, values.slice(0, mostValues)];
    }),
  );
}
