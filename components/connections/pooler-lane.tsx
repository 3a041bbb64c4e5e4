import { CopyButton } from "@/components/ui/copy-button.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { SeriesHistory } from "@/lib/collector/types.ts";
import type { PoolerPool } from "@/lib/connections/read-pooler.ts";
import { isKnown, newest, poolerParts } from "./lane-series.ts";
import type { Lane } from "./pool-lanes.tsx";

/** PgBouncer between application and server; what is missing when there is none to show. */
export function poolerLane(read: ReadState<SeriesHistory>, pools: readonly PoolerPool[] | undefined): Lane {
  const { observed } = read;
  const known = observed && !observed.unavailable && isKnown(observed.data, "pooler.active");
  const lane = {
    key: "pooler",
    title: "Pooler",
    parts: poolerParts,
    capacityLabel: "server connections of all pools",
  };
  if (!known)
    return {
      ...lane,
      now: <p className="text-sm text-muted">{observed?.unavailable ? "not configured" : "no figures"}</p>,
      history: null,
      capacity: null,
      absent: <Absent read={read} />,
    };
  const { data } = observed;
  return {
    ...lane,
    now: <Now pools={pools} />,
    history: data,
    capacity: newest(data, "pooler.max"),
  };
}

function Now({ pools }: { pools: readonly PoolerPool[] | undefined }) {
  if (!pools) return <p className="h-9" />;
  const sum = (figure: "clientsActive" | "clientsWaiting") =>
    pools.reduce((all, pool) => all + pool[figure], 0);
  const [waiting, longest] = [
    sum("clientsWaiting"),
    Math.max(0, ...pools.map((pool) => pool.maxWaitSeconds)),
  ];
  return (
    <p className="text-sm text-muted">
      <strong className="text-base font-semibold text-ink">{sum("clientsActive")}</strong> clients served
      <br />
      {waiting > 0 ? (
        <strong className="font-semibold text-(--series-6)">
          {waiting} waiting{longest > 0 && `, up to ${formatSeconds(longest)}`}
        </strong>
      ) : (
        "none waiting"
      )}
    </p>
  );
}

function Absent({ read: { observed, error } }: { read: ReadState<SeriesHistory> }) {
  const missing = observed?.unavailable;
  if (missing)
    return (
      <div className="grid justify-items-center gap-0.5">
        <p>{missing.reason} To see what waits in PgBouncer, name its admin console:</p>
        <p className="flex items-center gap-1">
          <code className="min-w-0 font-mono text-xs break-all">{missing.enable}</code>
          {missing.enable && <CopyButton text={missing.enable} label="Copy the setting" />}
        </p>
      </div>
    );
  if (error) return <p>{error.message}</p>;
  if (!observed) return <p>Reading the pooler …</p>;
  return (
    <p>
      AUDIT_POOLER_URL is set, but its admin console gave no figures in this range. Check that it names the
      database pgbouncer and a user in stats_users; the worker's log says what it answered.
    </p>
  );
}
