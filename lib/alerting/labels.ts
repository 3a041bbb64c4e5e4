import type { CheckObject } from "../check.ts";
import type { AlertSeverity } from "./alert.ts";

/** What silences, maintenance windows and routes match. */
export const labelNames = [
  "target",
  "check",
  "topic",
  "severity",
  "kind",
  "object",
  "database",
  "schema",
  "relation",
] as const;
export type LabelName = (typeof labelNames)[number];

/** Text by label; one that the object does not have is empty. */
export type Labels = Readonly<Record<LabelName, string>>;

/** The labels of one alert. `object` is what people call it: a relation's `schema.name`, else its name. */
export function labelsOf(alert: {
  target: string;
  checkId: string;
  severity: AlertSeverity;
  object: CheckObject;
}): Labels {
  const { target, checkId, severity, object } = alert;
  const relation = object.kind === "relation" ? object : null;
  return {
    target,
    check: checkId,
    topic: checkId.slice(0, checkId.indexOf(".")),
    severity,
    kind: object.kind,
    object: relation
      ? `${relation.schema}.${relation.name}`
      : object.kind === "target"
        ? target
        : object.kind === "session"
          ? String(object.pid)
          : (object as { name: string }).name,
    database: relation?.database ?? "",
    schema: relation?.schema ?? "",
    relation: relation?.name ?? "",
  };
}
