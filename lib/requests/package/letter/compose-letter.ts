import type { RequestKind } from "../../../request-law/kinds.ts";
import type { Controller } from "../../controller.ts";
import type { PageHead } from "../parts.ts";
import { fill, type LetterTexts, letterTexts } from "./letter-texts.ts";

/** A part of the decision that the person does not get. */
export interface RefusedPart {
  target: string;
  policy: string;
  /** In words of the letter's language; null: its basis is none of those that portability is for. */
  ground: string | null;
}

/** What the target's own row says of a policy, where the controller said nothing. */
export interface StoredPolicy {
  name: string;
  legalBasis: string;
  floorDays: number;
  ceilingDays: number | null;
}

export interface LetterFacts {
  kind: Extract<RequestKind, "access" | "portability">;
  language: string;
  number: number;
  receivedAt: Date;
  writtenAt: Date;
  timeZone: string;
  person: { name: string | null; contact: string | null };
  controller: Controller;
  found: Pick<PageHead, "events" | "counts" | "fields">;
  refused: readonly RefusedPart[];
  policies: readonly StoredPolicy[];
  /** Events in which others are shown. */
  revealed: number;
}

export interface LetterSection {
  heading: string;
  paragraphs: string[];
  items?: string[];
  /** `shares` of the width by column; `figures` are the columns of numbers. */
  table?: { head: string[]; rows: string[][]; shares: readonly number[]; figures: readonly number[] };
}

/** A letter before it has a form. */
export interface Letter {
  language: string;
  title: string;
  sender: string[];
  receiver: string[];
  date: string;
  subject: string;
  greeting: string;
  intro: string;
  sections: LetterSection[];
  closing: string[];
  /** For a form of the letter that cannot write every sign. */
  missing: string;
}

/**
 * The answer to the person in a layman's words: what Art. 15(1)(a) to (h) wants told, the decision and the ground of what is
 * refused. Pure.
 */
export function composeLetter(facts: LetterFacts): Letter {
  const { kind, controller, person, found } = facts;
  const t = letterTexts(facts.language);
  const day = (at: Date) =>
    new Intl.DateTimeFormat(t.locale, { dateStyle: "long", timeZone: facts.timeZone }).format(at);
  const about = [foundSection(facts, t), purposes(facts, t), categories(facts, t), recipients(facts, t)];
  const sections = [
    decision(facts, t),
    ...(found.events > 0 ? about : []),
    ...(found.events > 0 ? [storage(facts, t)] : []),
    {
      heading: t.rights.heading,
      paragraphs: [fill(t.rights.how, { contact: controller.contact })],
      items: t.rights.items,
    },
    complaint(facts, t),
    ...(found.events > 0 ? [source(facts, t), automated(facts, t), others(facts, t)] : []),
    { heading: t.files.heading, paragraphs: [], items: t.files.items },
    contact(facts, t),
  ];
  return {
    language: facts.language,
    title: t[kind].title,
    sender: [controller.name, controller.address, controller.contact],
    receiver: [person.name, person.contact].flatMap((text) => text?.split(/\r?\n/) ?? []),
    date: day(facts.writtenAt),
    subject: fill(t[kind].subject, { number: facts.number, receivedOn: day(facts.receivedAt) }),
    greeting: person.name === null ? t.greetingUnnamed : fill(t.greeting, { name: person.name }),
    intro: t[kind].intro,
    sections,
    closing: [t.closing, controller.name],
    missing: t.missing,
  };
}

function decision({ found, refused }: LetterFacts, t: LetterTexts): LetterSection {
  const { heading, granted, partly, nothing, part, notPortable, refusedRemedy } = t.decision;
  if (refused.length === 0)
    return { heading, paragraphs: found.events === 0 ? [granted, nothing] : [granted] };
  return {
    heading,
    paragraphs: [...(found.events === 0 ? [nothing] : []), partly],
    items: [
      ...refused.map(({ target, policy, ground }) =>
        ground === null ? fill(notPortable, { policy, target }) : fill(part, { policy, target, ground }),
      ),
      refusedRemedy,
    ],
  };
}

function foundSection({ found }: LetterFacts, t: LetterTexts): LetterSection {
  const number = new Intl.NumberFormat(t.locale);
  const times = (name: "oldest" | "newest") => found.counts.map((one) => one[name]).sort();
  const clock = new Intl.DateTimeFormat(t.locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "UTC",
  });
  const moment = (at: string) => (at === "" ? "" : clock.format(new Date(at)));
  return {
    heading: t.found.heading,
    paragraphs: [
      fill(t.found.total, {
        events: number.format(found.events),
        oldest: moment(times("oldest")[0] ?? ""),
        newest: moment(times("newest").at(-1) ?? ""),
      }),
    ],
    table: {
      ...{ head: t.found.columns, shares: [11, 24, 21, 11, 16.5, 16.5], figures: [3] },
      rows: found.counts.map(({ target, policy, role, events, oldest, newest }) => [
        target,
        policy,
        t.found.roles[role],
        number.format(events),
        moment(oldest),
        moment(newest),
      ]),
    },
  };
}

