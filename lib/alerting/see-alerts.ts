import { isDeepStrictEqual } from "node:util";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { ObjectState } from "../check.ts";
import type { AcceptedLook, AcceptedRound } from "../evaluation/recorded.ts";
import { type Alert, type AlertSeverity, alertSeverities, isOrphan } from "./alert.ts";
import { type AlertChange, type Sight, transitionAlert } from "./transition-alert.ts";

/** One alert before and after a round; `before` null where the object was never bad. */
export interface SeenAlert {
  before: Alert | null;
  alert: Alert;
  changes: readonly AlertChange[];
  /** Whether anything of it is other than before, figures too, or it fires and is in no incident. */
  differs: boolean;
}

/** Objects that are bad now, by check and key. */
export function badObjects({ looks }: AcceptedRound): { checkId: string; key: string }[] {
  return looks.flatMap(({ check, answer }) =>
    badPlaces(answer?.objects ?? []).map((place) => ({ checkId: check.id, key: answer?.keys[place] ?? "" })),
  );
}

/** A round has tens of thousands of objects, of which few are bad. */
function badPlaces(objects: readonly ObjectState[]): number[] {
  const bad: number[] = [];
  for (let place = 0; place < objects.length; place += 1)
    if (isBad((objects[place] as ObjectState).state)) bad.push(place);
  return bad;
}

/**
 * What a round makes of alerts: of those that are not normal, also where nothing looked at them, and of every object that
 * is bad.
 * @param known every alert of the target that is not normal, and those of objects that are bad now
 */
export function seeAlerts(round: AcceptedRound, known: readonly Alert[]): SeenAlert[] {
  const { target, now, looks, isCheck, patience } = round;
  const byCheck = Map.groupBy(known, ({ checkId }) => checkId);
  const seen: SeenAlert[] = [];
  const see = (before: Alert | null, blank: Alert, sight: Sight, look: AcceptedLook | null) => {
    const given = look ? patience(look.check, blank.objectKey) : { forMs: 0, keepFiringMs: 0 };
    const { alert, changes } = transitionAlert(blank, sight, now, given);
    const differs = before === null || isOrphan(alert) || !isDeepStrictEqual(before, alert);
    seen.push({ before, alert, changes, differs });
  };
  const looked = new Set(looks.map(({ check }) => check.id));
  for (const alert of known) {
    if (looked.has(alert.checkId)) continue;
    if (isCheck(alert.checkId)) seen.push({ before: alert, alert, changes: [], differs: false });
    // What a check judged that is no more is over.
    else see(alert, alert, { saw: "fine" }, null);
  }

  for (const look of looks) {
    const { check, answer } = look;
    const left = new Map(byCheck.get(check.id)?.map((alert) => [alert.objectKey, alert]));
    for (const place of answer ? placesToSee(answer, left) : []) {
      const state = answer?.objects[place] as ObjectState;
      const key = answer?.keys[place] ?? "";
      const alert = left.get(key) ?? null;
      left.delete(key);
      see(alert, alert ?? blankAlert(target, look, key, state, now), sightOf(look, state, now), look);
    }
    for (const alert of left.values()) see(alert, alert, missed(look, now), look);
  }
  return seen;
}

/** In the order of the answer: those of bad objects, and of objects that have an alert. */
function placesToSee(
  { keys, objects }: NonNullable<AcceptedLook["answer"]>,
  alerts: ReadonlyMap<string, Alert>,
): number[] {
  const places = new Set(badPlaces(objects));
  for (const key of alerts.keys()) places.add(keys.indexOf(key));
  places.delete(-1);
  return [...places].sort((one, other) => one - other);
}

const isBad = (state: string): state is AlertSeverity =>
  state !== "ok" && alertSeverities.includes(state as AlertSeverity);

function sightOf({ check, repliedBefore }: AcceptedLook, state: ObjectState, now: Date): Sight {
  const { state: stands, object, value, threshold, words, since, unavailable } = state;
  if (stands === "ok") return { saw: "fine" };
  if (isBad(stands))
    return {
      saw: "bad",
      severity: stands,
      ...{ object, value, unit: check.unit, threshold, words, since },
      path: state.path ?? check.path,
    };
  return {
    saw: "nothing",
    state: stands,
    reason: unavailable?.reason ?? words.detail,
    since: repliedBefore ?? now,
  };
}

/** An object that the answer does not name: gone where that is complete. */
function missed({ answer, error, repliedBefore }: AcceptedLook, now: Date): Sight {
  const since = repliedBefore ?? now;
  if (error) return { saw: "nothing", state: "error", reason: withoutStatement(error.message), since };
  if (answer?.complete) return { saw: "fine" };
  const [blind] = answer?.objects ?? [];
  if (answer?.objects.length === 1 && blind && !isBad(blind.state) && blind.state !== "ok") {
    const { state, unavailable, words } = blind;
    return { saw: "nothing", state, reason: unavailable?.reason ?? words.detail, since };
  }
  return {
    saw: "nothing",
    state: "no_data",
    reason: "The answer was not complete and did not name it.",
    since,
  };
}

/**
 * Why a look failed, for people: "connections.blockers failed: the server …" names a statement of ours, which the log has
 * and whoever is called at night does not know.
 */
export function withoutStatement(message: string): string {
  const [, failed, silent] = /^[\w.:-]+ (?:failed: (.+)|had (no answer within .+))$/s.exec(message) ?? [];
  const words = failed ?? silent;
  return words === undefined ? message : words.charAt(0).toUpperCase() + words.slice(1);
}

function blankAlert(
  target: string,
  { check }: AcceptedLook,
  key: string,
  { object, value, threshold, words, path }: ObjectState,
  now: Date,
): Alert {
  return {
    id: uuidV7(now.getTime()),
    target,
    checkId: check.id,
    objectKey: key,
    object,
    condition: "normal",
    severity: null,
    value,
    unit: check.unit,
    threshold,
    words,
    path: path ?? check.path,
    since: now,
    firedAt: null,
    fineSince: null,
    unconfirmed: null,
    incidentId: null,
  };
}
