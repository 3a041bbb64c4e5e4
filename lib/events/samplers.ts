import type { Sampler } from "../collector/types.ts";
import { getNewestEvent } from "./get-newest-event.ts";

/** How old the newest event is: what is a usual pause is learned from it. */
export const newestEventAge = "events.newestAgeSeconds";

export const eventsSamplers: Sampler[] = [
  {
    form: "totals",
    name: "events",
    everySeconds: 60,
    series: [{ name: newestEventAge, kind: "gauge", unit: "seconds" }],
    sample: async (audit) => {
      const now = new Date();
      const { data, stale } = await getNewestEvent(audit, now);
      if (stale || !data.newestAt) return { values: {} };
      return { values: { [newestEventAge]: Math.max(0, (now.getTime() - data.newestAt.getTime()) / 1_000) } };
    },
  },
];
