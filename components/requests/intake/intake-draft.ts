import type { AdminInput } from "@/lib/admin.ts";
import type { TimeZone } from "@/lib/client/format-time.ts";
import { fromInputValue } from "@/lib/client/input-time.ts";
import type { RequestKind } from "@/lib/request-law/kinds.ts";
import type { Regime } from "@/lib/request-law/regimes.ts";
import type { IdentifierKind } from "./identifier-names.ts";

/** A request while it is written. Empty texts say nothing; lists have commas between. */
export interface IntakeDraft {
  kind: RequestKind;
  identifiers: { key: number; kind: IdentifierKind; value: string }[];
  name: string;
  contact: string;
  letter: string;
  /** `auto`: by the controller's country. */
  regime: Regime | "auto";
  targets: string[];
  organizations: string;
  /** Of an input `datetime-local`; empty: now. */
  receivedAt: string;
  /** `auto`: the controller's. */
  language: "auto" | "en" | "de";
  reference: string;
}

export const emptyIntake: IntakeDraft = {
  kind: "access",
  identifiers: [{ key: 0, kind: "id", value: "" }],
  ...{ name: "", contact: "", letter: "", regime: "auto", targets: [] },
  ...{ organizations: "", receivedAt: "", language: "auto", reference: "" },
};

/** What the server is asked for; null while there is no identifier, or a time that is none. */
export function intakeOf(draft: IntakeDraft, zone: TimeZone): AdminInput<"openRequest"> | null {
  const identifiers = draft.identifiers
    .map(({ kind, value }) => ({ kind, value: value.trim() }))
    .filter(({ value }) => value !== "");
  if (identifiers.length === 0) return null;
  const receivedAt = draft.receivedAt === "" ? undefined : fromInputValue(draft.receivedAt, zone);
  if (receivedAt === null) return null;
  const text = (name: "name" | "contact" | "letter") => draft[name].trim() || null;
  const organizations = draft.organizations
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
  return {
    kind: draft.kind,
    person: { identifiers, name: text("name"), contact: text("contact"), letter: text("letter") },
    ...(draft.regime !== "auto" && { regime: draft.regime }),
    ...(draft.targets.length > 0 && { targets: draft.targets }),
    ...(organizations.length > 0 && { organizations }),
    ...(receivedAt && { receivedAt: receivedAt.toISOString() }),
    ...(draft.language !== "auto" && { language: draft.language }),
    ...(draft.reference.trim() && { reference: draft.reference.trim() }),
  };
}
