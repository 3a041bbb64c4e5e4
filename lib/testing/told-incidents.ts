import type { Labels } from "../alerting/labels.ts";
import type { IncidentLevel, Route, Thread, ToldChannel } from "../channels/due-tellings.ts";

export const labels: Labels = {
  target: "audit",
  check: "connections.used",
  topic: "connections",
  severity: "warning",
  kind: "target",
  object: "audit",
  database: "",
  schema: "",
  relation: "",
};
export const pace = {
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatMs: 3_600_000,
  goOn: false,
} as const;
export const everything: Route = {
  id: "default",
  matchers: [],
  severities: ["warning", "critical"],
  channels: null,
  ...pace,
};
export const mail: ToldChannel = { id: "mail", enabled: true, acknowledge: false, refreshMs: null };
export const pager: ToldChannel = { id: "pager", enabled: true, acknowledge: true, refreshMs: null };
export const mirror: ToldChannel = { id: "mirror", enabled: true, acknowledge: false, refreshMs: 300_000 };

export const firing = (given: Partial<IncidentLevel> = {}): IncidentLevel => ({
  id: "i",
  condition: "firing",
  state: "open",
  severity: "warning",
  telling: 1,
  firedAt: 0,
  acknowledgedAt: null,
  alerts: [{ labels, severity: given.severity ?? "warning", hushed: false }],
  ...given,
});
export const told = (given: Partial<Thread> = {}): Thread => ({
  incidentId: "i",
  channelId: "mail",
  told: "firing",
  telling: 1,
  severity: "warning",
  toldAt: 30_000,
  acknowledgedAt: null,
  reached: true,
  ...given,
});
