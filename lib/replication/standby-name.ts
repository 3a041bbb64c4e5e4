import type { ObjectLabel } from "../collector/types.ts";

/** Name of the object sampler that records standbys, by the key of the topology. */
export const standbySampler = "standbys";

/** What a standby was called when it was first recorded; null when nothing was told. */
export function nameOfLabel(label: ObjectLabel | undefined): string | null {
  const told = label?.label as { name?: unknown } | null | undefined;
  return typeof told?.name === "string" ? told.name : null;
}
