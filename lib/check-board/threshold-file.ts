import { isMap, isSeq, LineCounter, parseDocument, stringify } from "yaml";
import { z } from "zod";
import type { Check } from "../check.ts";
import { AppError, toAppError } from "../errors.ts";
import { everything } from "../evaluation/limits.ts";
import type { SetThreshold } from "../evaluation/stored-checks.ts";
import { formatLimit, limitExample, parseLimit } from "../limit-text.ts";
import { assertLimits } from "./assert-limits.ts";
import { findCheck } from "./get-check.ts";
import type { ThresholdInput } from "./inputs.ts";

const entry = z.strictObject({
  target: z.string().default(everything),
  object: z.string().default(everything),
  warning: z.union([z.string(), z.number()]).optional(),
  critical: z.union([z.string(), z.number()]).optional(),
  for: z.union([z.string(), z.number()]).optional(),
  keep_firing_for: z.union([z.string(), z.number()]).optional(),
});
const names = Object.keys(entry.shape).join(", ");

/** What people set, as a file that `parseThresholds` reads back: the same limits, in the same words. */
export function formatThresholds(checks: readonly Check[], set: readonly SetThreshold[]): string {
  const order = (each: SetThreshold) =>
    JSON.stringify([each.target !== everything, each.target, each.objectKey]);
  const found = checks.flatMap((check) => {
    const own = set.filter(({ checkId }) => checkId === check.id);
    const entries = own
      .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
      .map(({ target, objectKey, limits, forSeconds, keepFiringSeconds }) => ({
        ...(target !== everything && { target }),
        ...(objectKey !== everything && { object: objectKey }),
        ...(check.thresholds && {
          warning: textOf(limits.warning, check.unit),
          critical: textOf(limits.critical, check.unit),
        }),
        ...(forSeconds != null && { for: formatLimit(forSeconds, "seconds") }),
        ...(keepFiringSeconds != null && { keep_firing_for: formatLimit(keepFiringSeconds, "seconds") }),
      }));
    return entries.length > 0 ? [[check.id, entries] as const] : [];
  });
  return stringify({ checks: Object.fromEntries(found) }, { lineWidth: 0 });
}

const textOf = (limit: number | null, unit: Check["unit"]) =>
  limit === null ? "none" : formatLimit(limit, unit);

/**
 * Reads such a file. @param file what it is called, for errors
 * @throws AppError BAD_INPUT that names the line and says what to write
 */
export function parseThresholds(text: string, file: string, checks: readonly Check[]): ThresholdInput[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (offset: number | undefined, message: string): never => {
    throw new AppError("BAD_INPUT", `${file}, line ${lines.linePos(offset ?? 0).line}: ${message}`);
  };
  const [broken] = document.errors;
  if (broken)
    refuse(
      broken.pos[0],
      `${broken.message.replace(/\.?$/, ".")} Indent with spaces, and quote what has a colon.`,
    );
  const root = document.get("checks", true);
  if (!isMap(document.contents) || !isMap(root))
    return refuse(
      0,
      "The file begins with `checks:`, and below it stands a list for each check. `audit-db checks export` writes one.",
    );
  const extra = document.contents.items.find(({ key }) => String(key) !== "checks");
  if (extra) refuse(offsetOf(extra.key), `There is nothing called "${extra.key}" here; only checks.`);
  const seen = new Set<string>();
  return root.items.flatMap(({ key, value }) => {
    const id = String(key);
    const check = checks.find((each) => each.id === id);
    if (!check)
      return refuse(offsetOf(key), `There is no check "${id}"; \`audit-db checks\` lists them all.`);
    if (!isSeq(value))
      return refuse(offsetOf(key), `Below ${id} stands a list: each of its lines begins with "- ".`);
    return value.items.map((item) => {
      const at = offsetOf(item);
      const parsed = entry.safeParse(isMap(item) ? item.toJSON() : item);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path[0];
        const where = isMap(item) ? item.items.find((pair) => String(pair.key) === field)?.key : null;
        return refuse(
          offsetOf(where) ?? at,
          `${field === undefined ? "An entry" : `"${String(field)}"`} cannot be read. An entry has ${names}.`,
        );
      }
      try {
        const threshold = toInput(findCheck(checks, id), parsed.data);
        const scope = JSON.stringify([id, threshold.target, threshold.object]);
        if (seen.has(scope))
          throw new AppError("BAD_INPUT", "The same target and object stand twice; leave one.");
        seen.add(scope);
        return threshold;
      } catch (thrown) {
        const { code, message } = toAppError(thrown);
        if (code === "INTERNAL") throw thrown;
        return refuse(at, message);
      }
    });
  });
}

const offsetOf = (node: unknown) => (node as { range?: [number] } | null | undefined)?.range?.[0];

function toInput(
  check: Check,
  { target, object, warning, critical, ...patience }: z.output<typeof entry>,
): ThresholdInput {
  const figure = (name: string, given: string | number | undefined, unit: string | null) => {
    if (given === undefined || given === "none") return null;
    const limit = parseLimit(String(given), unit);
    if (limit === null) throw new AppError("BAD_INPUT", `${name}: write ${limitExample(unit)}, or none.`);
    return limit;
  };
  const input = {
    ...{ check: check.id, target, object, unit: check.thresholds ? check.unit : null },
    warning: figure("warning", warning, check.unit),
    critical: figure("critical", critical, check.unit),
    for: figure("for", patience.for, "seconds"),
    keepFiringFor: figure("keep_firing_for", patience.keep_firing_for, "seconds"),
  };
  assertLimits(check, input);
  return input;
}
