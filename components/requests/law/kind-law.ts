import { type RequestKind, requestKinds } from "@/lib/request-law/kinds.ts";
import type { Regime } from "@/lib/request-law/regimes.ts";

/** California knows no portability apart from access. */
const californian: Record<RequestKind, string> = {
  access: "§ 1798.110",
  portability: "§ 1798.110",
  erasure: "§ 1798.105",
};

/** What a kind of request rests on, by the law that applies to it: "Art. 15", "§ 1798.105". */
export function kindLaw(kind: RequestKind, regime: Regime): string {
  return regime === "california" ? californian[kind] : `Art. ${requestKinds[kind].article}`;
}
