import { StateBadge } from "@/components/ui/state-badge.tsx";
import type { SharedLevel } from "@/lib/answers/query-cache-types.ts";

/** The state in a word, at the panel's title. */
export function RedisState({ level: { state, reaching, processes } }: { level: SharedLevel }) {
  if (state === "up") return <StateBadge state="ok">up</StateBadge>;
  if (state === "connecting") return <StateBadge state="unknown">not asked yet</StateBadge>;
  return (
    <StateBadge state="warning">
      {state === "down" ? "away" : `away for ${processes - reaching} of ${processes} processes`}
    </StateBadge>
  );
}
