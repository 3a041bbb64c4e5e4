import type { OverlayFacts } from "../alerting/overlay.ts";
import type { Check } from "../check.ts";
import { AppError } from "../errors.ts";
import type { StoredChecks } from "../evaluation/stored-checks.ts";
import type { Observed } from "../result.ts";
import { describeCheck } from "./describe-check.ts";
import { getChecks } from "./get-checks.ts";
import { limitsInForce } from "./limits-in-force.ts";
import { muteOf } from "./mute-of.ts";
import { toObject } from "./to-object.ts";
import type { CheckDetail } from "./types.ts";
import { rankingOf } from "./worst-state.ts";

/** One check on one target: every object it judged, green ones too. @throws AppError NOT_FOUND */
export async function getCheck(
  stored: StoredChecks,
  asked: {
    checks: readonly Check[];
    check: string;
    target: string;
    limit: number;
    offset: number;
    now: Date;
    /** What silences hold now. */
    silences: () => Promise<OverlayFacts["silences"]>;
  },
): Promise<Observed<CheckDetail>> {
  const { target, limit, offset, now } = asked;
  const check = findCheck(asked.checks, asked.check);
  const definition = describeCheck(check);
  const [board, objects, thresholds, silences] = await Promise.all([
    getChecks(stored, { checks: [check], targets: [target], now }),
    stored.objects({ checkId: check.id, target, limit, offset }, rankingOf([check])),
    stored.thresholds([target]),
    asked.silences(),
  ]);
  const facts = { silences, checks: new Map([[check.id, check]]) };
  const [standing] = board.data.standings;
  if (!standing) throw new AppError("INTERNAL", "A check without a standing.");
  return {
    ...board,
    data: {
      check: definition,
      standing,
      objects: objects.map((object) => ({
        ...toObject(object),
        limits: limitsInForce(definition, thresholds, target, object.objectKey),
        mute: muteOf(object, facts),
      })),
      total: Object.values(standing.counts).reduce((sum, count) => sum + count, 0),
    },
  };
}

/** @throws AppError NOT_FOUND */
export function findCheck(checks: readonly Check[], id: string): Check {
  const check = checks.find((each) => each.id === id);
  if (check) return check;
  throw new AppError("NOT_FOUND", `There is no check "${id}".`, {
    hint: "`audit-db checks` and Settings → Checks list them all.",
  });
}
