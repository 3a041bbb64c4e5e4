import { Badge } from "@/components/ui/state-badge.tsx";
import type { Matcher } from "@/lib/alerting/matcher.ts";

/** Conditions as people write them, each a chip; none means everything. */
export function MatcherChips({ target, matchers }: { target: string; matchers: readonly Matcher[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {target === "*" && <Badge tone="accent">every target</Badge>}
      {matchers.length === 0 && <Badge>everything</Badge>}
      {matchers.map((matcher) => (
        <span
          key={matcherText(matcher)}
          className="inline-flex min-h-5 items-center rounded-sm bg-inset px-1.5 font-mono text-xs break-all whitespace-normal text-muted"
        >
          {matcherText(matcher)}
        </span>
      ))}
    </span>
  );
}

export const matcherText = ({ label, is, value }: Matcher): string =>
  `${label} ${signs[is]} ${value || "nothing"}`;

const signs = { "=": "=", "!=": "≠", "~": "like", "!~": "not like" } as const;