const policiesOf = ({ found }: LetterFacts) => [...new Set(found.counts.map(({ policy }) => policy))].sort();
const storedOf = ({ policies }: LetterFacts, policy: string) => policies.find(({ name }) => name === policy);

function purposes(facts: LetterFacts, t: LetterTexts): LetterSection {
  const items = policiesOf(facts).map((policy) => {
    const said = facts.controller.policies[policy];
    if (said)
      return fill(t.purposes.of, {
        policy,
        purposes: said.purposes.join("; "),
        basis: t.bases[said.basis],
      });
    const legalBasis = storedOf(facts, policy)?.legalBasis;
    return legalBasis
      ? fill(t.purposes.unknown, { policy, legalBasis })
      : fill(t.purposes.unsaid, { policy, contact: facts.controller.contact });
  });
  return { heading: t.purposes.heading, paragraphs: [], items };
}

function categories({ found }: LetterFacts, t: LetterTexts): LetterSection {
  const names: Record<string, string> = t.categories.names;
  const fields = found.fields.map((field) => names[field] ?? field);
  return {
    heading: t.categories.heading,
    paragraphs: [
      t.categories.log,
      ...(fields.length > 0 ? [fill(t.categories.fields, { fields: fields.join(", ") })] : []),
    ],
  };
}

function recipients({ controller }: LetterFacts, t: LetterTexts): LetterSection {
  const transfers = controller.transfers.map((line) => `${t.recipients.transfers} ${line}`);
  if (controller.recipients.length === 0)
    return { heading: t.recipients.heading, paragraphs: [t.recipients.none, ...transfers] };
  return {
    heading: t.recipients.heading,
    paragraphs: [t.recipients.named],
    items: [...controller.recipients, ...transfers],
  };
}

function storage(facts: LetterFacts, t: LetterTexts): LetterSection {
  const items = policiesOf(facts).map((policy) => {
    const said = facts.controller.policies[policy];
    const law = said?.floorLaw ? ` ${fill(t.storage.law, { law: said.floorLaw })}` : "";
    return `${fill(t.storage.of, { policy, words: sentence(said?.retentionWords ?? daysOf(facts, policy, t)) })}${law}`;
  });
  return { heading: t.storage.heading, paragraphs: [], items };
}

const sentence = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);

function daysOf(facts: LetterFacts, policy: string, t: LetterTexts): string {
  const stored = storedOf(facts, policy);
  if (!stored) return fill(t.storage.unsaid, { contact: facts.controller.contact });
  const { floorDays: floor, ceilingDays: ceiling } = stored;
  return ceiling === null ? fill(t.storage.floorOnly, { floor }) : fill(t.storage.days, { floor, ceiling });
}

function complaint({ controller }: LetterFacts, t: LetterTexts): LetterSection {
  return {
    heading: t.complaint.heading,
    paragraphs: [
      fill(t.complaint.authority, { authority: controller.authority }),
      fill(t.complaint.court, { court: controller.courtWording }),
    ],
  };
}

function source({ controller }: LetterFacts, t: LetterTexts): LetterSection {
  if (controller.sources.length === 0) return { heading: t.source.heading, paragraphs: [t.source.self] };
  return {
    heading: t.source.heading,
    paragraphs: [t.source.self, t.source.others],
    items: controller.sources,
  };
}

function automated({ controller }: LetterFacts, t: LetterTexts): LetterSection {
  return { heading: t.automated.heading, paragraphs: [controller.automatedDecisions ?? t.automated.none] };
}

function others({ revealed }: LetterFacts, t: LetterTexts): LetterSection {
  return {
    heading: t.others.heading,
    paragraphs: [
      t.others.masked,
      t.others.staff,
      ...(revealed > 0 ? [fill(t.others.revealed, { events: revealed })] : []),
    ],
  };
}

function contact({ controller }: LetterFacts, t: LetterTexts): LetterSection {
  const { name, address, contact: reached, dpoContact } = controller;
  return {
    heading: t.contact.heading,
    paragraphs: [
      fill(t.contact.controller, { name, address, contact: reached }),
      ...(dpoContact ? [fill(t.contact.dpo, { contact: dpoContact })] : []),
    ],
  };
}
