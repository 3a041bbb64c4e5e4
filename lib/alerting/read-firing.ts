import { and, eq, inArray } from "drizzle-orm";
import type { CheckObject } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { labelsOf } from "./labels.ts";
import type { JudgedAlert } from "./overlay.ts";

const { alert, incident } = schema;

/** An alert that fires now, with the incident it belongs to. */
export interface FiringAlert extends JudgedAlert {
  /** What its check says of it. */
  title: string;
  incident: { id: string; number: number };
}

/** The alerts that fire on these targets (on all unless given), the longest first. */
export async function readFiring(
  db: Pick<Queryable, "select">,
  targets?: readonly string[],
): Promise<FiringAlert[]> {
  const rows = await db
    .select({ alert, id: incident.id, number: incident.number })
    .from(alert)
    .innerJoin(incident, eq(incident.id, alert.incidentId))
    .where(
      and(inArray(alert.condition, ["firing", "recovering"]), targets && inArray(alert.target, [...targets])),
    )
    .orderBy(alert.firedAt, alert.id);
  return rows.map(({ alert: row, id, number }) => {
    const severity = row.severity ?? "notice";
    const { target, checkId, objectKey } = row;
    return {
      objectKey,
      severity,
      labels: labelsOf({ target, checkId, severity, object: row.object as CheckObject }),
      title: (row.words as { title: string }).title,
      incident: { id, number },
    };
  });
}
