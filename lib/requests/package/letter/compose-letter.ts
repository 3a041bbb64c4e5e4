import { isNamed } from "../../controller.ts";
import { categories, foundSection, purposes, recipients, storage } from "./data-sections.ts";
import type { Letter, LetterFacts, LetterSection } from "./letter.ts";
import { fill, type LetterTexts, letterTexts } from "./letter-texts.ts";

/**
 * The answer to the person in a layman's words: what Art. 15(1)(a) to (h) wants told, the decision and the ground of what is
 * refused. Pure.
 */
export function composeLetter(facts: LetterFacts): Letter {
  const { kind, controller, found } = facts;
  const t = letterTexts(facts.language);
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
    contactSection(facts, t),
  ];
  const receivedOn = letterDay(facts, t, facts.receivedAt);
  return {
    ...letterFrame(facts, t),
    title: t[kind].title,
    subject: fill(t[kind].subject, { number: facts.number, receivedOn }),
    intro: t[kind].intro,
    sections,
    missing: t.missing,
  };
}

type Frame = Pick<LetterFacts, "language" | "controller" | "person" | "writtenAt" | "timeZone">;

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
  { timeZone }: Pick<LetterFacts, "timeZone">,
  { locale }: LetterTexts,
  at: Date,
): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone }).format(at);
}

function decision({ found, refused }: LetterFacts, t: LetterTexts): LetterSection {
  const { heading, granted, partly, none, nothing, part, notPortable, refusedRemedy } = t.decision;
  if (refused.length === 0)
    return { heading, paragraphs: found.events === 0 ? [granted, nothing] : [granted] };
  return {
    heading,
    // What is refused may well be there: nobody is told that it is not.
    paragraphs: [found.events === 0 ? none : partly],
    items: [
      ...refused.map(({ target, policy, ground }) =>
        ground === null ? fill(notPortable, { policy, target }) : fill(part, { policy, target, ground }),
      ),
      refusedRemedy,
    ],
  };
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
  const none = isNamed(controller) ? t.automated.none : t.automated.unsaid;
  return { heading: t.automated.heading, paragraphs: [controller.automatedDecisions ?? none] };
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

export function contactSection(
  { controller }: Pick<LetterFacts, "controller">,
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
