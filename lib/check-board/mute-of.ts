import { labelsOf } from "../alerting/labels.ts";
import { hushOf, type OverlayFacts } from "../alerting/overlay.ts";
import type { StoredState } from "../evaluation/read-states.ts";
import type { Mute } from "./types.ts";

/** By which labels an object is silenced by itself, and whether a silence holds for it now. */
export function muteOf(
  { target, checkId, object, objectKey, state }: StoredState,
  facts: Pick<OverlayFacts, "silences" | "checks">,
): Mute {
  const severity = state === "critical" || state === "notice" ? state : "warning";
  const labels = labelsOf({ target, checkId, severity, object });
  const hush = hushOf({ objectKey, labels, severity }, { ...facts, windows: [], inhibitors: [] });
  const { check, kind, object: called, database } = labels;
  return {
    labels: { check, kind, object: called, database },
    silenced: hush?.id ? { id: hush.id, until: hush.until } : null,
  };
}
