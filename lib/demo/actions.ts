import type { Json } from "../audit-db/append/i-json.ts";
import type { Random } from "./random.ts";

/** What the demo's people and machines do, and how such an event looks. */
export interface Action {
  name: string;
  policy: "standard" | "phi" | "minimal" | "confidential";
  classification: "PUBLIC" | "INTERNAL" | "CONFIDENTIAL" | "PHI";
  targetType: string;
  /** The target is a person. */
  person?: boolean;
  /** Share of failures, and how they end. */
  failures?: { share: number; outcomes: readonly [string, ...string[]] };
  /** Median processing time in milliseconds. */
  medianMs: number;
  details?: (random: Random) => Record<string, Json>;
}

const clients = ["web", "web", "web", "mobile", "api"] as const;
const currencies = ["EUR", "EUR", "EUR", "CHF", "GBP", "USD"] as const;
const money = (random: Random) => ({
  amountCents: Math.round(1_000 * Math.exp(random.next() * 6)),
  currency: random.pick(currencies),
});

const list = [
  {
    name: "user.login",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "session",
    failures: { share: 0.07, outcomes: ["wrong_password", "wrong_password", "mfa_failed", "account_locked"] },
    medianMs: 180,
    details: (r) => ({ client: r.pick(clients), mfa: r.chance(0.7) }),
  },
  {
    name: "user.logout",
    policy: "minimal",
    classification: "PUBLIC",
    targetType: "session",
    medianMs: 12,
  },
  {
    name: "search.performed",
    policy: "minimal",
    classification: "PUBLIC",
    targetType: "search",
    medianMs: 90,
    details: (r) => ({ results: r.int(0, 240), index: r.pick(["records", "invoices", "documents"]) }),
  },
  {
    name: "record.viewed",
    policy: "phi",
    classification: "PHI",
    targetType: "record",
    person: true,
    failures: { share: 0.015, outcomes: ["not_permitted"] },
    medianMs: 45,
    details: (r) => ({
      section: r.pick(["summary", "history", "results", "plan"]),
      purpose: r.pick(["care", "care", "billing"]),
    }),
  },
  {
    name: "record.updated",
    policy: "phi",
    classification: "PHI",
    targetType: "record",
    person: true,
    failures: { share: 0.02, outcomes: ["version_conflict", "not_permitted"] },
    medianMs: 120,
    details: (r) => ({ fields: r.int(1, 6), version: r.int(1, 40) }),
  },
  {
    name: "document.downloaded",
    policy: "confidential",
    classification: "CONFIDENTIAL",
    targetType: "document",
    medianMs: 260,
    details: (r) => ({
      sizeBytes: Math.round(8_000 * Math.exp(r.next() * 5)),
      format: r.pick(["pdf", "csv", "docx"]),
    }),
  },
  {
    name: "invoice.created",
    policy: "confidential",
    classification: "CONFIDENTIAL",
    targetType: "invoice",
    medianMs: 75,
    details: money,
  },
  {
    name: "invoice.approved",
    policy: "confidential",
    classification: "CONFIDENTIAL",
    targetType: "invoice",
    failures: { share: 0.04, outcomes: ["limit_exceeded", "four_eyes_required"] },
    medianMs: 95,
    details: money,
  },
  {
    name: "payment.released",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "payment",
    failures: { share: 0.03, outcomes: ["bank_rejected", "limit_exceeded"] },
    medianMs: 640,
    details: money,
  },
  {
    name: "consent.given",
    policy: "confidential",
    classification: "CONFIDENTIAL",
    targetType: "person",
    person: true,
    medianMs: 40,
    details: (r) => ({ purpose: r.pick(["research", "newsletter", "sharing"]), textVersion: r.int(3, 6) }),
  },
  {
    name: "consent.withdrawn",
    policy: "confidential",
    classification: "CONFIDENTIAL",
    targetType: "person",
    person: true,
    medianMs: 40,
    details: (r) => ({ purpose: r.pick(["research", "newsletter", "sharing"]) }),
  },
  {
    name: "role.granted",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "person",
    person: true,
    failures: { share: 0.05, outcomes: ["four_eyes_required"] },
    medianMs: 55,
    details: (r) => ({ role: r.pick(["clerk", "clerk", "accountant", "auditor", "administrator"]) }),
  },
  {
    name: "role.revoked",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "person",
    person: true,
    medianMs: 50,
    details: (r) => ({ role: r.pick(["clerk", "accountant", "auditor", "administrator"]) }),
  },
  {
    name: "settings.changed",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "setting",
    medianMs: 65,
    details: (r) => ({
      setting: r.pick(["session_minutes", "password_policy", "export_limit", "ip_allowlist"]),
    }),
  },
  {
    name: "api_key.rotated",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "api_key",
    medianMs: 85,
    details: (r) => ({ scopes: r.int(1, 5) }),
  },
  {
    name: "export.requested",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "export",
    medianMs: 30,
    details: (r) => ({ format: r.pick(["csv", "json", "parquet"]) }),
  },
  {
    name: "export.delivered",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "export",
    failures: { share: 0.08, outcomes: ["timed_out", "too_large"] },
    medianMs: 9_500,
    details: (r) => ({ rows: Math.round(50 * Math.exp(r.next() * 8)) }),
  },
  {
    name: "report.viewed",
    policy: "minimal",
    classification: "PUBLIC",
    targetType: "report",
    medianMs: 420,
    details: (r) => ({ report: r.pick(["daily_totals", "open_invoices", "workload"]) }),
  },
  {
    name: "integration.synced",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "integration",
    failures: { share: 0.025, outcomes: ["remote_unavailable", "schema_mismatch"] },
    medianMs: 3_800,
    details: (r) => ({
      system: r.pick(["ledger", "directory", "laboratory", "archive"]),
      items: r.int(0, 900),
    }),
  },
  {
    name: "backup.verified",
    policy: "standard",
    classification: "INTERNAL",
    targetType: "backup",
    failures: { share: 0.004, outcomes: ["checksum_mismatch"] },
    medianMs: 42_000,
    details: (r) => ({ sizeBytes: 2_000_000_000 + r.int(0, 400_000_000) }),
  },
] as const satisfies readonly Action[];

export type ActionName = (typeof list)[number]["name"];

export const actions = Object.fromEntries(list.map((action) => [action.name, action])) as Record<
  ActionName,
  Action
>;
