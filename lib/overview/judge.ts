import type { Finding } from "../evaluation/finding.ts";
import { reachable } from "../targets/check-reachable.ts";
import { counted } from "../words.ts";
import type { Verdict } from "./types.ts";

/**
 * The state of a target in words: its outage, else its worst finding, else that nothing was found. Checks
 * that could not run, or still learn, keep it from being OK.
 * @param findings worst first, checks that could not run last
 * @param checks how many were asked
 */
export function judge(findings: readonly Finding[], checks: number): Verdict {
  const outage = findings.find(({ check }) => check === reachable.id);
  if (outage) return tell(outage, outage.unavailable ? "unknown" : "down");
  const [worst] = findings;
  const found = findings.filter((finding) => !finding.unavailable);
  const unjudged = findings.filter((finding) => finding.unavailable);
  const learning = unjudged.filter(({ unavailable }) => unavailable?.until).length;
  const blind = unjudged.length - learning;
  if (worst && !worst.unavailable) {
    const others = found.length - 1;
    const more = others > 0 ? ` ${counted(others, "more finding")} below.` : "";
    return { ...tell(worst, worst.severity), detail: `${worst.detail}${more}` };
  }
  if (unjudged.length > 0)
    return {
      state: "unknown",
      title:
        blind > 0
          ? `Nothing bad was found, but ${counted(blind, "check")} could not run.`
          : `Nothing bad was found; ${counted(learning, "check")} ${learning === 1 ? "is" : "are"} still learning.`,
      detail: `${worst?.title ?? ""} ${worst?.detail ?? ""}`.trim(),
      since: null,
      finding: null,
    };
  return {
    state: "ok",
    title: "All is well.",
    detail: `${counted(checks, "check")} ran; nothing needs a person.`,
    since: null,
    finding: null,
  };
}

function tell({ key, title, detail, since }: Finding, state: Verdict["state"]): Verdict {
  return { state, title, detail, since: since ?? null, finding: key };
}
