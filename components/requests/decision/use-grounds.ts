"use client";

import { ofConsole } from "@/components/requests/requests-input.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { RefusalGround } from "@/lib/request-law/grounds/ground.ts";
import type { RequestGrounds } from "@/lib/requests/get-request-grounds.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";

/** The law of a request: what may refuse it, and by what floors and holds keep. Undefined until it is read. */
export function useGrounds({ kind, regime }: Pick<RequestSummary, "kind" | "regime">) {
  const { data, error } = useRead("requestGrounds", {}, { ...ofConsole, polled: false });
  return { law: data && lawOf(data, { kind, regime }), all: data, error };
}

export interface RequestLaw {
  /** Grounds that may refuse this kind. */
  grounds: RefusalGround[];
  /** Of those, what may refuse the whole. */
  whole: RefusalGround[];
  /** Ids of the grounds by which a floor and a hold keep. */
  keeping: { floor: string; hold: string };
  /** What every refusal tells them too. */
  remedy: string;
}

export function lawOf(
  { refusals, keeping, remedies }: RequestGrounds,
  { kind, regime }: Pick<RequestSummary, "kind" | "regime">,
): RequestLaw {
  const grounds = refusals[regime].filter((ground) => (ground.kinds as readonly string[]).includes(kind));
  return {
    grounds,
    whole: grounds.filter(({ whole }) => whole),
    keeping: keeping[regime],
    remedy: remedies[regime],
  };
}
