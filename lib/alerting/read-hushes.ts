import type { Check } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import type { Hush } from "./hush.ts";
import { steadyAfterMs } from "./judge-flapping.ts";
import { hushOfAll } from "./overlay.ts";
import { readFiring } from "./read-firing.ts";
import { readOverlay } from "./read-overlay.ts";

/** What keeps incidents of these targets from being told now, by their ids; those that are told are left out. */
export async function readHushes(
  db: Pick<Queryable, "select">,
  { targets, checks }: { targets: readonly string[]; checks: readonly Check[] },
  now: Date,
): Promise<Map<string, Hush>> {
  const facts = await readOverlay(db, checks, now);
  if (facts.silences.length + facts.windows.length + facts.inhibitors.length === 0) return new Map();
  const firing = Map.groupBy(await readFiring(db, targets), ({ incident }) => incident.id);
  return new Map(
    [...firing].flatMap(([id, alerts]): [string, Hush][] => {
      const hush = hushOfAll(alerts, facts);
      return hush ? [[id, hush]] : [];
    }),
  );
}

/** Of an incident that flaps; what people and windows say of it comes before. */
export const flappingHush: Hush = {
  by: "flapping",
  id: null,
  words: `It comes and goes: told once, and its end once nothing changed for ${steadyAfterMs / 60_000} min.`,
  until: null,
};
