import { type Check, objectKey } from "../check.ts";
import type { Unavailable } from "../result.ts";
import { momentInWords } from "../words.ts";
import { type Finding, type FindingSeverity, worstFirst } from "./finding.ts";
import type { CheckStanding, Standing } from "./standing.ts";

const gravity: Record<FindingSeverity, number> = { critical: 0, warning: 1, notice: 2 };

/**
 * What needs a person, and what could not be looked at: the states that are not OK in words, worst first.
 * @param down the target is: then its outage is the finding, and no check that could not run because of it
 */
export function tellFindings(standings: readonly CheckStanding[], down = false): Finding[] {
  const covered = coveredObjects(standings);
  return worstFirst(
    standings.flatMap((standing) => [
      ...tellBad(standing, covered.get(standing.check.id)),
      ...tellBlind(standing, covered.get(standing.check.id), down),
    ]),
  );
}

/** Check → objects about which another check says all there is to say, with how grave that is. */
type Covered = ReadonlyMap<string, number>;

function coveredObjects(standings: readonly CheckStanding[]): Map<string, Covered> {
  const covered = new Map<string, Map<string, number>>();
  for (const { check, objects } of standings) {
    for (const id of check.covers ?? []) {
      const byObject = covered.get(id) ?? new Map<string, number>();
      covered.set(id, byObject);
      for (const { object, state } of objects.filter(isBad)) {
        const key = objectKey(object);
        byObject.set(key, Math.min(gravity[state], byObject.get(key) ?? gravity[state]));
      }
    }
  }
  return covered;
}

/** Never by what is less grave. */
function isCovered(covered: Covered | undefined, { object, state }: Standing): boolean {
  const by = covered?.get(objectKey(object));
  return by !== undefined && by <= (gravity[state as FindingSeverity] ?? gravity.notice);
}

function tellBad({ check, objects }: CheckStanding, covered: Covered | undefined): Finding[] {
  const bad = objects
    .filter(isBad)
    .filter((standing) => !isCovered(covered, standing))
    .toSorted((a, b) => byGravity(check, a, b));
  const [worst] = bad;
  if (worst && bad.length > 1 && check.tellSeveral)
    return [{ ...tell(check, worst), key: check.id, title: check.tellSeveral(bad), objects: bad.length }];
  return bad.map((object) => tell(check, object));
}

function tell(check: Check, standing: Standing & { state: FindingSeverity }): Finding {
  const { object, state, value, threshold, since, words, path, lastSeenAt } = standing;
  const old = lastSeenAt
    ? ` Last seen at ${momentInWords(lastSeenAt.toISOString())} UTC, not confirmed since.`
    : "";
  return {
    key: check.tellSeveral ? check.id : `${check.id} ${objectKey(object)}`,
    check: check.id,
    severity: state,
    title: words.title,
    detail: `${words.detail}${old}`,
    ...(words.mends && { mends: words.mends }),
    ...{ object, objects: 1, value, unit: check.unit, threshold },
    ...(since && { since }),
    path: path ?? check.path,
  };
}

/** Checks that could not look: one sentence for each reason. */
function tellBlind(
  { check, objects, error }: CheckStanding,
  covered: Covered | undefined,
  down: boolean,
): Finding[] {
  const blind = objects.filter(
    (standing) =>
      isBlind(standing) && !standing.lastSeenAt && isTold(check, standing) && !isCovered(covered, standing),
  );
  const byReason = Map.groupBy(blind, ({ unavailable, words }) => unavailable?.reason ?? words.detail);
  const told = [...byReason].map(([reason, standings]): Finding => {
    const [{ unavailable, ...first }] = standings as [Standing, ...Standing[]];
    return {
      ...tell(check, { ...first, state: "notice" }),
      key: `${check.id} ${objectKey(first.object)} blind`,
      objects: standings.length,
      unavailable: unavailable ?? { code: "insufficient_data", reason },
    };
  });
  return error && !down ? [...told, couldNotRun(check, error)] : told;
}

function couldNotRun(check: Check, { message, hint }: NonNullable<CheckStanding["error"]>): Finding {
  const unavailable: Unavailable = {
    code: "insufficient_data",
    reason: message,
    ...(hint && { enable: hint }),
  };
  return {
    key: `${check.id} error`,
    check: check.id,
    severity: "notice",
    title: `“${check.title}” could not be checked.`,
    detail: message,
    ...{ object: { kind: "target" }, objects: 0, value: null, unit: check.unit, threshold: null },
    path: check.path,
    unavailable,
  };
}

/** What no server of this version can tell, and what somebody chose not to have, stands in the list of checks alone. */
function isTold({ optional }: Check, { unavailable }: Standing): boolean {
  return unavailable?.code !== "unsupported" && !(optional && unavailable?.code === "not_configured");
}

function isBad(standing: Standing): standing is Standing & { state: FindingSeverity } {
  return standing.state === "critical" || standing.state === "warning" || standing.state === "notice";
}

function isBlind({ state }: Standing): boolean {
  return state === "no_data" || state === "error" || state === "unavailable";
}

type Bad = Standing & { state: FindingSeverity };

/** Graver first, then further beyond the limit. */
function byGravity({ thresholds }: Check, a: Bad, b: Bad): number {
  const direction = thresholds?.direction === "falling" ? -1 : 1;
  return gravity[a.state] - gravity[b.state] || direction * ((b.value ?? 0) - (a.value ?? 0));
}
