import type { HushOf } from "../channels/read-levels.ts";
import { type CheckAnswer, defineCheck, type LimitsFor, stateAt } from "../check.ts";

export interface Parcel {
  name: string;
  kg: number;
}

/** Judges every row of `public.parcel (name, kg)` of the target by its weight: what tests make bad and fine. */
export const parcelCheck = defineCheck({
  id: "test.parcel",
  title: "Heavy parcel",
  unit: "count",
  path: "overview",
  runbook: "Carry it together.",
  needs: "Nothing.",
  thresholds: { warning: 5, critical: 9, direction: "rising" },
  async evaluate({ audit }, limitsFor) {
    const parcels = await audit.use(
      "watch",
      "test.parcels",
      (sql) => sql<Parcel[]>`select * from public.parcel order by name`,
    );
    return judgeParcels(parcels, limitsFor);
  },
});

export function judgeParcels(parcels: readonly Parcel[], limitsFor: LimitsFor): CheckAnswer {
  const objects = parcels.map(({ name, kg }) => {
    const object = { kind: "database", name } as const;
    const threshold = limitsFor(object);
    const words = { title: `${name} weighs ${kg}.`, detail: "Carry it together." };
    return { object, state: stateAt(kg, threshold), value: kg, threshold, since: null, words };
  });
  return { objects, complete: true };
}

/** What tells of it: nothing is hushed. */
export const parcelTelling = {
  titleOf: () => parcelCheck.title,
  hushes: async (): Promise<HushOf> => () => false,
  baseUrl: undefined,
};
