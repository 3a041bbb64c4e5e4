import { worstFirst } from "../finding.ts";
import type { RangeInput, ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";
import { checkedTopics, getFindings } from "./get-findings.ts";
import { getTiles } from "./get-tiles.ts";
import { judge } from "./judge.ts";
import { judgeCollector } from "./judge-collector.ts";
import { judgeTiles } from "./judge-tiles.ts";
import type { Overview } from "./types.ts";

/** How a target is, in words and figures. Answers while it is down, too: that is what it then says. */
export async function getOverview(
  context: Pick<ReadContext, "audit" | "history" | "instances" | "now">,
  range: RangeInput,
): Promise<Observed<Overview>> {
  const { audit, now } = context;
  const [{ tiles, collected }, found] = await Promise.all([getTiles(context, range), getFindings(context)]);
  // After the reads: the first of them may be what notices an outage.
  const status = audit.status();
  const findings = worstFirst([...found, ...judgeCollector(status, collected, now)]);
  const observed = tiles.flatMap((tile) => tile.observedAt?.getTime() ?? []);
  return {
    data: {
      status,
      verdict: judge(status, findings, now),
      findings,
      checked: [...checkedTopics, "collector"],
      tiles: judgeTiles(tiles, findings),
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
