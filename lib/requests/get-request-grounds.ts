import type { RefusalGround } from "../request-law/grounds/ground.ts";
import { keepingGrounds, refusalGrounds } from "../request-law/grounds.ts";
import { type LawRow, lawTable } from "../request-law/law.ts";
import type { Regime } from "../request-law/regimes.ts";
import { remedies } from "../request-law/remedies.ts";

export interface RequestGrounds {
  /** What may refuse a request, by whose law sets its clock. */
  refusals: Record<Regime, readonly RefusalGround[]>;
  /** Ids of those by which a floor of retention and a legal hold keep events. */
  keeping: Record<Regime, { floor: string; hold: string }>;
  /** Article → state, clock, ground, screen. */
  law: readonly LawRow[];
  /** What every refusal tells beside its ground: where to complain, and that a court may be asked. */
  remedies: Record<Regime, string>;
}

export function getRequestGrounds(): RequestGrounds {
  return {
    refusals: refusalGrounds,
    keeping: keepingGrounds,
    law: lawTable,
    remedies: {
      eu: remedies.eu.en(null),
      uk: remedies.uk.en(null),
      california: remedies.california.en(null),
    },
  };
}
