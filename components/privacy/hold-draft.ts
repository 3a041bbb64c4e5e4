import type { AdminInput } from "@/lib/admin.ts";

/** A hold as it is typed: lists with commas, days as `YYYY-MM-DD` in UTC, `*` for every target. */
export interface HoldDraft {
  name: string;
  reason: string;
  person: string;
  target: string;
  organizations: string;
  actions: string;
  policies: string;
  from: string;
  to: string;
}

export const emptyHold: HoldDraft = {
  ...{ name: "", reason: "", person: "", target: "*" },
  ...{ organizations: "", actions: "", policies: "", from: "", to: "" },
};

/** What the server is asked for; null while the case, the reason or sense is missing. */
export function holdOf(draft: HoldDraft): AdminInput<"placeHold"> | null {
  const name = draft.name.trim();
  const reason = draft.reason.trim();
  const person = draft.person.trim();
  if (!name || !reason) return null;
  if (draft.from && draft.to && draft.from >= draft.to) return null;
  return {
    name,
    reason,
    ...(person && { person }),
    scope: {
      ...(draft.target !== "*" && { targets: [draft.target] }),
      ...listed("organizations", draft.organizations),
      ...listed("actions", draft.actions),
      ...listed("policies", draft.policies),
      ...(draft.from && { from: `${draft.from}T00:00:00Z` }),
      ...(draft.to && { to: `${draft.to}T00:00:00Z` }),
    },
  };
}

function listed<Name extends string>(name: Name, text: string): { [key in Name]?: string[] } {
  const items = text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
  return items.length > 0 ? ({ [name]: items } as { [key in Name]: string[] }) : {};
}
