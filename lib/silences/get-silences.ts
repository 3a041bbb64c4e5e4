import { and, desc, eq, gt, inArray, isNotNull, isNull, lte, or } from "drizzle-orm";
import { meansAlert } from "../alerting/overlay.ts";
import { type FiringAlert, readFiring } from "../alerting/read-firing.ts";
import {
  endOf,
  matchersOf,
  type SilencedIncident,
  type SilenceRow,
  type SilenceState,
  silenceState,
  silenceStates,
} from "../alerting/silence-state.ts";
import type { Check } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { hushesNothing, hushingOf } from "./hushing.ts";
import type { SilenceLine, Silences } from "./types.ts";

const { incident, silence } = schema;

/** Of expired ones, so many of the newest are looked at. */
const mostExpired = 500;

export interface SilencesAsked {
  /** Those that the reader may see; silences of every target are shown to everybody. */
  targets: readonly string[];
  state?: SilenceState | undefined;
  limit: number;
}

type Row = {
  silence: SilenceRow;
  incident: (SilencedIncident & { id: string; number: number; target: string }) | null;
};

/** Silences of these targets and of all: active first, then pending, then what ended last. */
export async function getSilences(
  db: Pick<Queryable, "select">,
  checks: readonly Check[],
  { targets, state, limit }: SilencesAsked,
  now: Date,
): Promise<Silences> {
  const over = or(isNotNull(silence.endedAt), lte(silence.endsAt, now));
  const [open, ended, firing] = await Promise.all([
    select(
      db,
      targets,
      or(
        and(isNull(silence.endedAt), gt(silence.endsAt, now)),
        and(isNull(silence.endedAt), isNull(silence.endsAt)),
      ),
    ),
    select(db, targets, over).limit(mostExpired),
    readFiring(db, targets),
  ]);
  const traits = new Map(checks.map((check) => [check.id, check]));
  const lines = [...open, ...ended].map((row) => lineOf(row, { firing, traits, targets }, now));
  const byState = Map.groupBy(lines, (line) => line.state);
  const counts = Object.fromEntries(silenceStates.map((each) => [each, byState.get(each)?.length ?? 0]));
  return {
    silences: silenceStates
      .filter((each) => state === undefined || each === state)
      .flatMap((each) => inOrder(each, byState.get(each) ?? []))
      .slice(0, limit),
    counts: counts as Silences["counts"],
  };
}

function select(db: Pick<Queryable, "select">, targets: readonly string[], where: ReturnType<typeof or>) {
  return db
    .select({ silence, incident })
    .from(silence)
    .leftJoin(incident, eq(incident.id, silence.incidentId))
    .where(and(inArray(silence.target, ["*", ...targets]), where))
    .orderBy(desc(silence.id));
}

function lineOf(
  { silence: row, incident: of }: Row,
  at: { firing: readonly FiringAlert[]; traits: ReadonlyMap<string, Check>; targets: readonly string[] },
  now: Date,
): SilenceLine {
  const { id, target, reason, guarded, startsAt, createdAt, createdByName: by, endedByName: endedBy } = row;
  const matchers = matchersOf(row);
  const state = silenceState(row, of, now);
  const meant = at.firing.filter((alert) => meansAlert({ target, matchers, guarded }, alert, at.traits));
  return {
    ...{ id, target, matchers, reason, guarded, state, startsAt, by, createdAt, endedBy },
    endsAt: state === "expired" ? (endOf(row, of) ?? row.createdAt) : row.endsAt,
    incident: of && at.targets.includes(of.target) ? { id: of.id, number: of.number } : null,
    hushes: state === "active" ? hushingOf(meant, 5) : hushesNothing,
  };
}

/** What ends next first; of what is over, what ended last. */
function inOrder(state: SilenceState, lines: readonly SilenceLine[]): SilenceLine[] {
  const end = ({ endsAt }: SilenceLine) => endsAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
  if (state === "pending") return lines.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  return lines.toSorted((a, b) => (state === "active" ? end(a) - end(b) : end(b) - end(a)));
}
