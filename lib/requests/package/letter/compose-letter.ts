import type { LetterLanguage } from "../../../request-law/grounds/ground.ts";
import { type RequestKind, requestKinds } from "../../../request-law/kinds.ts";
import type { Regime } from "../../../request-law/regimes.ts";
import { remedies } from "../../../request-law/remedies.ts";
import { isNamed, unnamedController } from "../../controller.ts";
import { categories, foundSection, purposes, recipients, storage } from "./data-sections.ts";
import type { Letter, LetterFacts, LetterSection } from "./letter.ts";
import type { LetterBase } from "./letter-base.ts";
import { cited, fill, type LetterTexts, letterTexts } from "./letter-texts.ts";

/**
 * The answer to the person in a layman's words: what Art. 15(1)(a) to (h) GDPR, or the law of its regime, wants told, the
 * decision and the ground of what is refused. Pure.
 */
export function composeLetter(facts: LetterFacts): Letter {
  const { kind, regime, controller, found, number } = facts;
  const t = letterTexts(facts.language);
  const laws = t.laws[regime];
  const about = [foundSection(facts, t), purposes(facts, t), categories(facts, t), recipients(facts, t)];
  const sections = [
    decision(facts, t),
    ...(found.events > 0 ? about : []),
    ...(found.events > 0 ? [storage(facts, t)] : []),
    {
      heading: cited(t.rights.heading, laws.rights.law),
      paragraphs: [fill(t.rights.how, { contact: controller.contact })],
      items: laws.rights.items,
    },
    complaintSection(facts, t, laws.complaint),
    ...(found.events > 0 ? [source(facts, t), automated(facts, t), others(facts, t)] : []),
    { heading: t.files.heading, paragraphs: [], items: t.files.items },
    contactSection(facts, t),
  ];
  const receivedOn = letterDay(facts, t, facts.receivedAt);
  return {
    ...letterFrame(facts, t),
    title: t[kind].title,
    subject: fill(t[kind].subject, { number, receivedOn, law: requestLaw(facts, t) }),
    intro: kind === "portability" ? `${t[kind].intro} ${laws.portableOnly}`.trimEnd() : t[kind].intro,
    sections,
    missing: t.missing,
  };
}

type Frame = Pick<LetterBase, "language" | "controller" | "person" | "writtenAt" | "timeZone">;

/** Of a request, by its regime. */
export const requestLaw = ({ kind, regime }: { kind: RequestKind; regime: Regime }, t: LetterTexts) =>
  fill(t.laws[regime].request, { article: requestKinds[kind].article });

/** What every letter has around what it says. */
export function letterFrame(
  facts: Frame,
  t: LetterTexts,
): Pick<Letter, "language" | "sender" | "receiver" | "date" | "greeting" | "closing"> {
  const { language, controller, person, writtenAt } = facts;
  return {
    language,
    sender: [controller.name, controller.address, controller.contact],
    receiver: [person.name, person.contact].flatMap((text) => text?.split(/\r?\n/) ?? []),
    date: letterDay(facts, t, writtenAt),
    greeting: person.name === null ? t.greetingUnnamed : fill(t.greeting, { name: person.name }),
    closing: [t.closing, controller.name],
  };
}

/** A day of the controller's time zone, as the letter's language writes it. */
export function letterDay(
  { timeZone }: Pick<LetterBase, "timeZone">,
  { locale }: LetterTexts,
  at: Date,
): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone }).format(at);
}

function decision({ found, refused, regime }: LetterFacts, t: LetterTexts): LetterSection {
  const { heading, granted, partly, none, nothing, part, notPortable, refusedRemedy } = t.decision;
  if (refused.length === 0)
    return { heading, paragraphs: found.events === 0 ? [granted, nothing] : [granted] };
  return {
    heading,
    // What is refused may well be there: nobody is told that it is not.
    paragraphs: [found.events === 0 ? none : partly],
    items: [
      ...refused.map(({ target, policy, ground }) =>
        ground === null
          ? fill(notPortable, { policy, target, law: t.laws[regime].portable })
          : fill(part, { policy, target, ground }),
      ),
      refusedRemedy,
    ],
  };
}

/** It belongs to every answer (Art. 12(4), 15(1)(f) GDPR); what a law keeps from being erased is a refusal. */
export function complaintSection(
  { controller, regime, language }: Pick<LetterBase, "controller" | "regime" | "language">,
  t: LetterTexts,
  law = "",
): LetterSection {
  const words = remedies[regime][language as LetterLanguage] ?? remedies[regime].en;
  const { authority, courtWording: court } = controller;
  const paragraphs = [words(authority === unnamedController.authority ? null : authority)];
  if (court !== unnamedController.courtWording) paragraphs.push(fill(t.complaint.court, { court }));
  return { heading: cited(t.complaint.heading, law), paragraphs };
}

function source({ controller, regime }: LetterFacts, t: LetterTexts): LetterSection {
  const heading = cited(t.source.heading, t.laws[regime].source);
  if (controller.sources.length === 0) return { heading, paragraphs: [t.source.self] };
  return {
    heading,
    paragraphs: [t.source.self, t.source.others],
    items: controller.sources,
  };
}

function automated({ controller, regime }: LetterFacts, t: LetterTexts): LetterSection {
  const none = isNamed(controller) ? t.automated.none : t.automated.unsaid;
  const heading = cited(t.automated.heading, t.laws[regime].automated);
  return { heading, paragraphs: [controller.automatedDecisions ?? none] };
}

function others({ revealed, regime }: LetterFacts, t: LetterTexts): LetterSection {
  const laws = t.laws[regime];
  return {
    heading: t.others.heading,
    paragraphs: [
      `${cited(t.others.masked, laws.others)}.`,
      `${cited(t.others.staff, laws.staff)}.`,
      ...(revealed > 0 ? [fill(t.others.revealed, { events: revealed })] : []),
    ],
  };
}

export function contactSection(
  { controller }: Pick<LetterBase, "controller">,
  t: LetterTexts,
): LetterSection {
  const { name, address, contact: reached, dpoContact } = controller;
  return {
    heading: t.contact.heading,
    paragraphs: [
      fill(t.contact.controller, { name, address, contact: reached }),
      ...(dpoContact ? [fill(t.contact.dpo, { contact: dpoContact })] : []),
    ],
  };
}
