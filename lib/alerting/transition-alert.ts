import type { CheckObject, Limits, ObjectState, Patience } from "../check.ts";
import { type Alert, type AlertSeverity, fires, severityRank } from "./alert.ts";

/** What one look found of an alert's object. */
export type Sight =
  | {
      saw: "bad";
      severity: AlertSeverity;
      object: CheckObject;
      value: number | null;
      unit: string | null;
      threshold: Limits | null;
      words: ObjectState["words"];
      path: string;
      /** When it began by the server's own word. */
      since: Date | null;
    }
  /** It is fine, or gone from a complete answer. */
  | { saw: "fine" }
  /** It could not be looked at: it stays what it is. `since`: when it was last seen. */
  | { saw: "nothing"; since: Date; state: "no_data" | "error" | "unavailable"; reason: string };

/** What became of an alert: what its incident goes by. */
export type AlertChange = "fired" | "rose" | "fell" | "ended" | "unconfirmed" | "confirmed";

export interface AlertStep {
  alert: Alert;
  changes: AlertChange[];
}

/**
 * How one look moves an alert: normal → pending (until it was bad for so long) → firing → recovering (until it was fine
 * for so long) → normal. What could not be looked at stays as it is and is marked; one that was fine when it was last seen
 * goes on recovering by the clock. Durations that began in the future,
 * because the clock was put back, begin anew.
 */
export function transitionAlert(alert: Alert, sight: Sight, now: Date, patience: Patience): AlertStep {
  if (sight.saw === "nothing") return missSight(alert, sight, now, patience.keepFiringMs);
  const confirmed: AlertChange[] = alert.unconfirmed && fires(alert) ? ["confirmed"] : [];
  const { alert: moved, changes } =
    sight.saw === "bad"
      ? worsen(alert, sight, now, patience.forMs)
      : recover(alert, now, patience.keepFiringMs);
  const kept = moved.unconfirmed ? { ...moved, unconfirmed: null } : moved;
  return { alert: kept, changes: [...confirmed, ...changes] };
}

function missSight(
  alert: Alert,
  { since, state, reason }: Extract<Sight, { saw: "nothing" }>,
  now: Date,
  keepFiringMs: number,
): AlertStep {
  if (alert.condition === "normal") return { alert, changes: [] };
  if (alert.condition === "recovering" && alert.fineSince) {
    // It was fine when it was last seen: what it waits for is the clock alone.
    const waited = now.getTime() - alert.fineSince.getTime();
    if (waited >= keepFiringMs) return { alert: ended(alert), changes: ["ended"] };
  }
  const before = alert.unconfirmed;
  if (before?.state === state && before.reason === reason) return { alert, changes: [] };
  const unconfirmed = { since: before?.since ?? since, state, reason };
  return { alert: { ...alert, unconfirmed }, changes: before || !fires(alert) ? [] : ["unconfirmed"] };
}

function worsen(
  alert: Alert,
  { saw: _, since: begun, ...seen }: Extract<Sight, { saw: "bad" }>,
  now: Date,
  forMs: number,
): AlertStep {
  if (fires(alert)) {
    const by = severityRank(seen.severity) - severityRank(alert.severity ?? seen.severity);
    return {
      alert: { ...alert, ...seen, condition: "firing", fineSince: null },
      changes: by > 0 ? ["rose"] : by < 0 ? ["fell"] : [],
    };
  }
  const since = earliest(alert.condition === "pending" ? alert.since : (begun ?? now), now);
  const pending = { ...alert, ...seen, since, fineSince: null, firedAt: null };
  if (now.getTime() - since.getTime() < forMs)
    return { alert: { ...pending, condition: "pending" }, changes: [] };
  return { alert: { ...pending, condition: "firing", firedAt: now }, changes: ["fired"] };
}

function recover(alert: Alert, now: Date, keepFiringMs: number): AlertStep {
  if (!fires(alert)) return { alert: alert.condition === "normal" ? alert : ended(alert), changes: [] };
  const fineSince = earliest(alert.fineSince ?? now, now);
  if (now.getTime() - fineSince.getTime() >= keepFiringMs) return { alert: ended(alert), changes: ["ended"] };
  return { alert: { ...alert, condition: "recovering", fineSince }, changes: [] };
}

const ended = (alert: Alert): Alert => ({
  ...alert,
  condition: "normal",
  severity: null,
  fineSince: null,
  unconfirmed: null,
});

const earliest = (one: Date, other: Date): Date => (one < other ? one : other);
