import { reachOf } from "../alerting/could-match.ts";
import type { Matcher } from "../alerting/matcher.ts";
import { meansAlert } from "../alerting/overlay.ts";
import { readFiring } from "../alerting/read-firing.ts";
import type { Check } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import { hushingOf } from "./hushing.ts";
import type { SilencePreview } from "./types.ts";

/** What a silence or window with these matchers would keep from being told if it held now. */
export async function previewSilence(
  db: Pick<Queryable, "select">,
  checks: readonly Check[],
  asked: { target: string; matchers: readonly Matcher[] },
  { targets, allTargets }: { targets: readonly string[]; allTargets: readonly string[] },
): Promise<SilencePreview> {
  const traits = new Map(checks.map((check) => [check.id, check]));
  const firing = await readFiring(db, targets);
  const meant = firing.filter((alert) => meansAlert({ ...asked, guarded: true }, alert, traits));
  const isGuarded = (id: string) => traits.get(id)?.guarded === true;
  const reach = reachOf(asked, { checks, targets: allTargets });
  return {
    hushes: hushingOf(meant.filter(({ labels }) => !isGuarded(labels.check))),
    leftOut: hushingOf(meant.filter(({ labels }) => isGuarded(labels.check))),
    guardedChecks: checks
      .filter(({ id }) => isGuarded(id) && reach.checks.includes(id))
      .map(({ title }) => title),
    checks: { reached: reach.checks.length, all: checks.length },
    everything: reach.everything,
  };
}
