import type { SeriesHistory } from "../collector/types.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { recallTopology } from "./recall-topology.ts";
import { nameOfLabel, standbySampler } from "./standby-name.ts";

type Context = Pick<ReadContext, "audit" | "history" | "now">;

const maxStandbys = 12;
const points = 300;
const source = "samples of pg_stat_replication";

export interface StandbyLag {
  standbys: { key: string; name: string }[];
  /** Series by key: seconds until replay. */
  history: SeriesHistory;
}

/** How far each standby was behind, over time: those of now, and those that were seen last in the range. */
export async function getStandbyLag(context: Context, range: RangeInput): Promise<Observed<StandbyLag>> {
  const { audit, history, now } = context;
  const span = resolveRange(range, now);
  const [{ data: servers }, past] = await Promise.all([
    recallTopology(context).catch(() => ({ data: [] })),
    history.topObjects(audit.target, standbySampler, span, { orderBy: "lagBytes", limit: maxStandbys }),
  ]);
  const present = servers.filter(({ role }) => role === "standby").map(({ key, name }) => ({ key, name }));
  const goneKeys = past.objects
    .map(({ key }) => key)
    .filter((key) => !present.some((each) => each.key === key));
  const labels = await history.labels(audit.target, standbySampler, goneKeys);
  const gone = goneKeys.map((key) => ({ key, name: nameOfLabel(labels[key]) ?? key }));
  const standbys = [...present, ...gone].slice(0, maxStandbys);
  const each = await Promise.all(
    standbys.map(({ key }) =>
      history.object(audit.target, standbySampler, key, ["lagSeconds"], span, points),
    ),
  );
  return {
    data: {
      standbys,
      history: {
        series: Object.fromEntries(
          standbys.map(({ key }, index) => [key, each[index]?.series.lagSeconds ?? []]),
        ),
        units: Object.fromEntries(standbys.map(({ key }) => [key, "seconds" as const])),
        stepSeconds: each[0]?.stepSeconds ?? 10,
        collectingSince: past.collectingSince,
        observedAt: past.observedAt,
      },
    },
    observedAt: past.observedAt ?? now,
    source,
    countsSince: past.collectingSince,
  };
}

/** One standby's WAL at each stage of its way over time, in bytes and in seconds. */
export async function getStandbyStages(
  { audit, history, now }: Context,
  standby: string,
  range: RangeInput,
): Promise<Observed<SeriesHistory>> {
  const metrics = [
    ...["sentLagBytes", "writtenLagBytes", "flushedLagBytes", "lagBytes"],
    ...["writtenLagSeconds", "flushedLagSeconds", "lagSeconds"],
  ];
  const data = await history.object(
    audit.target,
    standbySampler,
    standby,
    metrics,
    resolveRange(range, now),
    points,
  );
  return { data, observedAt: data.observedAt ?? now, source, countsSince: data.collectingSince };
}
