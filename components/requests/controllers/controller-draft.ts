import type { AdminInput } from "@/lib/admin.ts";
import type { Controller } from "@/lib/requests/controller.ts";
import type { ControllerRow } from "@/lib/requests/controllers/get-controllers.ts";

export const textNames = [
  "name",
  "address",
  "contact",
  "dpoContact",
  "country",
  "region",
  "timeZone",
  "authority",
  "courtWording",
  "recipients",
  "sources",
  "transfers",
  "automatedDecisions",
] as const;
export type TextName = (typeof textNames)[number];
export type LegalBasis = Controller["policies"][string]["basis"];

/** What the controller says of one policy, as it is typed: purposes with lines between. */
export interface PolicyDraft {
  key: number;
  policy: string;
  basis: LegalBasis;
  purposes: string;
  floorLaw: string;
  retentionWords: string;
}

/** A controller as it is typed: lists have lines between, what is empty is not said. */
export type ControllerDraft = Record<TextName, string> & {
  language: Controller["language"];
  policies: PolicyDraft[];
};

/** As it is set; what stands in for nobody's begins empty, so that nobody saves it by mistake. */
export function draftOfController({
  controller,
  version,
}: Pick<ControllerRow, "controller" | "version">): ControllerDraft {
  if (version === 0) {
    const empty = Object.fromEntries(textNames.map((name) => [name, ""])) as Record<TextName, string>;
    return { ...empty, timeZone: "Europe/Berlin", language: "en", policies: [] };
  }
  const text = (value: string | string[] | null) => (Array.isArray(value) ? value.join("\n") : (value ?? ""));
  return {
    ...(Object.fromEntries(textNames.map((name) => [name, text(controller[name])])) as Record<
      TextName,
      string
    >),
    language: controller.language,
    policies: Object.entries(controller.policies).map(([policy, facts], key) => ({
      ...{ key, policy, basis: facts.basis, retentionWords: facts.retentionWords },
      purposes: facts.purposes.join("\n"),
      floorLaw: facts.floorLaw ?? "",
    })),
  };
}

export function controllerOf(draft: ControllerDraft): AdminInput<"setController">["controller"] {
  const lines = (text: string) =>
    text
      .split("\n")
      .map((each) => each.trim())
      .filter(Boolean);
  const open = (text: string) => text.trim() || null;
  return {
    name: draft.name.trim(),
    address: draft.address.trim(),
    contact: draft.contact.trim(),
    dpoContact: open(draft.dpoContact),
    country: draft.country.trim().toUpperCase(),
    region: open(draft.region),
    timeZone: draft.timeZone.trim(),
    language: draft.language,
    authority: draft.authority.trim(),
    courtWording: draft.courtWording.trim(),
    recipients: lines(draft.recipients),
    sources: lines(draft.sources),
    transfers: lines(draft.transfers),
    automatedDecisions: open(draft.automatedDecisions),
    policies: Object.fromEntries(
      draft.policies.filter(isWritten).map(({ policy, basis, purposes, floorLaw, retentionWords }) => [
        policy.trim(),
        {
          basis,
          purposes: lines(purposes),
          floorLaw: open(floorLaw),
          retentionWords: retentionWords.trim(),
        },
      ]),
    ),
  };
}

/** One that somebody wrote in: without its name it is refused, not left out. */
const isWritten = ({ policy, purposes, floorLaw, retentionWords }: PolicyDraft): boolean =>
  [policy, purposes, floorLaw, retentionWords].some((text) => text.trim() !== "");

/** Where what is said of a policy stands in the input. */
export const policyPath = (policy: string) => `controller.policies.${policy.trim()}`;

/** Policies that are described twice, of which only one would be kept: path → what is wrong. Null: none is. */
export function repeatedPolicies(policies: readonly PolicyDraft[]): Record<string, string> | null {
  const names = policies.filter(isWritten).map(({ policy }) => policy.trim());
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  return twice.length === 0
    ? null
    : Object.fromEntries(twice.map((name) => [policyPath(name), "is described twice"]));
}
