import type { AskedPlan } from "@/components/partition-plan/plan-url.ts";

/** Which rows a table that is attached holds, as a person types it. */
export interface TypedPlace {
  how: "learned" | "range" | "list";
  from: string;
  to: string;
  /** One a line. */
  values: string;
}

export const learnedPlace: TypedPlace = { how: "learned", from: "", to: "", values: "" };

/** As a request has it; null while something is missing. A value keeps its spaces: in a text they count. */
export function placeOf({
  how,
  from,
  to,
  values,
}: TypedPlace): Pick<Extract<AskedPlan, { verb: "attach" }>, "bounds" | "values"> | null {
  if (how === "learned") return {};
  if (how === "range") {
    const bounds = { from: from.trim(), to: to.trim() };
    return bounds.from && bounds.to ? { bounds } : null;
  }
  const listed = values.split(/\r?\n/).filter((value) => value.trim() !== "");
  return listed.length > 0 ? { values: listed } : null;
}
