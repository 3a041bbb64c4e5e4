import { checks } from "../checks.ts";
import { type EvaluationContext, evaluateNow } from "../evaluation/evaluate-now.ts";
import { tellFindings } from "../evaluation/tell-findings.ts";
import type { RangeInput } from "../read.ts";
import type { Observed } from "../result.ts";
import { getTiles } from "./get-tiles.ts";
import { judge } from "./judge.ts";
import { judgeTiles } from "./judge-tiles.ts";
import type { Overview } from "./types.ts";

/** How a target is, in words and figures. Answers while it is down, too: that is what it then says. */
export async function getOverview(
  context: EvaluationContext,
  range: RangeInput,
): Promise<Observed<Overview>> {
  const { audit, now } = context;
  const [{ tiles, collected }, standings] = await Promise.all([
    getTiles(context, range),
    evaluateNow(context, checks),
  ]);
  // After the reads: the first of them may be what notices an outage.
  const status = audit.status();
  const findings = tellFindings(standings, status.state === "down");
  const observed = tiles.flatMap((tile) => tile.observedAt?.getTime() ?? []);
  return {
    data: {
      status,
      verdict: judge(findings, standings.length),
      findings,
      checked: [...new Set(standings.map(({ check }) => topicOf(check.id)))],
      tiles: judgeTiles(tiles, standings),
      collectingSince: collected.since,
    },
    observedAt: observed.length > 0 ? new Date(Math.max(...observed)) : now,
    source: "the checks and figures of every page",
    countsSince: collected.since,
    ...(status.state === "down" && {
      stale: { since: status.since, reason: status.reason ?? "it does not answer" },
    }),
  };
}

const topicOf = (checkId: string) => checkId.slice(0, checkId.indexOf("."));
