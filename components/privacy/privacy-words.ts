import type { State } from "@/components/ui/state-badge.tsx";
import { formatDate } from "@/lib/client/format-time.ts";
import type { Erasure } from "@/lib/privacy/erasure/get-erasures.ts";
import type { LedgerRow, SubjectPolicy } from "@/lib/privacy/types.ts";

/** `?` stands for policies that the target does not know: their events wait in quarantine. */
export function policyName(policy: string): string {
  return policy === "?" ? "unknown policies" : policy;
}

export const policyStates: Record<SubjectPolicy["state"], { state: State; words: string }> = {
  open: { state: "ok", words: "readable" },
  kept: { state: "notice", words: "kept by law" },
  erasing: { state: "warning", words: "being erased" },
  erased: { state: "unknown", words: "erased" },
};

export const restrictionGrounds = [
  ["accuracy_contested", "The person contests that it is accurate (1a)"],
  ["unlawful_processing", "Processing is unlawful, and they oppose erasure (1b)"],
  ["needed_for_claims", "They need it for legal claims (1c)"],
  ["objection_pending", "They objected, and it is not decided (1d)"],
] as const;

export const exceptionGrounds = [
  ["consent", "The person consents"],
  ["legal_claims", "Establishment, exercise or defence of legal claims"],
  ["rights_of_others", "Rights of another natural or legal person"],
  ["public_interest", "Important public interest"],
] as const;

/** A ground in words; one that this version does not know stands as it is. */
export function groundWords(ground: string): string {
  const known = [...restrictionGrounds, ...exceptionGrounds].find(([name]) => name === ground);
  return known ? known[1] : ground.replaceAll("_", " ");
}

export const ledgerKinds: Record<LedgerRow["kind"], string> = {
  erasure: "Erasure",
  restriction: "Restriction",
  restriction_lifted: "Restriction lifted",
  redaction: "Redaction",
};

export const receiptStates: Record<LedgerRow["receipt"], { state: State; words: string }> = {
  delivered: { state: "ok", words: "in the log" },
  pending: { state: "notice", words: "on its way" },
  unknown: { state: "unknown", words: "unknown" },
};

const fieldNames: Record<string, string> = {
  details: "details",
  targetId: "target id",
  outcome: "outcome",
  correlationId: "correlation id",
};

/** What an entry did, in a sentence that names nobody. */
export function ledgerWords(row: LedgerRow): string {
  switch (row.kind) {
    case "erasure": {
      const policies = row.facts.policies.map(policyName).join(", ");
      return row.facts.keyId === null
        ? `Events under ${policies} closed; their key is kept for other policies`
        : `Key destroyed: events under ${policies} are unreadable`;
    }
    case "restriction":
      return `Events left every reading door: ${groundWords(row.facts.ground)}`;
    case "restriction_lifted":
      return "Events are shown again";
    case "redaction": {
      const fields = Object.keys(row.facts.fields).map((field) => fieldNames[field] ?? field);
      const people = row.facts.personal.map((who) => `${who}'s ciphertext`);
      return `Removed from one event under ${row.facts.policy}: ${[...fields, ...people].join(", ")}`;
    }
  }
}

/** The day of a moment, in UTC: "3 Dec 2026". */
export function dayOf(at: string): string {
  return formatDate(new Date(at), "utc");
}

/** What a hold covers: "events of one person, on demo"; a hold without bounds covers everything. */
export function scopeWords(
  scope: {
    targets?: string[] | undefined;
    policies?: string[] | undefined;
    organizations?: string[] | undefined;
    actions?: string[] | undefined;
    from?: string | undefined;
    to?: string | undefined;
  },
  person: boolean,
): string {
  const words = [
    ...(person ? ["of one person"] : []),
    ...(scope.targets ? [`on ${scope.targets.join(", ")}`] : []),
    ...(scope.policies ? [`under ${scope.policies.map(policyName).join(", ")}`] : []),
    ...(scope.organizations ? [`of ${scope.organizations.join(", ")}`] : []),
    ...(scope.actions ? [`with action ${scope.actions.join(", ")}`] : []),
    ...(scope.from ? [`from ${dayOf(scope.from)}`] : []),
    ...(scope.to ? [`before ${dayOf(scope.to)}`] : []),
  ];
  return words.length > 0 ? `events ${words.join(", ")}` : "every event of every target";
}

/** What an erasure waits for, in words; empty where nothing but the work itself. */
export function erasureWaits({ state, dueAt, holds, restricted, quarantined, entry }: Erasure): string {
  if (state === "destroyed") return entry === null ? "" : `entry #${entry} of the ledger`;
  if (state === "marked") return "every process to forget the key, a minute at most";
  const waits = [
    ...holds.map(({ number, name }) => `hold #${number} ${name}`),
    ...(restricted ? ["the restriction to be lifted"] : []),
    ...(quarantined ? ["events in quarantine to be replayed"] : []),
    ...(state === "kept" && dueAt !== null ? [`its floor, which ends on ${dayOf(dueAt)}`] : []),
  ];
  return waits.join(", ");
}
