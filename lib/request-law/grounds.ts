import { californiaGrounds } from "./grounds/california.ts";
import { euGrounds } from "./grounds/eu.ts";
import type { LetterLanguage, RefusalGround } from "./grounds/ground.ts";
import { ukGrounds } from "./grounds/uk.ts";
import type { RequestKind } from "./kinds.ts";
import type { Regime } from "./regimes.ts";
import { remedies } from "./remedies.ts";

export const refusalGrounds: Record<Regime, readonly RefusalGround[]> = {
  eu: euGrounds,
  uk: ukGrounds,
  california: californiaGrounds,
};

/** What may refuse a request of this kind; `whole`: all of it, before anything was counted. */
export function groundsFor(regime: Regime, kind: RequestKind, whole?: true): RefusalGround[] {
  return refusalGrounds[regime].filter(
    (ground) => (ground.kinds as readonly string[]).includes(kind) && (!whole || ground.whole),
  );
}

export function findGround(regime: Regime, id: string): RefusalGround | undefined {
  return refusalGrounds[regime].find((ground) => ground.id === id);
}

/**
 * A refusal as the person is told it: the ground, to whom they may complain, and that a court may be asked.
 * @param authority name and address of the supervisory authority, where the controller has said it
 */
export function tellRefusal(
  regime: Regime,
  ground: RefusalGround,
  language: LetterLanguage,
  authority: string | null = null,
): string {
  return `${ground.words[language]} ${remedies[regime][language](authority)}`;
}

/** By what a floor of retention, and a legal hold, keep events: what a scope offers as ground by itself. */
export const keepingGrounds: Record<Regime, { floor: string; hold: string }> = {
  eu: { floor: "eu_17_3_b", hold: "eu_17_3_e" },
  uk: { floor: "uk_17_3_b", hold: "uk_17_3_e" },
  california: { floor: "ca_obligation", hold: "ca_claims" },
};
