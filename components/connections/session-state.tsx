import { seriesColour } from "@/components/charts/series-colour.ts";
import type { ServerSession } from "@/lib/connections/types.ts";

/** A session's state with the colour it has in every chart. */
export function SessionState({ session }: { session: Pick<ServerSession, "state" | "waitEventType"> }) {
  const { state, waitEventType } = session;
  if (!state) return <span className="text-faint">–</span>;
  const blocked = state === "active" && waitEventType === "Lock";
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span
        aria-hidden
        className="size-2 rounded-full"
        style={{ background: seriesColour(blocked ? "blocked" : state) }}
      />
      {blocked ? "waits for a lock" : state}
    </span>
  );
}
