import type { CheckUnit, Limits } from "../../check.ts";
import type { CheckBoard, CheckDetail, CheckStanding, LimitsInForce } from "../../check-board/types.ts";
import { checks } from "../../checks.ts";
import { formatLimit } from "../../limit-text.ts";
import { durationInWords } from "../../words.ts";
import { bytesText, oneLine, timeText } from "../output/format.ts";
import { tellPage } from "../output/list-page.ts";
import type { Output } from "../output/output.ts";

const titleWidth = 70;

export function printChecks(out: Output, board: CheckBoard): void {
  const known = new Map(board.checks.map((check) => [check.id, check]));
  if (board.standings.length === 0) {
    out.line("No check stands so.");
    return;
  }
  out.table(
    ["state", "target", "check", "value", "limits", "evaluated", ""],
    board.standings.map((standing) => {
      const unit = known.get(standing.check)?.unit ?? null;
      return [
        stateText(out, standing),
        standing.target,
        standing.check,
        figureText(standing.worst?.value ?? null, unit),
        limitsText(standing.check, standing.limits) + (standing.limits?.setBy ? " (set)" : ""),
        timeText(standing.evaluatedAt),
        standing.state === "ok" ? "" : oneLine(wordsOf(standing), titleWidth),
      ];
    }),
  );
}

export function printCheck(
  out: Output,
  { check, standing, objects, total }: CheckDetail,
  offset: number,
): void {
  out.line(`${check.title} (${check.id}) on ${standing.target}: ${stateText(out, standing)}`);
  const asOf = standing.observedAt ? `, as of ${timeText(standing.observedAt)}` : "";
  out.line(`Evaluated: ${timeText(standing.evaluatedAt)}${asOf}`);
  if (standing.state !== "ok") out.line(wordsOf(standing));
  out.line(`\nWhat to do: ${check.runbook}`);
  out.line(`Needs: ${check.needs}`);
  if (standing.limits && check.limits)
    out.line(`Limits: ${limitsText(check.id, standing.limits)} (${sourceText(standing.limits)})`);
  const enable = objects.find(({ unavailable }) => unavailable?.enable)?.unavailable?.enable;
  if (enable) out.line(`To enable it: ${enable}`);
  out.line();
  if (total === 0) {
    out.line("There is no object that it judges.");
    return;
  }
  if (objects.length > 0)
    out.table(
      ["state", "object", "value", "limits", "since", "key"],
      objects.map((object) => [
        object.state + (object.confirmed ? "" : " (not confirmed)"),
        object.name,
        figureText(object.value, check.unit),
        limitsText(check.id, object.limits),
        timeText(object.since),
        object.key,
      ]),
    );
  tellPage(out, { offset, shown: objects.length, total });
}

/** ">= 5 min / 15 min": where warning and critical begin. */
export function limitsText(id: string, limits: Limits | null): string {
  const check = checks.find((each) => each.id === id);
  if (!limits || !check?.thresholds) return "–";
  const text = (limit: number | null) => (limit === null ? "none" : formatLimit(limit, check.unit));
  return `${check.thresholds.direction === "falling" ? "<" : ">="} ${text(limits.warning)} / ${text(limits.critical)}`;
}

function stateText({ colors }: Output, { state, freshness }: CheckStanding): string {
  const paint = { ok: colors.green, warning: colors.yellow, critical: colors.red } as const;
  const words = state.replace("_", " ");
  const text = state in paint ? paint[state as keyof typeof paint](words) : words;
  return freshness === "old" ? `${text} (old)` : text;
}

function wordsOf({ error, freshness, worst }: CheckStanding): string {
  if (error) return error.message;
  if (freshness === "never") return "Not evaluated yet.";
  return worst?.title ?? "";
}

function sourceText({ setBy }: LimitsInForce): string {
  if (!setBy) return "the console's own";
  return `set by ${setBy.name} for ${setBy.target === "*" ? "every target" : setBy.target}, ${timeText(setBy.at)}`;
}

export function figureText(value: number | null, unit: CheckUnit | null): string {
  if (value === null) return "–";
  if (unit === "seconds") return durationInWords(value);
  if (unit === "bytes") return bytesText(value);
  return formatLimit(Number(value.toPrecision(3)), unit);
}
