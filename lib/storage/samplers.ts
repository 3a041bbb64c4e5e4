import type { Sampler } from "../collector/types.ts";
import { getDatabaseSize } from "./get-database-size.ts";

/** Last known figures are no sample of this moment. */
const noValues: { values: Record<string, number | null> } = { values: {} };

export const storageSamplers: Sampler[] = [
  {
    form: "totals",
    name: "storage",
    everySeconds: 600,
    series: [
      { name: "storage.databaseBytes", kind: "gauge", unit: "bytes" },
      { name: "storage.walBytes", kind: "gauge", unit: "bytes" },
    ],
    sample: async (audit) => {
      const { data, stale } = await getDatabaseSize(audit);
      if (stale) return noValues;
      return {
        values: { "storage.databaseBytes": data.databaseBytes, "storage.walBytes": data.walBytes },
      };
    },
  },
];
